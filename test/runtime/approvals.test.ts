import { type Approval, defineGoal, type Muster, type Principal, type Run } from 'muster'
import { createManualClock } from 'muster/testing'
import { describe, expect, it } from 'vitest'
import { goodAgents, maria, NoteA, paul, payLimits, Receipt, Report, scratch, world } from '../support/world.ts'

const half_hour = 30 * 60_000

const payment = (amount: number) =>
  defineGoal({
    objective: 'pay an order and report',
    given: { order: { amount }, text: 'about it' },
    wanted: [Receipt, NoteA, Report],
    limits: { deadline: '2h' },
  })

async function waiting(muster: Muster, run: Run): Promise<Approval> {
  expect(await run.idle()).toBe('waiting')
  const [approval] = await muster.approvals.list()
  if (approval === undefined) throw new Error('nothing waits')
  return approval
}

const say = (muster: Muster, { id, digest }: Approval, by: Principal, choice: 'approve' | 'reject' = 'approve') =>
  muster.approvals.decide(id, { choice, reason: 'because', digest }, by)

describe('a step that a rule escalates', () => {
  it('waits while its siblings go on, and runs once the role has approved', async () => {
    const paid = new Map<string, number>()
    const muster = await world({ agents: goodAgents(paid), policies: payLimits })
    const run = await muster.declare(payment(150))
    const approval = await waiting(muster, run)
    expect(paid.size).toBe(0)
    const { state } = await muster.state(run.id)
    const done = [...state.steps.values()]
      .filter(({ status }) => status.kind === 'succeeded')
      .map(({ step }) => step.capability)
    expect(done).toEqual(['note.a@1'])

    await say(muster, approval, maria)
    const result = await run.result
    expect(result).toMatchObject({ status: 'succeeded', outputs: { Report: { notes: 2, missing: [] } } })
    expect([...paid.values()]).toEqual([150])
  })

  it('is denied when somebody of the role says no, and what collects goes on without it', async () => {
    const paid = new Map<string, number>()
    const muster = await world({ agents: goodAgents(paid), policies: payLimits })
    const run = await muster.declare(payment(150))
    await say(muster, await waiting(muster, run), maria, 'reject')
    const result = await run.result
    expect(result.status).toBe('denied')
    expect(result.reason).toContain('maria')
    expect(result.outputs.Report).toEqual({ notes: 1, missing: ['Receipt'] })
    expect(paid.size).toBe(0)
  })

  it('is denied when nobody answers in time', async () => {
    const clock = createManualClock()
    const muster = await world({ agents: goodAgents(), policies: payLimits }, { clock })
    const run = await muster.declare(payment(150))
    await waiting(muster, run)
    await clock.advance(half_hour + 1)
    expect((await run.result).status).toBe('denied')
    expect(await muster.approvals.list()).toEqual([])
  })

  it('needs two different people above the second limit', async () => {
    const muster = await world({ agents: goodAgents(), policies: payLimits })
    const run = await muster.declare(payment(5000))
    const approval = await waiting(muster, run)
    await say(muster, approval, maria)
    await expect(say(muster, approval, maria)).rejects.toMatchObject({ code: 'conflict' })
    expect(await run.idle()).toBe('waiting')
    await say(muster, approval, paul)
    expect((await run.result).status).toBe('succeeded')
  })

  it('cannot be approved by who declared the goal, by strangers, or for other arguments', async () => {
    const muster = await world({ agents: goodAgents(), policies: payLimits })
    const run = await muster.declare(payment(150), { as: maria })
    const approval = await waiting(muster, run)
    await expect(say(muster, approval, maria)).rejects.toMatchObject({ code: 'forbidden' })
    await expect(say(muster, approval, { ...paul, roles: [] })).rejects.toMatchObject({ code: 'forbidden' })
    await expect(say(muster, approval, { ...paul, tenant: 'elsewhere' })).rejects.toMatchObject({ code: 'not-found' })
    const other = { ...approval, digest: `${approval.digest.slice(0, -1)}x` as Approval['digest'] }
    await expect(say(muster, other, paul)).rejects.toMatchObject({ code: 'conflict' })
    expect((await muster.approvals.list())[0]?.votes).toEqual([])
  })

  it('is asked about anew when its arguments are edited, and not by the one who edited', async () => {
    const paid = new Map<string, number>()
    const muster = await world({ agents: goodAgents(paid), policies: payLimits })
    const run = await muster.declare(payment(900))
    const first = await waiting(muster, run)
    const edit = { choice: 'edit', reason: 'less', digest: first.digest, edits: { order: { amount: 800 } } } as const
    await muster.approvals.decide(first.id, edit, maria)
    const second = await waiting(muster, run)
    expect(second.id).not.toBe(first.id)
    expect(second.input).toEqual({ order: { amount: 800 } })
    await expect(say(muster, second, maria)).rejects.toMatchObject({ code: 'forbidden' })
    await say(muster, second, paul)
    expect((await run.result).status).toBe('succeeded')
    expect([...paid.values()]).toEqual([800])
  })

  it('runs at once when the edited arguments need no approval', async () => {
    const paid = new Map<string, number>()
    const muster = await world({ agents: goodAgents(paid), policies: payLimits })
    const run = await muster.declare(payment(900))
    const { id, digest } = await waiting(muster, run)
    await muster.approvals.decide(
      id,
      { choice: 'edit', reason: 'small', digest, edits: { order: { amount: 50 } } },
      maria,
    )
    expect((await run.result).status).toBe('succeeded')
    expect([...paid.values()]).toEqual([50])
  })

  it('refuses edits that do not fit, and goes on waiting', async () => {
    const muster = await world({ agents: goodAgents(), policies: payLimits })
    const run = await muster.declare(payment(900))
    const { id, digest } = await waiting(muster, run)
    const edits = { order: { amount: 'a lot' } }
    await expect(
      muster.approvals.decide(id, { choice: 'edit', reason: '', digest, edits }, maria),
    ).rejects.toMatchObject({ code: 'bad-input' })
    expect((await muster.approvals.get(id)).outcome.status).toBe('open')
  })

  it('is answered by a later process when the one that asked is gone', async () => {
    const data = scratch()
    const paid = new Map<string, number>()
    const config = { agents: goodAgents(paid), policies: payLimits, data }
    const first = await world(config)
    const declared = await first.declare(payment(150))
    const approval = await waiting(first, declared)
    await first[Symbol.asyncDispose]()
    const second = await world(config)
    await say(second, approval, maria)
    expect((await (await second.run(declared.id)).result).status).toBe('succeeded')
    expect([...paid.values()]).toEqual([150])
  })

  it('is withdrawn when the run is cancelled', async () => {
    const muster = await world({ agents: goodAgents(), policies: payLimits })
    const run = await muster.declare(payment(150))
    const { id } = await waiting(muster, run)
    await run.cancel('changed my mind')
    expect((await run.result).status).toBe('cancelled')
    expect((await muster.approvals.get(id)).outcome.status).toBe('withdrawn')
  })
})

describe('the payment itself', () => {
  it('needs nobody below the first limit', async () => {
    const muster = await world({ agents: goodAgents(), policies: payLimits })
    const run = await muster.declare(payment(99))
    expect((await run.result).outputs.Receipt).toMatchObject({ amount: 99 })
  })
})
