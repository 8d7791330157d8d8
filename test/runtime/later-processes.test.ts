import { type Approval, concept, defineCapability, defineGoal, type Muster } from 'muster'
import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { openSqliteStore } from '../../src/store/index.ts'
import {
  eventsOf,
  goodAgents,
  maria,
  pay,
  payLimits,
  permitAll,
  Receipt,
  scratch,
  Text,
  worker,
  world,
} from '../support/world.ts'
import { broken } from '../scenarios/crash/kill.ts'

async function first(muster: Muster): Promise<Approval> {
  const [approval] = await muster.approvals.list()
  if (approval === undefined) throw new Error('nothing waits')
  return approval
}
const approve = (muster: Muster, { id, digest }: Approval) =>
  muster.approvals.decide(id, { choice: 'approve', reason: 'fine', digest }, maria)

describe('what a process has left waiting, a later one takes up:', () => {
  it('outputs that people must see first are let out without working again', async () => {
    const data = scratch()
    const paid = new Map<string, number>()
    const policies = [
      ...permitAll,
      {
        file: 'a.cedar',
        text: '@id("a") @escalate("finance") @within("30m") forbid (principal, action == Muster::Action::"pay", resource) when { context.phase == "after" };',
      },
    ]
    const config = { agents: goodAgents(paid), policies, data }
    const asked = await world(config)
    const run = await asked.declare(
      defineGoal({ objective: 'pay', given: { order: { amount: 5 } }, wanted: [Receipt] }),
    )
    expect(await run.idle()).toBe('waiting')
    await asked[Symbol.asyncDispose]()
    paid.clear()
    const later = await world(config)
    await approve(later, await first(later))
    const same = await later.run(run.id)
    expect(await same.result).toMatchObject({ status: 'succeeded', outputs: { Receipt: { amount: 5 } } })
    expect(paid.size).toBe(0)
    expect(broken(await eventsOf(same))).toEqual([])
  })

  it('a caller begins again when its call is answered, and what it had got is there', async () => {
    const data = scratch()
    const Outcome = concept('Outcome', z.object({ said: z.array(z.int()) }))
    const shop = defineCapability({
      name: 'shop',
      takes: { text: Text },
      gives: { outcome: Outcome },
      effect: 'writes',
      idempotent: true,
    })
    const amounts = z.object({ receipt: z.object({ amount: z.int() }) })
    const shopper = worker('shopper', shop, async (_, { call }) => {
      const small = amounts.parse(await call('pay', { order: { amount: 20 } }))
      const large = amounts.parse(await call('pay', { order: { amount: 200 } }))
      return { outcome: { said: [small.receipt.amount, large.receipt.amount] } }
    })
    const payments: number[] = []
    const payer = worker('payer', pay, ({ order }, { idempotencyKey }) => {
      const { amount } = z.object({ amount: z.int() }).parse(order)
      payments.push(amount)
      return { receipt: { text: 'paid', amount, key: idempotencyKey } }
    })
    const config = { agents: [shopper, payer], policies: payLimits, data }
    const asked = await world(config)
    const run = await asked.declare(defineGoal({ objective: 'shop', given: { text: 'x' }, wanted: [Outcome] }))
    expect(await run.idle()).toBe('waiting')
    await asked[Symbol.asyncDispose]()
    const later = await world(config)
    await approve(later, await first(later))
    const same = await later.run(run.id)
    expect((await same.result).outputs.Outcome).toEqual({ said: [20, 200] })
    expect(payments).toEqual([20, 200])
    expect(broken(await eventsOf(same))).toEqual([])
    await later[Symbol.asyncDispose]()
    await using store = await openSqliteStore({ file: `${data}/muster.db` })
    expect(await store.pools.reservations('node:local')).toEqual([])
    expect(await store.pools.reservations(`budget:${run.id}`)).toEqual([])
  })
})
