import { defineGoal } from 'muster'
import { createManualClock } from 'muster/testing'
import { describe, expect, it } from 'vitest'
import { eventsOf, firstEvent, makeNoteA, NoteA, worker, world } from '../support/world.ts'

const goal = defineGoal({ objective: 'a note', given: { text: 'hello' }, wanted: [NoteA], limits: { deadline: '60s' } })
const good = worker(
  'good',
  makeNoteA,
  ({ text }) => ({ a: { text } }),
  () => ({ time: '10ms', confidence: 0.5 }),
)
const best = () => ({ time: '10ms', confidence: 0.99 })
const never = () => new Promise<never>(() => {})

describe('a run with a better bidder that', () => {
  it('declines goes on with the runner-up and keeps the reason', async () => {
    const muster = await world({ agents: [good, worker('shy', makeNoteA, never, () => ({ decline: 'not today' }))] })
    const run = await muster.declare(goal)
    expect((await run.result).status).toBe('succeeded')
    const { bids, agent } = await firstEvent(run, 'step.assigned')
    expect(agent).toBe('good')
    expect(bids.declined).toEqual([{ agent: 'shy', reason: 'not today' }])
  })

  it('is silent goes on with the runner-up when bidding closes', async () => {
    const muster = await world({ agents: [good, worker('mute', makeNoteA, never, never)] })
    const run = await muster.declare(goal)
    expect((await run.result).status).toBe('succeeded')
    expect((await firstEvent(run, 'step.assigned')).bids.silent).toEqual(['mute'])
  })

  it('throws goes on with the runner-up', async () => {
    const thrower = worker(
      'thrower',
      makeNoteA,
      () => {
        throw new Error('out of ink')
      },
      best,
    )
    const muster = await world({ agents: [good, thrower] })
    const run = await muster.declare(goal)
    const result = await run.result
    expect(result.outputs.NoteA).toEqual({ text: 'hello' })
    const failed = await firstEvent(run, 'step.failed')
    expect(failed).toMatchObject({ problem: { code: 'agent-failed' }, next: { kind: 'elsewhere' } })
    expect(failed.problem.message).toContain('out of ink')
  })

  it('returns output against its schema goes on with the runner-up', async () => {
    const muster = await world({ agents: [good, worker('liar', makeNoteA, () => ({ a: { text: 42 } }), best)] })
    const run = await muster.declare(goal)
    expect((await run.result).outputs.NoteA).toEqual({ text: 'hello' })
    expect(await firstEvent(run, 'step.failed')).toMatchObject({ problem: { code: 'bad-output' } })
  })

  it('never ends is cut off, and the run goes on with the runner-up', async () => {
    const clock = createManualClock()
    const muster = await world({ agents: [good, worker('endless', makeNoteA, never, best)] }, { clock })
    const run = await muster.declare(goal)
    await firstEvent(run, 'step.assigned')
    await clock.advance(30_000)
    expect((await run.result).status).toBe('succeeded')
    expect(await firstEvent(run, 'step.failed')).toMatchObject({ problem: { code: 'deadline-passed' } })
  })
})

describe('a run whose only agent', () => {
  it('never ends itself ends by its deadline, with the reason, and gives everything back', async () => {
    const clock = createManualClock()
    const muster = await world({ agents: [worker('endless', makeNoteA, never)] }, { clock })
    const run = await muster.declare(goal)
    await firstEvent(run, 'step.assigned')
    await clock.advance(61_000)
    const result = await run.result
    expect(result.status).toBe('failed')
    expect(result.reason).toContain('`endless` was not done with `note.a` in time')
    expect((await eventsOf(run)).at(-1)?.at).toBeLessThanOrEqual(clock.now())
  })

  it('throws every time ends with what it said', async () => {
    const broken = worker('broken', makeNoteA, () => Promise.reject(new Error('no paper')))
    const muster = await world({ agents: [broken] })
    const result = await (await muster.declare(goal)).result
    expect(result).toMatchObject({ status: 'failed', spent: 0 })
    expect(result.reason).toContain('no paper')
  })

  it('declines ends saying that nobody takes it and why', async () => {
    const muster = await world({ agents: [worker('shy', makeNoteA, never, () => ({ decline: 'on holiday' }))] })
    const result = await (await muster.declare(goal)).result
    expect(result.status).toBe('failed')
    expect(result.reason).toContain('on holiday')
  })
})
