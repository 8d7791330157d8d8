/** Whatever is sent: the answer says what is wrong, nothing breaks, and nothing is written. */
import fc from 'fast-check'
import { once } from 'node:events'
import { request } from 'node:http'
import { connect as connectTcp } from 'node:net'
import pino from 'pino'
import { expect, it } from 'vitest'
import { connect, declareMuch, openShop, tokens } from './shop.ts'

const paths = [
  '/v1/goals',
  '/v1/plans',
  '/v1/runs',
  '/v1/runs/:id',
  '/v1/runs/:id/plan',
  '/v1/runs/:id/result',
  '/v1/runs/:id/why',
  '/v1/runs/:id/events',
  '/v1/runs/:id/answers',
  '/v1/runs/:id/cancel',
  '/v1/approvals',
  '/v1/approvals/:id',
  '/v1/approvals/:id/decision',
  '/v1/agents',
  '/v1/capabilities',
  '/v1/chat/completions',
  '/v1/models',
  '/v1/socket',
]

const id = fc.oneof(
  fc.constantFrom(`run-${'0'.repeat(26)}`, '%E0%A4%A', '..', '__proto__', '%00', 'a%2Fb'),
  fc.string({ unit: 'grapheme', maxLength: 40 }).map(encodeURIComponentSafely),
)
const path = fc.tuple(fc.constantFrom(...paths), id).map(([path, id]) => path.replace(':id', id))

const fields =
  'text objective given wanted limits model messages stream question choice reason digest edits type id run approval after'
const field = fc.constantFrom(...fields.split(' '), '__proto__', 'constructor')
// What would be a good goal is left out: it would rightly be written down.
const body = fc.oneof(
  fc.dictionary(field, fc.oneof(fc.jsonValue(), fc.double()), { maxKeys: 5 }).filter(isNoGoal),
  fc.jsonValue().filter(isNoGoal),
  fc.string(),
)
const query = fc
  .dictionary(fc.constantFrom('after', 'limit', 'status', 'q', 'step'), fc.string({ unit: 'binary', maxLength: 20 }))
  .map(fields => new URLSearchParams(fields).toString())

function encodeURIComponentSafely(text: string): string {
  return text.isWellFormed() ? encodeURIComponent(text) : ''
}

function isNoGoal(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return true
  if ('messages' in value) return !(Array.isArray(value.messages) && value.messages.length > 0)
  return !('text' in value && typeof value.text === 'string')
}

it('answers any request as what is wrong with it', async () => {
  const shop = await openShop({ rate: { perSecond: 1_000_000, burst: 1_000_000 } })
  const method = fc.constantFrom('GET', 'POST', 'PUT', 'DELETE', 'OPTIONS')
  const type = fc.constantFrom('application/json', 'application/json; charset=utf-8', 'text/plain', 'x')
  await fc.assert(
    fc.asyncProperty(method, path, query, body, type, async (method, path, query, body, type) => {
      const url = new URL(`${path}?${query}`, shop.url)
      const hasBody = method !== 'GET'
      const response = await fetch(url, {
        method,
        headers: { authorization: `Bearer ${tokens.carla}`, ...(hasBody ? { 'content-type': type } : {}) },
        ...(hasBody ? { body: typeof body === 'string' ? body : JSON.stringify(body) } : {}),
      })
      const text = await response.text()
      expect([response.status, text]).toSatisfy(([status]) => status < 500)
      if (response.status < 400) return
      expect(JSON.parse(text)).toSatisfy(problem => 'code' in problem || 'error' in problem)
    }),
    { numRuns: 400 },
  )
  expect(await shop.muster.runs()).toEqual([])
})

it('answers any message over a WebSocket, each once', async () => {
  const shop = await openShop({ rate: { perSecond: 1_000_000, burst: 1_000_000 } })
  const client = await connect(shop, 'carla')
  const type = fc.constantFrom('subscribe', 'unsubscribe', 'declare', 'decide', 'answer', 'x')
  const message = fc.oneof(
    fc.tuple(type, fc.dictionary(field, fc.jsonValue(), { maxKeys: 5 })).map(([type, rest]) => ({ ...rest, type })),
    fc.jsonValue(),
  )
  await fc.assert(
    fc.asyncProperty(message.filter(isNoGoal), fc.nat(), async (message, id) => {
      const sent =
        typeof message === 'object' && message !== null && !Array.isArray(message) ? { ...message, id } : message
      client.say(JSON.stringify(sent))
      const answer = await client.next(({ type }) => type !== 'approval')
      expect(answer).not.toHaveProperty('problem.code', 'internal')
      expect(answer['id']).toBe(sent === message ? undefined : id)
    }),
    { numRuns: 300 },
  )
  expect(await shop.muster.runs()).toEqual([])
})

it.each([
  ['small', 1, 202],
  ['too large', 40, 413],
])('counts the bytes of a body that comes in pieces: %s', async (_, pieces, expected) => {
  const { url, muster } = await openShop()
  const headers = { authorization: `Bearer ${tokens.carla}`, 'content-type': 'application/json' }
  const status = new Promise(resolve => {
    const sending = request(`${url}/v1/goals`, { method: 'POST', headers }, response =>
      resolve(response.resume().statusCode),
    )
    sending.on('error', () => {})
    sending.write('{"text":"advise me"')
    for (let piece = 0; piece < pieces; piece++) sending.write(' '.repeat(32 * 1024))
    sending.end('}')
  })
  expect(await status).toBe(expected)
  expect(await muster.runs()).toHaveLength(expected === 202 ? 1 : 0)
})

it('tells nothing of what went wrong inside', async () => {
  const shop = await openShop({ log: pino({ level: 'silent' }) })
  const { run } = await declareMuch(shop)
  await shop.muster[Symbol.asyncDispose]()
  const response = await shop.ask('GET', `/v1/runs/${run}`)
  expect(response.status).toBeGreaterThanOrEqual(500)
  expect(await response.text()).not.toMatch(/sqlite|node:|\/src\//i)
  expect((await fetch(`${shop.url}/readyz`)).status).toBe(503)
  expect((await fetch(`${shop.url}/healthz`)).status).toBe(200)
})

it('does not open this machine to a name that a foreign page points at it', async () => {
  const dev = { id: 'dev', kind: 'person', roles: [], tenant: 'home' } as const
  const { url } = await openShop({ open: dev })
  const status = (host: string) =>
    new Promise(resolve =>
      request(`${url}/v1/runs`, { headers: { host } }, response => resolve(response.resume().statusCode)).end(),
    )
  expect([await status(new URL(url).host), await status('localhost'), await status('evil.example')]).toEqual([
    200, 200, 401,
  ])
})

it.each([
  ['a token that is too short', [{ id: 'carla', token: 'short' }]],
  [
    'one token for two',
    [
      { id: 'carla', token: tokens.carla },
      { id: 'maria', token: tokens.carla },
    ],
  ],
  ['a stranger', [{ id: 'nobody', token: tokens.carla }]],
])('does not open with %s', async (_, people) => {
  await expect(openShop({ people })).rejects.toMatchObject({ code: 'bad-config' })
})

it('closes although clients hold on: to half a request, and to a socket that they do not close', async () => {
  const shop = await openShop()
  const { hostname, port } = new URL(shop.url)
  const half = connectTcp(Number(port), hostname)
  half.on('error', () => {})
  half.write('POST /v1/goals HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\n{"text":')
  const client = await connect(shop, 'carla')
  client.socket.pause()
  await shop.close()
  client.socket.resume()
  await Promise.all([client.closed, once(half.resume(), 'close')])
  expect(await shop.muster.runs()).toEqual([])
})
