import { setTimeout as pause } from 'node:timers/promises'
import { type Concept, concept, defineCapability, defineGoal } from 'muster'
import { createManualClock } from 'muster/testing'
import pino from 'pino'
import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import {
  eventsOf,
  firstEvent,
  goodAgents,
  makeNoteA,
  makeNoteB,
  NoteA,
  NoteB,
  payLimits,
  Receipt,
  Report,
  scratch,
  Text,
  worker,
  world,
} from '../support/world.ts'

const log = pino({ level: 'silent' })

describe('a plan', () => {
  it('without a step gives back what was given', async () => {
    const muster = await world({ agents: goodAgents() })
    const run = await muster.declare(defineGoal({ objective: 'x', given: { text: 'x' }, wanted: [Text] }))
    expect(await run.result).toMatchObject({ status: 'succeeded', outputs: { Text: 'x' } })
  })

  it('of more steps than may run at once does them all', async () => {
    let most = 0
    let now = 0
    const does = async ({ text }: Readonly<Record<string, unknown>>) => {
      most = Math.max(most, ++now)
      await pause(1)
      now -= 1
      return { made: text }
    }
    const pairs = Array.from({ length: 40 }, (_, n) => {
      const [left, right, whole] = ['Left', 'Right', 'Whole'].map(side => concept(`${side}${n}`, z.string()))
      if (left === undefined || right === undefined || whole === undefined) throw new Error('there are three')
      const make = (made: Concept<string, string>) =>
        defineCapability({
          name: `make.${made.name.toLowerCase()}`,
          takes: { text: Text },
          gives: { made },
          effect: 'pure',
        })
      const join = defineCapability({ name: `join.n${n}`, takes: { left, right }, gives: { whole }, effect: 'pure' })
      return {
        whole: whole.name,
        agents: [
          worker(`left-${n}`, make(left), does),
          worker(`right-${n}`, make(right), does),
          worker(`joiner-${n}`, join, () => ({ whole: 'whole' })),
        ],
      }
    })
    const muster = await world({ agents: pairs.flatMap(({ agents }) => agents) })
    const goal = { objective: 'x', given: { text: 'x' }, wanted: pairs.map(({ whole }) => whole) }
    const run = await muster.declare({ goal })
    expect(await run.result).toMatchObject({ status: 'succeeded' })
    expect((await eventsOf(run)).filter(({ type }) => type === 'step.succeeded')).toHaveLength(120)
    expect(most).toBeGreaterThan(1)
    expect(most).toBeLessThanOrEqual(64)
  })

  it('goes on where what a step needs has been dropped, and says why of the rest', async () => {
    const never = {
      file: 'n.cedar',
      text: '@id("no-pay") @reason("nobody pays") forbid (principal, action == Muster::Action::"pay", resource);',
    }
    const Thanks = concept('Thanks', z.string())
    const thank = defineCapability({
      name: 'thank',
      takes: { receipt: Receipt },
      gives: { thanks: Thanks },
      effect: 'pure',
    })
    const agents = [...goodAgents(), worker('polite', thank, () => ({ thanks: 'thanks' }))]
    const muster = await world({ agents, policies: [...payLimits, never] })
    const goal = { objective: 'x', given: { text: 'x', order: { amount: 1 } }, wanted: ['Thanks', 'NoteA', 'Report'] }
    const result = await (await muster.declare({ goal })).result
    expect(result).toMatchObject({ status: 'denied', outputs: { NoteA: { text: 'x' } } })
    expect(result.reason).toContain('nobody pays')
  })
})

describe('a step', () => {
  const big = (name: 'a' | 'b') => ({ ...(name === 'a' ? makeNoteA : makeNoteB), needs: { cpu: 1 } })

  it('for which its node has no room waits, and is told at the deadline', async () => {
    const clock = createManualClock()
    const begun = Promise.withResolvers<void>()
    const hog = worker(
      'hog',
      big('a'),
      () => {
        begun.resolve()
        return new Promise(() => {})
      },
      () => ({ time: '50s', confidence: 0.9 }),
    )
    const next = worker('next', big('b'), ({ text }) => ({ b: { text } }))
    const muster = await world({ agents: [hog, next], lend: { cpu: 1 } }, { clock })
    const first = await muster.declare(
      defineGoal({ objective: 'x', given: { text: 'x' }, wanted: [NoteA], limits: { deadline: '10m' } }),
    )
    await begun.promise
    const second = await muster.declare(
      defineGoal({ objective: 'x', given: { text: 'x' }, wanted: [NoteB], limits: { deadline: '5s' } }),
    )
    await firstEvent(second, 'plan.ruled')
    await clock.advance(6000)
    expect((await second.result).status).toBe('failed')
    await first.cancel('enough')
    expect((await first.result).status).toBe('cancelled')
  })

  it('that waits for room does not start while its run is paused', async () => {
    const finish = Promise.withResolvers<void>()
    const begun = Promise.withResolvers<void>()
    const hog = worker('hog', big('a'), async ({ text }) => {
      begun.resolve()
      await finish.promise
      return { a: { text } }
    })
    let worked = 0
    const next = worker('next', big('b'), ({ text }) => {
      worked += 1
      return { b: { text } }
    })
    const muster = await world({ agents: [hog, next], lend: { cpu: 1 } })
    const first = await muster.declare(defineGoal({ objective: 'x', given: { text: 'x' }, wanted: [NoteA] }))
    await begun.promise
    const second = await muster.declare(defineGoal({ objective: 'x', given: { text: 'x' }, wanted: [NoteB] }))
    await firstEvent(second, 'plan.ruled')
    await second.pause()
    expect(await second.idle()).toBe('paused')
    finish.resolve()
    expect((await first.result).status).toBe('succeeded')
    await pause(150)
    expect(worked).toBe(0)
    await second.resume()
    expect((await second.result).status).toBe('succeeded')
  })

  it('whose output is no JSON once it is parsed has failed, and says so', async () => {
    const Odd = concept(
      'Odd',
      z.string().transform(() => Number.NaN),
    )
    const make = defineCapability({ name: 'odd', takes: { text: Text }, gives: { odd: Odd }, effect: 'pure' })
    const muster = await world({ agents: [worker('odd', make, () => ({ odd: 'x' }))] }, { log })
    const run = await muster.declare({ goal: { objective: 'x', given: { text: 'x' }, wanted: ['Odd'] } })
    const result = await run.result
    expect(result.status).toBe('failed')
    expect((await firstEvent(run, 'step.failed')).problem.code).toBe('agent-failed')
  })
})

describe('a run', () => {
  it('whose concepts nobody knows any more ends and says so', async () => {
    const data = scratch()
    const first = await world({ agents: goodAgents(), data }, { work: false })
    const { id } = await first.declare(defineGoal({ objective: 'x', given: { text: 'x' }, wanted: [Report] }))
    await first[Symbol.asyncDispose]()
    const Other = concept('Other', z.string())
    const other = defineCapability({ name: 'other', takes: {}, gives: { other: Other }, effect: 'pure' })
    const second = await world({ agents: [worker('other', other, () => ({ other: 'x' }))], data }, { log })
    const run = await second.run(id)
    expect(await run.result).toMatchObject({ status: 'failed', reason: expect.stringContaining('Text') })
    expect(await eventsOf(run)).toHaveLength(3)
  })
})
