import { defineGoal, defineInterpreter, type Muster, type Principal, Reading, type Run } from 'muster'
import { describe, expect, it } from 'vitest'
import { defineCapability } from '../../src/agents/index.ts'
import { operator } from '../../src/config.ts'
import { firstEvent, goodAgents, maria, NoteA, payLimits, Receipt, Text, worker, world } from '../support/world.ts'

const somebody = (id: string, roles: readonly string[] = [], tenant = 'home'): Principal => ({
  id,
  kind: 'person',
  roles,
  tenant,
})
const ana = somebody('ana', ['customer'])
const jonas = somebody('jonas', ['customer'])
const boss = somebody('boss', ['operator'])
const abroad = somebody('ana', ['operator'], 'abroad')

const note = defineGoal({ objective: 'a note', given: { text: 'x' }, wanted: [NoteA] })
const payment = defineGoal({ objective: 'pay 500', given: { order: { amount: 500 } }, wanted: [Receipt] })

const read = defineCapability({ name: 'read', takes: { text: Text }, gives: { reading: Reading }, effect: 'pure' })
const interpreter = defineInterpreter({
  capability: read,
  intents: { a: { wants: [NoteA], says: 'a note' } },
  always: [],
  covers: 'notes',
})
const unsure = worker('unsure', read, ({ text }) => ({
  reading: { parts: [{ text, candidates: [{ intent: 'a', confidence: 0.5 }] }] },
}))

/** What everybody who looks at `run` by its id is told: an error code, or that they see it. */
async function looks(muster: Muster, run: Run, as: Principal): Promise<readonly string[]> {
  const views = [
    () => muster.run(run.id, as),
    () => muster.state(run.id, as),
    () => muster.why(run.id, as),
    async () => (await muster.runs({}, as)).find(one => one.run === run.id) ?? Promise.reject({ code: 'not-found' }),
  ]
  return Promise.all(
    views.map(view =>
      view().then(
        () => 'seen',
        ({ code }) => code,
      ),
    ),
  )
}

describe('a run', () => {
  it('is seen by who declared it and by operators, and is not there for anybody else', async () => {
    const muster = await world({ agents: goodAgents() })
    const run = await muster.declare(note, { as: ana })
    await run.result
    for (const as of [ana, boss, operator]) expect(new Set(await looks(muster, run, as))).toEqual(new Set(['seen']))
    for (const as of [jonas, maria, abroad])
      expect(new Set(await looks(muster, run, as))).toEqual(new Set(['not-found']))
  })

  it('is listed among one’s own, newest first and in pages, whatever others declare between', async () => {
    const muster = await world({ agents: goodAgents() })
    const own: string[] = []
    for (const as of [ana, jonas, ana, jonas, ana]) {
      const run = await muster.declare(note, { as })
      if (as === ana) own.unshift(run.id)
    }
    const ids = async (page: { after?: string; limit?: number }) =>
      (await muster.runs(page, ana)).map(({ run }) => run as string)
    expect(await ids({})).toEqual(own)
    expect(await ids({ limit: 2 })).toEqual(own.slice(0, 2))
    expect(await ids({ limit: 2, after: own[1] ?? '' })).toEqual(own.slice(2))
    expect(await muster.runs({}, boss)).toHaveLength(5)
    expect(await muster.runs({}, abroad)).toEqual([])
  })

  it('is not confused with the runs of somebody whose name and tenant read the same', async () => {
    const muster = await world({ agents: goodAgents() })
    await muster.declare(note, { as: somebody('b/c', [], 'a') })
    expect(await muster.runs({}, somebody('c', [], 'a/b'))).toEqual([])
  })

  it('is answered for only by who declared it, or an operator', async () => {
    const muster = await world({ agents: [...goodAgents(), unsure], interpreter })
    const run = await muster.declare({ text: 'hm' }, { as: ana })
    expect(await run.idle()).toBe('asking')
    const { question } = await firstEvent(run, 'question.asked')
    const owned = await muster.run(run.id, ana)
    for (const as of [jonas, maria, abroad])
      await expect(muster.run(run.id, as)).rejects.toMatchObject({ code: 'not-found' })
    await owned.answer(question.id, 'a')
    expect((await run.result).status).toBe('succeeded')
    const other = await muster.declare({ text: 'hm' }, { as: ana })
    await other.idle()
    await (await muster.run(other.id, boss)).answer(question.id, 'a')
    expect((await other.result).status).toBe('succeeded')
  })

  it('is cancelled, paused and resumed only by who declared it, or an operator', async () => {
    const muster = await world({ agents: goodAgents(), policies: payLimits })
    const run = await muster.declare(payment, { as: ana })
    await run.idle()
    await expect(muster.run(run.id, jonas)).rejects.toMatchObject({ code: 'not-found' })
    await (await muster.run(run.id, boss)).cancel('stop')
    expect((await run.result).status).toBe('cancelled')
  })
})

describe('an approval', () => {
  it('is seen by those it is put to, by who asked for it and by operators', async () => {
    const muster = await world({ agents: goodAgents(), policies: payLimits })
    const run = await muster.declare(payment, { as: ana })
    const { approval } = await firstEvent(run, 'approval.requested')
    for (const as of [ana, maria, boss, operator]) {
      expect((await muster.approvals.list({}, as)).map(({ id }) => id)).toEqual([approval.id])
      expect((await muster.approvals.get(approval.id, as)).id).toBe(approval.id)
    }
    for (const as of [jonas, abroad]) {
      expect(await muster.approvals.list({}, as)).toEqual([])
      await expect(muster.approvals.get(approval.id, as)).rejects.toMatchObject({ code: 'not-found' })
    }
    const decision = { choice: 'approve', reason: 'fine', digest: approval.digest } as const
    await expect(muster.approvals.decide(approval.id, decision, jonas)).rejects.toMatchObject({ code: 'forbidden' })
    await expect(muster.approvals.decide(approval.id, decision, abroad)).rejects.toMatchObject({ code: 'not-found' })
  })

  it('reaches those who follow only when they may see it', async () => {
    const muster = await world({ agents: goodAgents(), policies: payLimits })
    const mine = await muster.declare(payment, { as: ana })
    await firstEvent(mine, 'approval.requested')
    const his = await muster.declare(payment, { as: jonas })
    await firstEvent(his, 'approval.requested')
    const stop = new AbortController()
    const seen: string[] = []
    const following = (async () => {
      for await (const { run, outcome } of muster.approvals.follow(jonas, stop.signal)) {
        seen.push(`${run === his.id ? 'his' : 'other'} ${outcome.status}`)
        if (seen.length === 1) await mine.cancel('enough').then(() => his.cancel('enough'))
        if (outcome.status !== 'open') stop.abort()
      }
    })()
    await following
    expect(seen).toEqual(['his open', 'his withdrawn'])
  })

  it('is found behind many that are not one’s own', async () => {
    const muster = await world({ agents: goodAgents(), policies: payLimits })
    const own = await muster.declare(payment, { as: ana })
    await firstEvent(own, 'approval.requested')
    for (let count = 0; count < 3; count++) await (await muster.declare(payment, { as: jonas })).idle()
    expect((await muster.approvals.list({ limit: 1 }, ana)).map(({ run }) => run)).toEqual([own.id])
    const [first] = await muster.approvals.list({ limit: 1 }, jonas)
    const rest = await muster.approvals.list({ after: first?.id ?? '' }, jonas)
    expect(rest).toHaveLength(2)
  })
})
