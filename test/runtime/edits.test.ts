import {
  all,
  type Approval,
  concept,
  defineCapability,
  defineGoal,
  type Muster,
  type Principal,
  type Run,
} from 'muster'
import { createManualClock } from 'muster/testing'
import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import {
  eventsOf,
  goodAgents,
  makeNoteA,
  makeNoteB,
  maria,
  Note,
  NoteA,
  NoteB,
  Order,
  pay,
  paul,
  payLimits,
  permitAll,
  Receipt,
  scratch,
  Text,
  worker,
  world,
} from '../support/world.ts'

const lena: Principal = { id: 'lena', kind: 'person', roles: ['legal'], tenant: 'home' }
const payment = (amount: number) =>
  defineGoal({ objective: 'pay', given: { order: { amount } }, wanted: [Receipt], limits: { deadline: '2h' } })

const rule = (id: string, role: string, action: string, when: string) => ({
  file: `${id}.cedar`,
  text: `@id("${id}") @reason("${role} looks at it") @escalate("${role}") @within("30m")
forbid (principal, action == Muster::Action::"${action}", resource) when { ${when} };`,
})
const before = 'context.phase == "before"'
const twoRoles = [
  ...permitAll,
  rule('finance', 'finance', 'pay', `${before} && context.input.order.amount > 100`),
  rule('legal', 'legal', 'pay', `${before} && context.input.order.amount > 100`),
]

const openOf = (muster: Muster) => muster.approvals.list({ status: 'open' })
async function about(muster: Muster, run: Run, role: string): Promise<Approval> {
  expect(await run.idle()).toBe('waiting')
  const found = (await openOf(muster)).find(({ to }) => to === role)
  if (found === undefined) throw new Error(`nothing waits for ${role}`)
  return found
}
const say = (muster: Muster, { id, digest }: Approval, by: Principal, choice: 'approve' | 'reject' = 'approve') =>
  muster.approvals.decide(id, { choice, reason: 'because', digest }, by)
const edit = (muster: Muster, { id, digest }: Approval, by: Principal, edits: Readonly<Record<string, unknown>>) =>
  muster.approvals.decide(id, { choice: 'edit', reason: 'better', digest, edits }, by)

describe('a step about which two roles are asked', () => {
  it('runs when both have approved', async () => {
    const muster = await world({ agents: goodAgents(), policies: twoRoles })
    const run = await muster.declare(payment(150))
    await say(muster, await about(muster, run, 'finance'), maria)
    expect(await run.idle()).toBe('waiting')
    await say(muster, await about(muster, run, 'legal'), lena)
    expect((await run.result).status).toBe('succeeded')
  })

  it('is off when one says no: the other question is taken back', async () => {
    const Slow = concept('Slow', z.string())
    const slow = defineCapability({
      name: 'slow',
      takes: { order: Order },
      gives: { slow: Slow },
      effect: 'pure',
    })
    const finish = Promise.withResolvers<void>()
    const agents = [
      ...goodAgents(),
      worker('slow', slow, async () => {
        await finish.promise
        return { slow: 'done' }
      }),
    ]
    const muster = await world({ agents, policies: twoRoles })
    const run = await muster.declare(
      defineGoal({ objective: 'pay', given: { order: { amount: 150 } }, wanted: [Receipt, Slow] }),
    )
    for await (const event of run.events())
      if (event.type === 'approval.requested' && event.approval.to === 'legal') break
    const open = await openOf(muster)
    const [finance, legal] = ['finance', 'legal'].map(role => open.find(({ to }) => to === role))
    if (finance === undefined || legal === undefined) throw new Error('nothing waits')
    await say(muster, finance, maria, 'reject')
    for await (const event of run.events()) if (event.type === 'step.dropped') break
    expect(await openOf(muster)).toEqual([])
    await expect(say(muster, legal, lena)).rejects.toMatchObject({ code: 'conflict' })
    finish.resolve()
    expect(await run.result).toMatchObject({ status: 'denied', reason: expect.stringContaining('maria') })
  })

  it('stays off when one says no while the other edits', async () => {
    const paid = new Map<string, number>()
    const muster = await world({ agents: goodAgents(paid), policies: twoRoles })
    const run = await muster.declare(payment(150))
    const [finance, legal] = [await about(muster, run, 'finance'), await about(muster, run, 'legal')]
    await Promise.all([say(muster, finance, maria, 'reject'), edit(muster, legal, lena, { order: { amount: 20 } })])
    expect((await run.result).status).toBe('denied')
    expect(paid.size).toBe(0)
  })

  it('is asked about anew when one edits: the old questions are closed', async () => {
    const paid = new Map<string, number>()
    const muster = await world({ agents: goodAgents(paid), policies: twoRoles })
    const run = await muster.declare(payment(150))
    const legal = await about(muster, run, 'legal')
    await edit(muster, await about(muster, run, 'finance'), maria, { order: { amount: 120 } })
    expect(await run.idle()).toBe('waiting')
    expect((await muster.approvals.get(legal.id)).outcome.status).toBe('withdrawn')
    const open = await openOf(muster)
    expect(Object.fromEntries(open.map(({ to, input }) => [to, input]))).toEqual({
      finance: { order: { amount: 120 } },
      legal: { order: { amount: 120 } },
    })
    await say(muster, await about(muster, run, 'finance'), paul)
    expect(await run.idle()).toBe('waiting')
    await say(muster, await about(muster, run, 'legal'), lena)
    expect((await run.result).status).toBe('succeeded')
    expect([...paid.values()]).toEqual([120])
  })

  it('runs once when both edit at once', async () => {
    const paid = new Map<string, number>()
    const muster = await world({ agents: goodAgents(paid), policies: twoRoles })
    const run = await muster.declare(payment(150))
    const [finance, legal] = [await about(muster, run, 'finance'), await about(muster, run, 'legal')]
    await Promise.all([
      edit(muster, finance, maria, { order: { amount: 30 } }),
      edit(muster, legal, lena, { order: { amount: 20 } }),
    ])
    expect((await run.result).status).toBe('succeeded')
    expect(paid.size).toBe(1)
    expect((await eventsOf(run)).filter(({ type }) => type === 'step.assigned')).toHaveLength(1)
  })
})

describe('an answer', () => {
  it('that is given in time counts, also when its run hears of it too late', async () => {
    const clock = createManualClock()
    const begun = Promise.withResolvers<void>()
    const finish = Promise.withResolvers<void>()
    const slow = worker(
      'slow',
      makeNoteA,
      async ({ text }) => {
        begun.resolve()
        await finish.promise
        return { a: { text } }
      },
      () => ({ time: '20m', confidence: 0.9 }),
    )
    const data = scratch()
    const config = { agents: [slow, ...goodAgents().slice(1)], policies: payLimits, data }
    const muster = await world(config, { clock })
    const run = await muster.declare(
      defineGoal({
        objective: 'x',
        given: { order: { amount: 150 }, text: 'x' },
        wanted: [Receipt, NoteA],
        limits: { deadline: '2h' },
      }),
    )
    await begun.promise
    for await (const event of run.events()) if (event.type === 'approval.requested') break
    const elsewhere = await world(config, { clock, work: false })
    const [approval] = await openOf(elsewhere)
    if (approval === undefined) throw new Error('nothing waits')
    await say(elsewhere, approval, maria)
    await clock.advance(31 * 60_000)
    finish.resolve()
    expect((await run.result).status).toBe('succeeded')
    expect((await muster.approvals.get(approval.id)).outcome.status).toBe('approved')
  })
})

describe('edits', () => {
  const Sum = concept('Sum', z.object({ texts: z.array(z.string()) }))
  const collect = defineCapability({
    name: 'collect',
    takes: { notes: all(Note) },
    gives: { sum: Sum },
    effect: 'writes',
    idempotent: true,
  })
  const collector = worker('collector', collect, ({ notes }) => ({
    sum: {
      texts: z
        .array(z.object({ text: z.string() }))
        .parse(notes)
        .map(({ text }) => text),
    },
  }))

  it('may replace what flows into an input that takes everything', async () => {
    const policies = [...permitAll, rule('look', 'finance', 'collect', `${before} && !context.labels.trusted`)]
    const muster = await world({ agents: [...goodAgents(), collector], policies })
    const run = await muster.declare(defineGoal({ objective: 'x', given: { text: 'x' }, wanted: [Sum, NoteA, NoteB] }))
    await edit(muster, await about(muster, run, 'finance'), maria, { notes: [{ text: 'mine' }] })
    expect((await run.result).outputs.Sum).toEqual({ texts: ['mine'] })
  })

  it('of what a call asks for replace it', async () => {
    const Outcome = concept('Outcome', z.object({ said: z.string() }))
    const shop = defineCapability({
      name: 'shop',
      takes: { text: Text },
      gives: { outcome: Outcome },
      effect: 'writes',
      idempotent: true,
    })
    const shopper = worker('shopper', shop, async (_, { call }) => ({
      outcome: { said: JSON.stringify(await call('pay', { order: { amount: 900 } })) },
    }))
    const paid = new Map<string, number>()
    const muster = await world({ agents: [...goodAgents(paid), shopper], policies: payLimits })
    const run = await muster.declare(defineGoal({ objective: 'x', given: { text: 'x' }, wanted: [Outcome] }))
    await edit(muster, await about(muster, run, 'finance'), maria, { order: { amount: 40 } })
    expect((await run.result).outputs.Outcome?.said).toContain('"amount":40')
    expect([...paid.values()]).toEqual([40])
  })

  it('are refused where nobody knows whether it has happened', async () => {
    const payOnce = { ...pay, idempotent: false }
    const lossy = worker('lossy', payOnce, () => Promise.reject(new Error('the line broke')))
    const muster = await world({ agents: [lossy] })
    const run = await muster.declare(payment(5))
    const boss: Principal = { id: 'boss', kind: 'person', roles: ['operator'], tenant: 'home' }
    const approval = await about(muster, run, 'operator')
    await expect(edit(muster, approval, boss, { order: { amount: 1 } })).rejects.toMatchObject({ code: 'bad-input' })
  })
})

describe('outputs that people must see first', () => {
  const after = [
    ...permitAll,
    rule(
      'look',
      'finance',
      'pay',
      'context.phase == "after" && context has output && context.output.receipt.amount > 100',
    ),
  ]

  it('are shown, and let out once they are approved', async () => {
    const paid = new Map<string, number>()
    const muster = await world({ agents: goodAgents(paid), policies: after })
    const run = await muster.declare(payment(150))
    const approval = await about(muster, run, 'finance')
    expect(approval.output).toMatchObject({ receipt: { amount: 150 } })
    await expect(edit(muster, approval, maria, { order: { amount: 1 } })).rejects.toMatchObject({ code: 'bad-input' })
    await say(muster, approval, maria)
    expect((await run.result).outputs.Receipt).toMatchObject({ amount: 150 })
    expect([...paid.values()]).toEqual([150])
  })

  it('stay in when somebody says no, and nothing is charged', async () => {
    const muster = await world({ agents: goodAgents(), policies: after })
    const run = await muster.declare(payment(150))
    await say(muster, await about(muster, run, 'finance'), maria, 'reject')
    expect(await run.result).toMatchObject({ status: 'denied', spent: 0, outputs: {} })
  })

  it('stay in when what they cost has been spent meanwhile', async () => {
    const priced = (id: string, offers: typeof makeNoteA | typeof makeNoteB, port: string) =>
      worker(
        id,
        offers,
        ({ text }) => ({ [port]: { text } }),
        () => ({ price: { usd: 0.6 }, time: '10ms', confidence: 0.9 }),
      )
    const policies = [...permitAll, rule('look', 'finance', 'note.a', 'context.phase == "after"')]
    const begun = Promise.withResolvers<void>()
    const second = {
      ...priced('b', makeNoteB, 'b'),
      bid: async () => {
        await begun.promise
        return { price: { usd: 0.6 }, time: '10ms', confidence: 0.9 }
      },
    }
    const muster = await world({ agents: [priced('a', makeNoteA, 'a'), second], policies })
    const run = await muster.declare(
      defineGoal({ objective: 'x', given: { text: 'x' }, wanted: [NoteA, NoteB], limits: { budget: { usd: 1 } } }),
    )
    for await (const event of run.events()) if (event.type === 'approval.requested') break
    begun.resolve()
    await say(muster, await about(muster, run, 'finance'), maria)
    expect(await run.result).toMatchObject({ status: 'failed', spent: 600_000, outputs: { NoteB: { text: 'x' } } })
  })
})
