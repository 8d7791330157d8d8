/** What the people of one tenant may see of each other, and what comes too late. */
import pino from 'pino'
import { expect, it } from 'vitest'
import { createManualClock } from '../support/manual-clock.ts'
import { connect, declare, declareMuch, openShop } from './shop.ts'

it('shows a run and everything about it only to who declared it', async () => {
  const shop = await openShop()
  const { run, approval } = await declareMuch(shop)
  const before = (await shop.muster.state(run)).state.seq
  for (const [method, path, body] of [
    ['GET', ''],
    ['GET', '/plan'],
    ['GET', '/result'],
    ['GET', '/why'],
    ['GET', '/events'],
    ['POST', '/answers', { question: 'part-1', choice: 'pay' }],
    ['POST', '/cancel', { reason: 'not mine' }],
    ['POST', '/pause'],
    ['POST', '/resume'],
    ['POST', '/change', { limits: { budget: { usd: 9 } } }],
  ] as const) {
    const response = await shop.ask(method, `/v1/runs/${run}${path}`, { as: 'paul', body })
    expect([path, response.status]).toEqual([path, 404])
  }
  expect((await shop.muster.state(run)).state.seq).toBe(before)
  expect(await (await shop.ask('GET', '/v1/runs', { as: 'paul' })).json()).toEqual({ runs: [] })
  // Paul is of finance: what he must decide he sees with everything that he is asked.
  expect((await shop.ask('GET', `/v1/approvals/${approval.id}`, { as: 'paul' })).status).toBe(200)
})

it('shows no run and no approval of others over a WebSocket', async () => {
  const shop = await openShop()
  const run = await declare(shop, 'hm, 7', 'paul')
  await (await shop.muster.run(run)).idle()
  const carla = await connect(shop, 'carla')
  carla.say({ type: 'subscribe', id: 1, run })
  expect(await carla.next()).toMatchObject({ type: 'error', id: 1, problem: { code: 'not-found' } })
  carla.say({ type: 'answer', id: 2, run, question: 'part-1', choice: 'pay' })
  expect(await carla.next()).toMatchObject({ type: 'error', id: 2, problem: { code: 'not-found' } })
  carla.say({ type: 'subscribe', id: 3, approvals: true })
  expect(await carla.next()).toMatchObject({ type: 'subscribed', id: 3 })
  const other = await declare(shop, 'pay 500', 'paul')
  await (await shop.muster.run(other)).idle()
  const own = await declareMuch(shop)
  expect(await carla.next()).toMatchObject({ type: 'approval', approval: { run: own.run } })
  expect(shop.paid).toEqual([])
})

it('refuses a decision after the time for it', async () => {
  const clock = createManualClock()
  const shop = await openShop(
    { clock, rate: { perSecond: 1000, burst: 1000 } },
    { clock, log: pino({ level: 'silent' }) },
  )
  const { run, approval } = await declareMuch(shop)
  await (await shop.muster.run(run)).idle()
  await clock.advance(31 * 60_000)
  const body = { choice: 'approve', reason: 'late', digest: approval.digest }
  const response = await shop.ask('POST', `/v1/approvals/${approval.id}/decision`, { as: 'maria', body })
  expect([response.status, await response.json()]).toMatchObject([409, { code: 'expired' }])
  expect(await (await shop.muster.run(run)).result).toMatchObject({ status: 'denied' })
  expect(shop.paid).toEqual([])
})

it('answers a binary message as no JSON', async () => {
  const shop = await openShop()
  const client = await connect(shop, 'carla')
  client.socket.send(Buffer.from(JSON.stringify({ type: 'declare', id: 1, text: 'pay 5' })))
  expect(await client.next()).toMatchObject({ type: 'error', problem: { code: 'bad-input' } })
  expect(await shop.muster.runs()).toEqual([])
})
