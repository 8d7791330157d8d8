import { once } from 'node:events'
import { connect as connectTcp } from 'node:net'
import { expect, it, onTestFinished } from 'vitest'
import WebSocket from 'ws'
import { createManualClock } from '../support/manual-clock.ts'
import { connect, declareMuch, openShop, tokens } from './shop.ts'

const runPattern = /^run-[0-9a-z]{26}$/

it('declares a goal and follows it to its end', async () => {
  const shop = await openShop()
  const client = await connect(shop, 'carla')
  client.say({ type: 'declare', id: 1, text: 'advise me' })
  const declared = await client.next()
  expect(declared).toMatchObject({ type: 'declared', id: 1, run: expect.stringMatching(runPattern) })
  client.say({ type: 'subscribe', id: 'second', run: declared['run'] })
  expect(await client.next()).toEqual({ type: 'subscribed', id: 'second', run: declared['run'] })
  const seqs: unknown[] = []
  for (let message = await client.next(); message.type !== 'ended'; message = await client.next()) {
    expect(message).toMatchObject({ type: 'event', run: declared['run'], event: { seq: seqs.length + 1 } })
    seqs.push(message)
  }
  expect(seqs.at(-1)).toMatchObject({ event: { type: 'run.concluded', outcome: 'succeeded' } })
})

it('takes a typed goal, and one idempotency key for one goal', async () => {
  const shop = await openShop()
  const client = await connect(shop, 'carla')
  const goal = { objective: 'advise', given: { words: 'a car' }, wanted: ['Advice'] }
  client.say({ type: 'declare', id: 1, goal, idempotencyKey: 'k' })
  const first = await client.next()
  client.say({ type: 'declare', id: 1, goal, idempotencyKey: 'k' })
  expect(await client.next()).toMatchObject({ type: 'declared', run: first['run'] })
  client.say({ type: 'declare', id: 2, text: 'advise', idempotencyKey: 'k' })
  expect(await client.next()).toMatchObject({ type: 'error', id: 2, problem: { code: 'conflict', status: 409 } })
})

it('brings approvals to those who decide, and their decisions back', async () => {
  const shop = await openShop()
  const maria = await connect(shop, 'maria')
  const omar = await connect(shop, 'omar')
  for (const client of [maria, omar]) {
    client.say({ type: 'subscribe', id: 1, approvals: true })
    expect(await client.next()).toEqual({ type: 'subscribed', id: 1 })
  }
  const { run, approval } = await declareMuch(shop)
  expect(await maria.next()).toEqual({ type: 'approval', approval: JSON.parse(JSON.stringify(approval)) })
  const decision = { type: 'decide', id: 2, approval: approval.id, choice: 'approve', reason: 'fine' }
  omar.say({ ...decision, digest: approval.digest })
  expect(await omar.next()).toMatchObject({ type: 'error', id: 2, problem: { code: 'not-found' } })
  maria.say({ ...decision, digest: `sha256:${'0'.repeat(64)}` })
  expect(await maria.next()).toMatchObject({ type: 'error', id: 2, problem: { code: 'conflict' } })
  maria.say({ ...decision, digest: approval.digest })
  expect(await maria.next(({ id }) => id === 2)).toMatchObject({
    type: 'decided',
    approval: { votes: [{ by: 'maria' }] },
  })
  expect(await maria.next(({ type }) => type === 'approval')).toMatchObject({
    approval: { outcome: { status: 'approved' } },
  })
  expect(await (await shop.muster.run(run)).result).toMatchObject({ status: 'succeeded' })
  expect(shop.paid).toEqual([500])
})

it('answers the question of a run', async () => {
  const shop = await openShop()
  const client = await connect(shop, 'carla')
  client.say({ type: 'declare', text: 'hm, 7' })
  const { run } = await client.next()
  client.say({ type: 'subscribe', run })
  const asked = await client.next(({ event }) => JSON.stringify(event)?.includes('question.asked') ?? false)
  expect(asked).toMatchObject({ event: { question: { id: 'part-1' } } })
  client.say({ type: 'answer', id: 3, run, question: 'part-1', choice: 'advise' })
  expect(await client.next(({ id }) => id === 3)).toEqual({ type: 'answered', id: 3, run })
  await client.next(({ type }) => type === 'ended')
})

it('stops telling when it is unsubscribed from', async () => {
  const shop = await openShop()
  const client = await connect(shop, 'carla')
  const { run } = await declareMuch(shop)
  client.say({ type: 'subscribe', id: 1, run })
  await client.next(({ event }) => JSON.stringify(event)?.includes('approval.requested') ?? false)
  client.say({ type: 'subscribe', id: 2, run })
  expect(await client.next(({ id }) => id === 2)).toMatchObject({ type: 'error', problem: { code: 'conflict' } })
  client.say({ type: 'unsubscribe', id: 3, run })
  expect(await client.next(({ id }) => id === 3)).toEqual({ type: 'unsubscribed', id: 3, run })
  await (await shop.muster.run(run)).cancel('no more')
  await (await shop.muster.run(run)).result
  client.say({ type: 'unsubscribe', id: 4, run })
  const told: unknown[] = []
  for (let message = await client.next(); message['id'] !== 4; message = await client.next()) told.push(message)
  expect(JSON.stringify(told)).not.toContain('no more')
})

it.each([
  ['no JSON', 'hello'],
  ['no object', '7'],
  ['nothing known', { type: 'dance', id: 'x' }],
  ['a subscription to nothing', { type: 'subscribe', id: 'x' }],
  ['a subscription to two things', { type: 'subscribe', id: 'x', run: `run-${'0'.repeat(26)}`, approvals: true }],
  ['a run of nobody', { type: 'subscribe', id: 'x', run: `run-${'0'.repeat(26)}` }],
  ['a declaration of nothing', { type: 'declare', id: 'x' }],
  ['a declaration of two things', { type: 'declare', id: 'x', text: 'advise', goal: {} }],
  ['a field too many', { type: 'declare', id: 'x', text: 'pay 5', as: 'maria' }],
  [
    'a choice of the wrong type',
    { type: 'decide', id: 'x', approval: 'approval-1', choice: 1, reason: 'r', digest: '' },
  ],
])('answers what it cannot take, and changes nothing: %s', async (_, message) => {
  const shop = await openShop()
  const client = await connect(shop, 'carla')
  client.say(message)
  const answer = await client.next()
  expect(answer).toMatchObject({ type: 'error', problem: { detail: expect.any(String) } })
  expect(answer['id']).toBe(typeof message === 'object' ? 'x' : undefined)
  expect(await shop.muster.runs()).toEqual([])
  client.say({ type: 'declare', id: 1, text: 'advise me' })
  expect(await client.next()).toMatchObject({ type: 'declared' })
})

it('closes on a message that is too large', async () => {
  const shop = await openShop()
  const client = await connect(shop, 'carla')
  client.say({ type: 'declare', text: 'x'.repeat(1024 * 1024) })
  expect(await client.closed).toBe(1009)
})

it('counts messages as it counts requests', async () => {
  const shop = await openShop({ clock: createManualClock(), rate: { perSecond: 1, burst: 2 } })
  const client = await connect(shop, 'carla')
  client.say({ type: 'declare', id: 1, text: 'advise me' })
  client.say({ type: 'declare', id: 2, text: 'advise me' })
  expect(await client.next(({ id }) => id !== 1)).toMatchObject({
    type: 'error',
    problem: { code: 'too-many-requests' },
  })
})

it('lets nobody in without a token of theirs, from another site, or at another place', async () => {
  const { url } = await openShop()
  const status = async (path: string, headers: Record<string, string>, protocols: readonly string[] = []) => {
    const socket = new WebSocket(`${url.replace('http', 'ws')}${path}`, [...protocols], { headers })
    onTestFinished(() => socket.terminate())
    return new Promise(resolve => {
      socket.on('error', () => {})
      socket.once('open', () => resolve(`open ${socket.protocol}`))
      socket.once('unexpected-response', (_, response) => resolve(response.statusCode))
    })
  }
  const authorization = `Bearer ${tokens.carla}`
  expect(await status('/v1/socket', {})).toBe(401)
  expect(await status('/v1/socket', { authorization: 'Bearer wrong-0123456789abcdef' })).toBe(401)
  expect(await status(`/v1/socket?token=${tokens.carla}`, {})).toBe(401)
  expect(await status('/v1/socket', { authorization, origin: 'https://elsewhere.example' })).toBe(403)
  expect(await status('/v1/runs', { authorization })).toBe(404)
  expect(await status('/v1/socket', {}, ['muster', `bearer.${tokens.carla}`])).toBe('open muster')
})

it('drops a client that does not read', async () => {
  const clock = createManualClock()
  const shop = await openShop({ clock, heartbeat: 1000 })
  const { hostname, port } = new URL(shop.url)
  const socket = connectTcp(Number(port), hostname)
  onTestFinished(() => {
    socket.destroy()
  })
  socket.write(
    [
      'GET /v1/socket HTTP/1.1',
      `Host: ${hostname}:${port}`,
      `Authorization: Bearer ${tokens.carla}`,
      'Connection: Upgrade',
      'Upgrade: websocket',
      'Sec-WebSocket-Version: 13',
      'Sec-WebSocket-Key: MDEyMzQ1Njc4OWFiY2RlZg==',
      '',
      '',
    ].join('\r\n'),
  )
  await once(socket, 'readable')
  const closed = once(socket, 'close')
  await clock.advance(1000)
  await clock.advance(1000)
  // What was sent must be taken out before the end can be seen.
  socket.resume()
  await closed
  expect(socket.destroyed).toBe(true)
})

it('keeps a client that answers pings', async () => {
  const clock = createManualClock()
  const shop = await openShop({ clock, heartbeat: 1000 })
  const client = await connect(shop, 'carla')
  for (let beat = 0; beat < 3; beat++) {
    const pinged = once(client.socket, 'ping')
    await clock.advance(1000)
    await pinged
    client.say({ type: 'unsubscribe', id: beat, approvals: true })
    expect(await client.next()).toMatchObject({ id: beat })
  }
})

it('is told when the server closes', async () => {
  const shop = await openShop()
  const client = await connect(shop, 'carla')
  await shop.close()
  expect(await client.closed).toBe(1001)
})
