import { all, concept, defineAgent, defineCapability, defineGoal } from 'muster'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { eventsOf, goodAgents, makeNoteA, NoteA, permitAll, scratch, Text, worker, world } from '../support/world.ts'
import { openSqliteStore } from '../../src/store/index.ts'

const note = (usd: number, deadline = '60s') =>
  defineGoal({ objective: 'a note', given: { text: 'x' }, wanted: [NoteA], limits: { deadline, budget: { usd } } })
const priced = (id: string, usd: number, confidence = 0.9) =>
  worker(
    id,
    makeNoteA,
    ({ text }) => ({ a: { text } }),
    () => ({ price: { usd }, time: '10ms', confidence }),
  )

describe('the budget of a run', () => {
  it('is charged what was bid, no more', async () => {
    const muster = await world({ agents: [priced('scribe', 0.02)] })
    expect(await (await muster.declare(note(0.02))).result).toMatchObject({ status: 'succeeded', spent: 20_000 })
  })

  it('keeps out whoever asks for more than is left, and says so', async () => {
    const muster = await world({ agents: [priced('scribe', 0.02)] })
    const result = await (await muster.declare(note(0.019))).result
    expect(result).toMatchObject({ status: 'failed', spent: 0 })
    expect(result.reason).toContain('scribe')
  })

  it('prefers a worse agent that it can pay to a better one that it cannot', async () => {
    const muster = await world({ agents: [priced('star', 5, 0.99), priced('scribe', 0.01, 0.5)] })
    expect(await (await muster.declare(note(1))).result).toMatchObject({ status: 'succeeded', spent: 10_000 })
  })

  it('is never exceeded by one unit, whatever runs in parallel', async () => {
    const Item = concept('Item', z.object({ n: z.int() }))
    const Sum = concept('Sum', z.object({ n: z.int() }))
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.integer({ min: 1, max: 30 }), { minLength: 2, maxLength: 8 }),
        fc.integer({ min: 0, max: 120 }),
        async (prices, budget) => {
          const parts = prices.map((_, n) => {
            const made = concept(`Item${n}`, z.object({ n: z.int() }), { isA: Item })
            return {
              made,
              capability: defineCapability({
                name: `item.n${n}`,
                takes: { text: Text },
                gives: { item: made },
                effect: 'pure',
              }),
            }
          })
          const sum = defineCapability({
            name: 'sum',
            takes: { items: all(Item) },
            gives: { sum: Sum },
            effect: 'pure',
          })
          const agents = [
            ...parts.map(({ capability }, n) =>
              worker(
                `maker-${n}`,
                capability,
                () => ({ item: { n } }),
                () => ({ price: { usd: (prices[n] ?? 0) / 1e6 }, time: '5ms', confidence: 0.9 }),
              ),
            ),
            defineAgent({
              id: 'adder',
              offers: [sum],
              perform: { sum: ({ items }) => ({ sum: { n: items.length } }) },
            }),
          ]
          const muster = await world({ agents })
          const goal = defineGoal({
            objective: 'sum',
            given: { text: 'x' },
            wanted: [Sum, ...parts.map(({ made }) => made)],
            limits: { budget: { usd: budget / 1e6 } },
          })
          const run = await muster.declare(goal)
          const result = await run.result
          expect(result.spent).toBeLessThanOrEqual(budget)
          let open = 0
          let spent = 0
          const jobs = new Map<string, number>()
          for (const event of await eventsOf(run)) {
            if (event.type === 'step.assigned') jobs.set(event.step, event.price)
            if (event.type === 'step.succeeded') spent += event.charged
            if (event.type === 'step.succeeded' || event.type === 'step.failed' || event.type === 'step.dropped')
              jobs.delete(event.step)
            open = [...jobs.values()].reduce((a, b) => a + b, 0)
            expect(spent + open).toBeLessThanOrEqual(budget)
          }
          await muster[Symbol.asyncDispose]()
        },
      ),
      { numRuns: 12 },
    )
  })
})

describe('whatever way a run ends', () => {
  it.for([
    ['well', 1],
    ['badly', 0],
  ] as const)('%s, nothing is held any more', async ([, usd]) => {
    const data = scratch()
    const muster = await world({ agents: [priced('scribe', 0.02)], data })
    const run = await muster.declare(note(usd))
    await run.result
    await muster[Symbol.asyncDispose]()
    await using store = await openSqliteStore({ file: `${data}/muster.db` })
    expect(await store.pools.reservations('node:local')).toEqual([])
    expect((await store.pools.get(`budget:${run.id}`))?.reserved ?? {}).toEqual({})
  })
})

describe('people may step in', () => {
  it('and pause a run: nothing new starts until it is resumed', async () => {
    const started = Promise.withResolvers<void>()
    const finish = Promise.withResolvers<void>()
    const slow = worker('slow', makeNoteA, async ({ text }) => {
      started.resolve()
      await finish.promise
      return { a: { text } }
    })
    const Next = concept('Next', z.string())
    const next = defineCapability({ name: 'next', takes: { a: NoteA }, gives: { next: Next }, effect: 'pure' })
    const muster = await world({ agents: [slow, worker('nexter', next, () => ({ next: 'done' }))] })
    const run = await muster.declare(defineGoal({ objective: 'two steps', given: { text: 'x' }, wanted: [Next] }))
    await started.promise
    await run.pause('look first')
    finish.resolve()
    expect(await run.idle()).toBe('paused')
    const { state } = await muster.state(run.id)
    expect([...state.steps.values()].map(({ status }) => status.kind)).toEqual(['succeeded', 'pending'])
    await run.resume()
    expect((await run.result).outputs.Next).toBe('done')
  })

  it('and cancel it: work that changes nothing is cut off, and the end says who and why', async () => {
    const started = Promise.withResolvers<void>()
    const endless = worker('endless', makeNoteA, (_, { signal }) => {
      started.resolve()
      return new Promise((_resolve, reject) => signal.addEventListener('abort', () => reject(signal.reason)))
    })
    const muster = await world({ agents: [endless] })
    const run = await muster.declare(note(1))
    await started.promise
    await run.cancel('no longer needed')
    const result = await run.result
    expect(result.status).toBe('cancelled')
    expect(result.reason).toContain('no longer needed')
    await expect(run.cancel('again')).rejects.toMatchObject({ code: 'conflict' })
  })
})

describe('a goal that is declared twice under one key', () => {
  it('is one run', async () => {
    const muster = await world({ agents: goodAgents(), policies: permitAll })
    const first = await muster.declare(note(1), { idempotencyKey: 'k' })
    const second = await muster.declare(note(1), { idempotencyKey: 'k' })
    expect(second.id).toBe(first.id)
    await expect(muster.declare(note(0.5), { idempotencyKey: 'k' })).rejects.toMatchObject({ code: 'conflict' })
  })
})

describe('a goal that cannot be', () => {
  it.for([
    [{ objective: '', given: {}, wanted: ['NoteA'] }, 'objective'],
    [{ objective: 'x', given: { text: 5 }, wanted: ['NoteA'] }, 'text'],
    [{ objective: 'x', given: { nothing: 5 }, wanted: ['NoteA'] }, 'Nothing'],
    [{ objective: 'x', given: { text: 'x' }, wanted: ['Note1'] }, 'Note1'],
    [{ objective: 'x', given: { text: 'x' }, wanted: ['NoteA'], success: 'noteA.text ==' }, 'success'],
    [{ objective: 'x', given: { text: 'x' }, wanted: ['NoteA'], limits: { deadline: 'soon' } }, 'deadline'],
    ['nonsense', 'goal'],
  ] as const)('is refused with what is wrong, and leaves nothing behind', async ([goal, words]) => {
    const muster = await world({ agents: goodAgents() })
    await expect(muster.declare({ goal })).rejects.toMatchObject({
      code: 'bad-input',
      message: expect.stringContaining(words),
    })
    expect(await muster.runs()).toEqual([])
  })

  it('for want of a capability ends with what cannot be had', async () => {
    const muster = await world({ agents: [goodAgents()[0] ?? priced('x', 1)] })
    const result = await (await muster.declare({ goal: { objective: 'x', given: {}, wanted: ['NoteA'] } })).result
    expect(result.status).toBe('failed')
    expect(result.reason).toContain('NoteA')
  })

  it('whose own check does not hold has failed, whatever was delivered', async () => {
    const muster = await world({ agents: goodAgents() })
    const goal = { objective: 'x', given: { text: 'short' }, wanted: ['NoteA'], success: 'size(noteA.text) > 10' }
    const result = await (await muster.declare({ goal })).result
    expect(result).toMatchObject({ status: 'failed', outputs: { NoteA: { text: 'short' } } })
    expect(result.reason).toContain('size(noteA.text) > 10')
  })
})
