import { concept, defineCapability, defineGoal } from 'muster'
import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import {
  eventsOf,
  goodAgents,
  maria,
  pay,
  payLimits,
  permitAll,
  scratch,
  Text,
  worker,
  world,
} from '../support/world.ts'

const Outcome = concept('Outcome', z.object({ said: z.string() }))
const shop = defineCapability({
  name: 'shop',
  takes: { text: Text },
  gives: { outcome: Outcome },
  effect: 'writes',
  idempotent: true,
})
const goal = defineGoal({ objective: 'shop', given: { text: 'a book' }, wanted: [Outcome] })

/** An agent that pays through a call, and begins again from the top whenever it is asked to. */
function shopper(amount: number, begun: { times: number }) {
  return worker('shopper', shop, async (_, { call }) => {
    begun.times += 1
    try {
      const { receipt } = await call('pay', { order: { amount } })
      return { outcome: { said: JSON.stringify(receipt) } }
    } catch (error) {
      return { outcome: { said: `could not: ${error instanceof Error ? error.message : 'not an error'}` } }
    }
  })
}

describe('a call that an agent makes inside its step', () => {
  it('passes the same guard, bidding and placement, and is recorded as a step', async () => {
    const paid = new Map<string, number>()
    const muster = await world({ agents: [...goodAgents(paid), shopper(20, { times: 0 })] })
    const run = await muster.declare(goal)
    expect((await run.result).outputs.Outcome?.said).toContain('"amount":20')
    const events = await eventsOf(run)
    const called = events.find(event => event.type === 'step.called')
    const child = called?.type === 'step.called' ? called.step.id : ''
    expect(events.filter(event => 'step' in event && event.step === child).map(({ type }) => type)).toEqual([
      'step.ruled',
      'step.assigned',
      'step.ruled',
      'step.succeeded',
    ])
  })

  it('is refused by the rules that would refuse the step', async () => {
    const never = {
      file: 'never.cedar',
      text: '@id("never-pay") @reason("nobody pays") forbid (principal, action == Muster::Action::"pay", resource);',
    }
    const paid = new Map<string, number>()
    const muster = await world({
      agents: [...goodAgents(paid), shopper(20, { times: 0 })],
      policies: [...permitAll, never],
    })
    const result = await (await muster.declare(goal)).result
    expect(result.outputs.Outcome?.said).toContain('nobody pays')
    expect(paid.size).toBe(0)
  })

  it('that waits for people lets the caller go, and the caller begins again when they have answered', async () => {
    const paid = new Map<string, number>()
    const begun = { times: 0 }
    const muster = await world({ agents: [...goodAgents(paid), shopper(150, begun)], policies: payLimits })
    const run = await muster.declare(goal)
    expect(await run.idle()).toBe('waiting')
    const [approval] = await muster.approvals.list()
    if (approval === undefined) throw new Error('nothing waits')
    await muster.approvals.decide(approval.id, { choice: 'approve', reason: 'fine', digest: approval.digest }, maria)
    expect((await run.result).outputs.Outcome?.said).toContain('"amount":150')
    expect(begun.times).toBe(2)
    expect(paid.size).toBe(1)
  })

  it('is refused to work that could not be begun again', async () => {
    const once = { ...shop, idempotent: false }
    const caller = worker('caller', once, async (_, { call }) => {
      const said = await call('pay', { order: { amount: 1 } }).then(
        () => 'paid',
        (error: Error) => error.message,
      )
      return { outcome: { said } }
    })
    const paid = new Map<string, number>()
    const muster = await world({ agents: [...goodAgents(paid), caller] })
    expect((await (await muster.declare(goal)).result).outputs.Outcome?.said).toContain('cannot be begun again')
    expect(paid.size).toBe(0)
  })

  it('of something that nobody offers, or with wrong input, is an error that the agent can handle', async () => {
    const odd = worker('odd', shop, async (_, { call }) => {
      const errors = await Promise.all(
        [call('fly', {}), call('pay', { order: 'all' })].map(one =>
          one.then(() => 'done').catch((error: Error) => error.message),
        ),
      )
      return { outcome: { said: errors.join(' | ') } }
    })
    const muster = await world({ agents: [...goodAgents(), odd] })
    const { said } = (await (await muster.declare(goal)).result).outputs.Outcome ?? { said: '' }
    expect(said).toContain('nobody offers `fly`')
    expect(said).toContain('the input of `pay` is not valid')
  })
})

describe('an effect of which nobody knows whether it happened', () => {
  const payOnce = { ...pay, idempotent: false }
  const payGoal = defineGoal({ objective: 'pay', given: { order: { amount: 5 } }, wanted: [payOnce.gives.receipt] })

  it('is not repeated: a person is asked, and a no ends it', async () => {
    let calls = 0
    const lossy = worker('lossy', payOnce, () => {
      calls += 1
      throw new Error('the line broke')
    })
    const boss = { id: 'boss', roles: ['operator'] }
    const muster = await world({ agents: [lossy], people: [boss], data: scratch() })
    const run = await muster.declare(payGoal)
    expect(await run.idle()).toBe('waiting')
    expect(calls).toBe(1)
    const [approval] = await muster.approvals.list()
    expect(approval).toMatchObject({ rule: 'outcome-unknown', to: 'operator', input: { order: { amount: 5 } } })
    if (approval === undefined) return
    const by = { id: 'boss', kind: 'person', roles: ['operator'], tenant: 'home' } as const
    await muster.approvals.decide(
      approval.id,
      { choice: 'reject', reason: 'it went through', digest: approval.digest },
      by,
    )
    const result = await run.result
    expect(result.status).toBe('failed')
    expect(result.reason).toContain('it went through')
    expect(calls).toBe(1)
  })

  it('is repeated under the same key where the provider honours keys', async () => {
    const keys: string[] = []
    const flaky = worker('flaky', pay, (_, { idempotencyKey }) => {
      keys.push(idempotencyKey)
      if (keys.length === 1) throw new Error('the line broke')
      return { receipt: { text: 'paid', amount: 5, key: idempotencyKey } }
    })
    const muster = await world({ agents: [flaky, ...goodAgents().filter(({ id }) => id !== 'payer')] })
    const result = await (await muster.declare(payGoal)).result
    expect(result.status).toBe('succeeded')
    expect(keys).toHaveLength(2)
    expect(new Set(keys).size).toBe(1)
  })
})
