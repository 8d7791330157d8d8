/** The exam that every driver of the bus sits. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Bus, BusMessage } from '../../src/bus/index.ts'

/** A bus under examination, and how to wait until everything published so far has been delivered. */
export interface BusPlace {
  readonly bus: Bus
  delivered(): Promise<void>
}

/** Examines the driver called `name`. */
export function busExam(name: string, newPlace: () => Promise<BusPlace>): void {
  describe(`the bus over ${name}`, () => {
    let place: BusPlace
    beforeEach(async () => {
      place = await newPlace()
    })
    afterEach(() => place.bus[Symbol.asyncDispose]())

    /** What a listener of `pattern` hears of messages on `subjects`. */
    const heard = async (pattern: string, ...subjects: readonly string[]) => {
      const messages: string[] = []
      const stop = place.bus.subscribe(pattern, message => messages.push(message.subject))
      for (const subject of subjects) place.bus.publish(subject, null)
      await place.delivered()
      stop()
      return messages
    }

    it('tells who listens to the subject, and nobody else', async () => {
      expect(await heard('run.1.events', 'run.1.events', 'run.2.events', 'run.1', 'run.1.events.more')).toEqual([
        'run.1.events',
      ])
    })

    it('takes `*` for one word', async () => {
      expect(await heard('run.*.events', 'run.1.events', 'run.2.events', 'run.events', 'run.1.2.events')).toEqual([
        'run.1.events',
        'run.2.events',
      ])
      expect(await heard('*', 'run', 'run.1')).toEqual(['run'])
    })

    it('takes a last `>` for one word or more', async () => {
      expect(await heard('run.>', 'run.1', 'run.1.events', 'run', 'runs.1')).toEqual(['run.1', 'run.1.events'])
      expect(await heard('>', 'run', 'run.1')).toEqual(['run', 'run.1'])
    })

    it('refuses patterns that are malformed', () => {
      for (const pattern of ['', 'a..b', '.a', 'a.', '>.a', 'a.>.b']) {
        expect(() => place.bus.subscribe(pattern, () => {})).toThrow(expect.objectContaining({ code: 'bad-input' }))
      }
    })

    it('delivers in the order of publishing, after `publish` has returned', async () => {
      const bodies: unknown[] = []
      place.bus.subscribe('n.*', message => bodies.push(message.body))
      for (let n = 0; n < 20; n++) place.bus.publish(`n.${n % 3}`, n)
      expect(bodies).toEqual([])
      await place.delivered()
      expect(bodies).toEqual(Array.from({ length: 20 }, (_, n) => n))
    })

    it('tells every listener, and nobody who stopped or came later', async () => {
      const heard: string[] = []
      const listen = (name: string) => place.bus.subscribe('a', () => heard.push(name))
      listen('first')
      const stop = listen('stopped')
      listen('second')
      await place.delivered()
      place.bus.publish('a', null)
      stop()
      stop()
      listen('late')
      await place.delivered()
      expect(heard).toEqual(['first', 'second'])
    })

    it('carries JSON, as it was when it was published, to each his own', async () => {
      const heard: unknown[] = []
      const listener = ({ body }: BusMessage) => {
        heard.push(structuredClone(body))
        if (Array.isArray(body)) body.push('changed')
      }
      place.bus.subscribe('a', listener)
      place.bus.subscribe('a', listener)
      const body: unknown[] = [{ text: 'ä', gone: undefined }, null]
      place.bus.publish('a', body)
      body.push('changed')
      await place.delivered()
      expect(heard).toEqual([
        [{ text: 'ä' }, null],
        [{ text: 'ä' }, null],
      ])
    })

    it('survives listeners that fail and bodies that are not JSON', async () => {
      const warnings: Error[] = []
      const keep = (warning: Error) => warnings.push(warning)
      process.on('warning', keep)
      const heard: unknown[] = []
      place.bus.subscribe('a', () => {
        throw new Error('not today')
      })
      place.bus.subscribe('a', message => heard.push(message.body))
      const round: unknown[] = []
      round.push(round)
      place.bus.publish('a', 1)
      place.bus.publish('a', round)
      place.bus.publish('a', 2n)
      place.bus.publish('a', undefined)
      await place.delivered()
      await new Promise(setImmediate)
      process.off('warning', keep)
      expect(heard).toEqual([1, null])
      expect(warnings.map(warning => warning.message).join()).toContain('not today')
    })

    it('is silent when it is closed', async () => {
      const heard: unknown[] = []
      place.bus.subscribe('a', message => heard.push(message.body))
      await place.delivered()
      await place.bus[Symbol.asyncDispose]()
      place.bus.publish('a', 1)
      await place.delivered()
      expect(heard).toEqual([])
      expect(() => place.bus.subscribe('a', () => {})).toThrow(expect.objectContaining({ code: 'closed' }))
    })
  })
}
