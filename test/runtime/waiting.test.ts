import { defineGoal, defineInterpreter, Reading, type Run } from 'muster'
import { createManualClock } from 'muster/testing'
import { describe, expect, it } from 'vitest'
import { defineCapability } from '../../src/agents/index.ts'
import { eventsOf, goodAgents, maria, NoteA, paul, permitAll, Text, worker, world } from '../support/world.ts'

const half_hour = 30 * 60_000
const goal = defineGoal({ objective: 'a note', given: { text: 'x' }, wanted: [NoteA], limits: { deadline: '2h' } })

const askFirst = [
  ...permitAll,
  {
    file: 'plan.cedar',
    text: `@id("look-first") @reason("every plan is looked at") @escalate("finance") @within("30m")
forbid (principal, action == Muster::Action::"plan", resource);`,
  },
]

const read = defineCapability({ name: 'read', takes: { text: Text }, gives: { reading: Reading }, effect: 'pure' })
const interpreter = defineInterpreter({
  capability: read,
  intents: { a: { wants: [NoteA], says: 'a note' } },
  always: [],
  covers: 'notes',
  limits: { deadline: '2h' },
})
/** Reads every text as a wish for a note, as sure of it as it says. */
const reader = (confidence: number) =>
  worker('reader', read, ({ text }) => ({ reading: { parts: [{ text, candidates: [{ intent: 'a', confidence }] }] } }))

const claims = async (run: Run) => (await eventsOf(run)).filter(({ type }) => type === 'run.claimed').length

describe('a run that is paused', () => {
  it('ends by its deadline when nobody resumes it', async () => {
    const clock = createManualClock()
    const finish = Promise.withResolvers<void>()
    const begun = Promise.withResolvers<void>()
    const slow = worker('slow', read, async () => {
      begun.resolve()
      await finish.promise
      return { reading: { parts: [{ text: 'x', candidates: [{ intent: 'a', confidence: 1 }] }] } }
    })
    const muster = await world({ agents: [...goodAgents(), slow], interpreter }, { clock })
    const run = await muster.declare({ text: 'a note, please' })
    await begun.promise
    await Promise.all([run.pause('wait'), run.pause('wait more')])
    finish.resolve()
    expect(await run.idle()).toBe('paused')
    await clock.advance(4 * half_hour)
    expect((await run.result).status).toBe('failed')
    expect(await claims(run)).toBeLessThan(5)
  })

  it('and cancelled at once is cancelled', async () => {
    const muster = await world({ agents: goodAgents(), policies: askFirst })
    const run = await muster.declare(goal)
    await Promise.all([run.pause(), run.cancel('never mind')])
    expect((await run.result).status).toBe('cancelled')
  })
})

describe('a plan that a rule escalates', () => {
  const onPlan = async (run: Run, muster: Awaited<ReturnType<typeof world>>) => {
    expect(await run.idle()).toBe('waiting')
    const [approval] = await muster.approvals.list()
    if (approval === undefined) throw new Error('nothing waits')
    expect(approval.rule).toBe('look-first')
    return approval
  }

  it('runs once it is approved', async () => {
    const muster = await world({ agents: goodAgents(), policies: askFirst })
    const run = await muster.declare(goal)
    const { id, digest } = await onPlan(run, muster)
    await expect(
      muster.approvals.decide(id, { choice: 'edit', reason: '', digest, edits: { capabilities: [] } }, maria),
    ).rejects.toMatchObject({ code: 'bad-input' })
    await muster.approvals.decide(id, { choice: 'approve', reason: 'fine', digest }, maria)
    expect((await run.result).status).toBe('succeeded')
  })

  it('is denied when somebody says no', async () => {
    const muster = await world({ agents: goodAgents(), policies: askFirst })
    const run = await muster.declare(goal)
    const { id, digest } = await onPlan(run, muster)
    await muster.approvals.decide(id, { choice: 'reject', reason: 'too early', digest }, paul)
    expect(await run.result).toMatchObject({ status: 'denied', reason: expect.stringContaining('too early') })
  })

  it('is denied when nobody answers in time', async () => {
    const clock = createManualClock()
    const muster = await world({ agents: goodAgents(), policies: askFirst }, { clock })
    const run = await muster.declare(goal)
    const { id } = await onPlan(run, muster)
    await clock.advance(half_hour + 1)
    expect((await run.result).status).toBe('denied')
    expect((await muster.approvals.get(id)).outcome.status).toBe('expired')
    expect(await claims(run)).toBeLessThan(5)
  })

  it('is taken back when the run is cancelled meanwhile', async () => {
    const muster = await world({ agents: goodAgents(), policies: askFirst })
    const run = await muster.declare(goal)
    const { id } = await onPlan(run, muster)
    await Promise.all([run.cancel('never mind'), run.cancel('really')])
    expect((await run.result).status).toBe('cancelled')
    expect((await muster.approvals.get(id)).outcome.status).toBe('withdrawn')
  })

  it('may be paused and resumed while people look at it', async () => {
    const muster = await world({ agents: goodAgents(), policies: askFirst })
    const run = await muster.declare(goal)
    const { id, digest } = await onPlan(run, muster)
    await run.pause()
    expect(await run.idle()).toBe('paused')
    await muster.approvals.decide(id, { choice: 'approve', reason: 'fine', digest }, maria)
    expect(await run.idle()).toBe('paused')
    await run.resume()
    expect((await run.result).status).toBe('succeeded')
  })
})

describe('a question to the one who asked', () => {
  const asking = async (run: Run) => {
    expect(await run.idle()).toBe('asking')
    for await (const event of run.events()) if (event.type === 'question.asked') return event.question
    throw new Error('nothing was asked')
  }

  it('that is never answered ends the run by its deadline', async () => {
    const clock = createManualClock()
    const muster = await world({ agents: [...goodAgents(), reader(0.5)], interpreter }, { clock })
    const run = await muster.declare({ text: 'hm' })
    await asking(run)
    await clock.advance(4 * half_hour)
    expect((await run.result).status).toBe('failed')
    expect(await claims(run)).toBeLessThan(5)
  })

  it('may be answered twice at once: the first answer counts', async () => {
    const muster = await world({ agents: [...goodAgents(), reader(0.5)], interpreter })
    const run = await muster.declare({ text: 'hm' })
    const { id } = await asking(run)
    await Promise.all([run.answer(id, 'a'), run.answer(id, 'a')])
    expect((await run.result).status).toBe('succeeded')
    expect((await eventsOf(run)).filter(({ type }) => type === 'question.answered')).toHaveLength(1)
  })

  it('is moot when the run is cancelled', async () => {
    const muster = await world({ agents: [...goodAgents(), reader(0.5)], interpreter })
    const run = await muster.declare({ text: 'hm' })
    await asking(run)
    await run.cancel('never mind')
    expect((await run.result).status).toBe('cancelled')
  })

  it('waits on while the run is paused', async () => {
    const muster = await world({ agents: [...goodAgents(), reader(0.5)], interpreter })
    const run = await muster.declare({ text: 'hm' })
    const { id } = await asking(run)
    await run.pause()
    expect(await run.idle()).toBe('paused')
    await run.answer(id, 'a')
    expect(await run.idle()).toBe('paused')
    await run.resume()
    expect((await run.result).status).toBe('succeeded')
  })
})
