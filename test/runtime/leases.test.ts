import { setTimeout as pause } from 'node:timers/promises'
import { type Agent, defineGoal, type MusterParts, type RunEvent } from 'muster'
import pino from 'pino'
import { expect, it, onTestFinished } from 'vitest'
import { openSqliteStore, type Store } from '../../src/store/index.ts'
import { eventsOf, goodAgents, pay, Receipt, scratch, worker, world } from '../support/world.ts'

const goal = defineGoal({
  objective: 'pay',
  given: { order: { amount: 20 } },
  wanted: [Receipt],
  limits: { budget: { usd: 1 } },
})

/** A payer whose first payment takes until `finish` is called, and the second until `finishSecond` is. */
function slowPayer() {
  const begun = Promise.withResolvers<void>()
  const finish = Promise.withResolvers<void>()
  const second = Promise.withResolvers<void>()
  const paid: string[] = []
  const agent = worker(
    'payer',
    pay,
    async (_, { idempotencyKey }) => {
      paid.push(idempotencyKey)
      if (paid.length === 1) {
        begun.resolve()
        await finish.promise
      }
      if (paid.length === 2) await second.promise
      return { receipt: { text: 'paid', amount: 20, key: idempotencyKey } }
    },
    () => ({ price: { usd: 0.6 }, time: '10ms', confidence: 0.9 }),
  )
  return { agent, begun: begun.promise, finish: finish.resolve, finishSecond: second.resolve, paid }
}

async function openStore(data: string): Promise<Store> {
  const store = await openSqliteStore({ file: `${data}/muster.db`, durability: 'normal' })
  onTestFinished(() => store[Symbol.asyncDispose]())
  return store
}

/** A store over which a run is claimed once and no lease is renewed, as in a process that then stands still. */
function standingStill(store: Store): Store {
  let held = false
  const claim: Store['queue']['claim'] = async (...asked) => {
    if (held) return undefined
    const claimed = await store.queue.claim(...asked)
    held = claimed !== undefined
    return claimed
  }
  return { ...store, queue: { ...store.queue, claim, renew: () => Promise.reject(new Error('no answer')) } }
}

const start = (agents: readonly Agent[], data: string, parts: MusterParts = {}) =>
  world({ agents, data, lease: '1s' }, { log: pino({ level: 'silent' }), ...parts })
const count = (events: readonly RunEvent[], type: RunEvent['type']) =>
  events.filter(event => event.type === type).length

it('a process that has lost a run writes nothing more for it and charges nothing', async () => {
  const data = scratch()
  const { agent, begun, finish, finishSecond, paid } = slowPayer()
  finishSecond()
  const store = await openStore(data)
  const first = await start([agent], data, { store: standingStill(store) })
  const { id } = await first.declare(goal)
  await begun
  const second = await start([agent], data)
  const run = await second.run(id)
  const result = await run.result
  finish()
  await pause(50)
  expect(result).toMatchObject({ status: 'succeeded', spent: 600_000 })
  expect(new Set(paid).size).toBe(1)
  const events = await eventsOf(run)
  expect(count(events, 'step.succeeded')).toBe(1)
  expect(events.at(-1)?.type).toBe('run.concluded')
  expect(await store.pools.reservations(`budget:${id}`)).toEqual([])
  expect(await store.pools.reservations('node:local')).toEqual([])
  expect((await second.audit()).findings).toEqual([])
})

it('a process that takes its own run again after standing still goes on with it once', async () => {
  const data = scratch()
  const { agent, begun, finish, finishSecond, paid } = slowPayer()
  const store = await openStore(data)
  let stands = true
  const renew: Store['queue']['renew'] = (...lease) => (stands ? Promise.resolve(true) : store.queue.renew(...lease))
  const muster = await start([agent], data, { store: { ...store, queue: { ...store.queue, renew } } })
  const run = await muster.declare(goal)
  await begun
  while (paid.length < 2) await pause(10)
  stands = false
  finish()
  await pause(50)
  finishSecond()
  expect((await run.result).status).toBe('succeeded')
  const events = await eventsOf(run)
  expect(count(events, 'run.claimed')).toBe(2)
  expect(count(events, 'step.succeeded')).toBe(1)
})

it('a process that loses a run while its award goes to disk does not dispatch', async () => {
  const data = scratch()
  const { agent, finish, finishSecond, paid } = slowPayer()
  finish()
  finishSecond()
  const store = await openStore(data)
  const written = Promise.withResolvers<void>()
  const stalled = Promise.withResolvers<void>()
  const stalling: Store = {
    ...standingStill(store),
    async commit(writes) {
      await store.commit(writes)
      if (!writes.some(write => write.kind === 'append' && write.events.some(({ type }) => type === 'step.assigned')))
        return
      written.resolve()
      await stalled.promise
    },
  }
  const first = await start([agent], data, { store: stalling })
  const { id } = await first.declare(goal)
  await written.promise
  const second = await start([agent], data)
  const run = await second.run(id)
  await run.result
  stalled.resolve()
  await pause(50)
  expect(paid).toHaveLength(1)
})

it('a process without a worker can cancel a run that sleeps in another', async () => {
  const data = scratch()
  const policies = [
    { file: 'p.cedar', text: '@id("p") permit (principal, action, resource);' },
    {
      file: 'f.cedar',
      text: '@id("f") @escalate("finance") @within("30m") forbid (principal, action == Muster::Action::"pay", resource);',
    },
  ]
  const working = await world({ agents: goodAgents(), data, policies })
  const run = await working.declare(goal)
  expect(await run.idle()).toBe('waiting')
  const looking = await world({ agents: goodAgents(), data, policies }, { work: false })
  const same = await looking.run(run.id)
  await same.cancel('from afar')
  expect((await same.result).status).toBe('cancelled')
  expect((await run.result).status).toBe('cancelled')
})
