import { concept, defineCapability, defineGoal } from 'muster'
import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { openSqliteStore } from '../../src/store/index.ts'
import { createManualClock } from 'muster/testing'
import {
  eventsOf,
  firstEvent,
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

const Outcome = concept('Outcome', z.object({ said: z.string() }))
const shop = defineCapability({
  name: 'shop',
  takes: { text: Text },
  gives: { outcome: Outcome },
  effect: 'writes',
  idempotent: true,
})
const goal = defineGoal({
  objective: 'shop',
  given: { text: 'a book' },
  wanted: [Outcome],
  limits: { deadline: '60s' },
})

/** A payer that counts, and pays only when it is told to go on. */
function slowPayer() {
  const begun = Promise.withResolvers<void>()
  const goOn = Promise.withResolvers<void>()
  const payments: string[] = []
  const agent = worker('payer', pay, async (_, { idempotencyKey }) => {
    payments.push(idempotencyKey)
    begun.resolve()
    await goOn.promise
    return { receipt: { text: 'paid', amount: 20, key: idempotencyKey } }
  })
  return { agent, begun: begun.promise, goOn: () => goOn.resolve(), payments }
}

describe('an agent that', () => {
  it('makes the same call twice at once gets one answer, and the work is done once', async () => {
    const payer = slowPayer()
    const twice = worker('twice', shop, async (_, { call }) => {
      const both = [call('pay', { order: { amount: 20 } }), call('pay', { order: { amount: 20 } })]
      await payer.begun
      setTimeout(payer.goOn, 20)
      const receipts = await Promise.all(both)
      return { outcome: { said: JSON.stringify(receipts.map(({ receipt }) => receipt)) } }
    })
    const muster = await world({ agents: [payer.agent, twice] })
    const run = await muster.declare(goal)
    expect((await run.result).status).toBe('succeeded')
    expect(payer.payments).toHaveLength(1)
    expect((await eventsOf(run)).filter(({ type }) => type === 'step.called')).toHaveLength(1)
  })

  it('does not wait for its call ends only when the call has ended', async () => {
    const payer = slowPayer()
    const hasty = worker('hasty', shop, async (_, { call }) => {
      void call('pay', { order: { amount: 20 } })
      await payer.begun
      setTimeout(payer.goOn, 20)
      return { outcome: { said: 'done' } }
    })
    const data = scratch()
    const muster = await world({ agents: [payer.agent, hasty], data })
    const run = await muster.declare(goal)
    expect((await run.result).status).toBe('succeeded')
    const ended = (await eventsOf(run)).flatMap(event => (event.type === 'step.succeeded' ? event.agent : []))
    expect(ended).toEqual(['payer', 'hasty'])
    await muster[Symbol.asyncDispose]()
    await using store = await openSqliteStore({ file: `${data}/muster.db` })
    expect(await store.pools.reservations('node:local')).toEqual([])
  })

  it('gives up on a call that is refused, without looking, takes nobody down', async () => {
    const careless = worker('careless', shop, (_, { call }) => {
      void call('fly', {})
      throw new Error('no idea')
    })
    const muster = await world({ agents: [careless] })
    expect((await (await muster.declare(goal)).result).status).toBe('failed')
  })

  it('calls after its step has ended is refused', async () => {
    const late = Promise.withResolvers<string>()
    const paid = new Map<string, number>()
    const lingering = worker('lingering', shop, (_, { call }) => {
      setTimeout(() => void call('pay', { order: { amount: 20 } }).then(() => late.resolve('paid'), late.reject), 50)
      return { outcome: { said: 'done' } }
    })
    const muster = await world({ agents: [...goodAgents(paid), lingering] })
    const run = await muster.declare(goal)
    expect((await run.result).status).toBe('succeeded')
    await expect(late.promise).rejects.toMatchObject({ code: 'cancelled' })
    expect(paid.size).toBe(0)
  })

  it('goes on calling when it has been let go for people is refused, until they have answered', async () => {
    const paid = new Map<string, number>()
    const refused: unknown[] = []
    const stubborn = worker('stubborn', shop, async (_, { call }) => {
      const first = await call('pay', { order: { amount: 150 } }).catch(error => error)
      const second = await call('pay', { order: { amount: 20 } }).catch(error => error)
      if (second instanceof Error) refused.push(second)
      return { outcome: { said: first instanceof Error ? 'no' : 'paid' } }
    })
    const muster = await world({ agents: [...goodAgents(paid), stubborn], policies: payLimits })
    const run = await muster.declare(goal)
    expect(await run.idle()).toBe('waiting')
    expect(refused).toHaveLength(1)
    expect(paid.size).toBe(0)
    const [approval] = await muster.approvals.list()
    if (approval === undefined) throw new Error('nothing waits')
    await muster.approvals.decide(approval.id, { choice: 'approve', reason: 'fine', digest: approval.digest }, maria)
    expect((await run.result).outputs.Outcome?.said).toBe('paid')
    expect([...paid.values()]).toEqual([150, 20])
  })

  it('waits for people in one call lets the other call end before it is let go', async () => {
    const payer = slowPayer()
    const both = worker('both', shop, async (_, { call }) => {
      setTimeout(payer.goOn, 50)
      const receipts = await Promise.all([
        call('pay', { order: { amount: 20 } }),
        call('pay', { order: { amount: 150 } }),
      ])
      return { outcome: { said: `${receipts.length}` } }
    })
    const muster = await world({ agents: [payer.agent, both], policies: payLimits })
    const run = await muster.declare(goal)
    expect(await run.idle()).toBe('waiting')
    const { state } = await muster.state(run.id)
    expect([...state.steps.values()].map(({ status }) => status.kind).sort()).toEqual(['asking', 'asking', 'succeeded'])
    await run.cancel('enough')
    expect((await run.result).status).toBe('cancelled')
    expect(payer.payments).toHaveLength(1)
  })

  it('is named as an origin of what it calls with', async () => {
    const stranger = {
      ...worker('stranger', shop, async (_, { call }) => {
        await call('pay', { order: { amount: 20 } })
        return { outcome: { said: 'paid' } }
      }),
      domain: 'abroad',
    }
    const muster = await world({ agents: [...goodAgents(), stranger], domains: { abroad: permitAll } })
    const run = await muster.declare(goal)
    expect((await run.result).status).toBe('succeeded')
    const { inputs } = await firstEvent(run, 'step.called')
    expect(inputs['order']).toMatchObject({ labels: { origins: ['operator', 'stranger'] } })
  })

  it('cannot do without a call that is denied is denied itself', async () => {
    const never = {
      file: 'never.cedar',
      text: '@id("never-pay") @reason("nobody pays") forbid (principal, action == Muster::Action::"pay", resource);',
    }
    const needy = worker('needy', shop, async (_, { call }) => {
      await call('pay', { order: { amount: 20 } })
      return { outcome: { said: 'paid' } }
    })
    const muster = await world({ agents: [...goodAgents(), needy], policies: [...permitAll, never] })
    const result = await (await muster.declare(goal)).result
    expect(result).toMatchObject({ status: 'denied', reason: expect.stringContaining('nobody pays') })
  })

  it('fails after it was given up, or bids after bidding is closed, takes nobody down', async () => {
    const clock = createManualClock()
    const late = (signal: AbortSignal) =>
      new Promise<never>((_, reject) =>
        signal.addEventListener('abort', () => setTimeout(() => reject(new Error('late')), 10)),
      )
    const agents = [
      worker('late-worker', pay, (_, { signal }) => late(signal)),
      worker(
        'late-bidder',
        shop,
        () => ({}),
        (_, signal) => late(signal),
      ),
    ]
    const muster = await world({ agents }, { clock })
    const run = await muster.declare(goal)
    const other = await muster.declare(
      defineGoal({ objective: 'x', given: { order: { amount: 1 } }, wanted: [Receipt], limits: { deadline: '5s' } }),
    )
    await firstEvent(other, 'step.assigned')
    for (let seconds = 0; seconds < 61; seconds++) await clock.advance(1000)
    expect((await run.result).status).toBe('failed')
    expect((await other.result).status).toBe('failed')
    await new Promise(resolve => setTimeout(resolve, 50))
  })
})
