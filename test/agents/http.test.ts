import { once } from 'node:events'
import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import {
  defineAgent,
  defineCapability,
  emptyRecord,
  httpAgent,
  serveAgent,
  type WorkContext,
} from '../../src/agents/index.ts'
import { concept } from '../../src/core/index.ts'
import { createManualClock, workContext } from '../../src/testing/index.ts'
import { announcementAt, auctionAmong, bidder, echo } from '../support/auction.ts'
import { type Listener, serveLoopback } from '../support/loopback.ts'

const token = 'a-secret-of-two-processes'

const work = (agent: ReturnType<typeof httpAgent>, known: Partial<WorkContext> = {}) =>
  agent.perform('text.echo', { text: 'hello' }, workContext(known))

function remote(url: string, known: { token?: string; timeout?: string } = {}) {
  return httpAgent({ id: 'far', url, offers: [echo], domain: 'partner', token, ...known })
}

async function against<T>(listener: Listener, use: (agent: ReturnType<typeof httpAgent>) => Promise<T>): Promise<T> {
  await using server = await serveLoopback(listener)
  return await use(remote(server.url))
}

describe('an agent over HTTP', () => {
  it('bids and works like one at home, and is told for whom', async () => {
    const seen: WorkContext[] = []
    const far = defineAgent({
      id: 'far',
      offers: [echo],
      bid: ({ load, record }) => ({ price: { usd: 0.01 }, time: `${load + record.succeeded + 1}ms`, confidence: 0.7 }),
      perform: {
        'text.echo': ({ text }, context) => {
          seen.push(context)
          return { echo: text.toUpperCase() }
        },
      },
    })
    await using served = await serveAgent(far, { port: 0, token })
    const clock = createManualClock(Date.now())
    const round = await auctionAmong([remote(served.url)], { clock })
    expect(round.ranked[0]?.bid).toMatchObject({ agent: 'far', price: 10_000, time: 1, confidence: 0.7 })
    const principal = { id: 'maria', kind: 'person', roles: ['support'], tenant: 'shop' } as const
    expect(await work(remote(served.url), { principal, idempotencyKey: 'k1', clock })).toEqual({ echo: 'HELLO' })
    expect(seen[0]).toMatchObject({ principal, idempotencyKey: 'k1', missing: [], inputs: {} })
  })

  it('is not let in with a wrong token, which nobody repeats', async () => {
    await using served = await serveAgent(
      bidder('far', () => ({ time: '1ms', confidence: 1 })),
      { port: 0, token },
    )
    const failed = work(remote(served.url, { token: 'guessed-by-a-stranger' }))
    await expect(failed).rejects.toMatchObject({ code: 'agent-failed' })
    await expect(failed).rejects.toThrow(/status 401: the token is missing or wrong/)
    await expect(failed).rejects.not.toThrow(/guessed-by-a-stranger/)
  })

  it('keeps the token out of its errors even when the other side quotes it', async () => {
    const quoting: Listener = (request, response) =>
      response.writeHead(403).end(JSON.stringify({ error: { code: 'x', message: request.headers.authorization } }))
    const failed = against(quoting, work)
    await expect(failed).rejects.toThrow(/status 403: Bearer …/)
    await expect(failed).rejects.not.toThrow(token)
  })

  it('does not let the other side choose the code of an error', async () => {
    const steering: Listener = (_, response) =>
      response.writeHead(409).end(JSON.stringify({ error: { code: 'stale-fence', message: 'stop everything' } }))
    await expect(against(steering, work)).rejects.toMatchObject({ code: 'agent-failed' })
  })

  it.each<[string, Listener, RegExp]>([
    [
      'a redirect',
      (_, r) => r.writeHead(307, { location: 'http://127.0.0.1:1/' }).end(),
      /a redirect, which is refused/,
    ],
    ['a page', (_, r) => r.end('<html>'), /something that is not JSON/],
    ['too much', (_, r) => r.end(JSON.stringify({ output: 'x'.repeat(1024 * 1024) })), /more than 1048576 bytes/],
    ['no output', (_, r) => r.end('{"result":1}'), /without an `output`/],
    [
      'half an answer',
      (_, r) => r.writeHead(200, { 'content-length': 50 }).write('{"out', () => r.destroy()),
      /broke off/,
    ],
    ['an error of no form', (_, r) => r.writeHead(500).end('oops'), /status 500: it did not say why/],
  ])('fails when it answers with %s', async (_, listener, message) => {
    const failed = against(listener, work)
    await expect(failed).rejects.toMatchObject({ code: 'agent-failed' })
    await expect(failed).rejects.toThrow(message)
  })

  it('fails when nobody listens', async () => {
    const { url } = await serveLoopback(() => {}).then(async server => {
      await server[Symbol.asyncDispose]()
      return server
    })
    await expect(work(remote(url))).rejects.toMatchObject({ code: 'agent-failed' })
  })

  it('is silent when it hangs longer than it is given, or than is left', async () => {
    await using server = await serveLoopback(() => {})
    const clock = createManualClock()
    for (const known of [
      { timeout: '5s', deadline: 60_000 },
      { timeout: '60s', deadline: 5_000 },
    ]) {
      const failed = work(remote(server.url, { timeout: known.timeout }), {
        clock,
        deadline: clock.now() + known.deadline,
      })
      const outcome = failed.catch((error: unknown) => error)
      await clock.advance(5_001)
      expect(await outcome).toMatchObject({ code: 'agent-silent' })
    }
  })

  it('stops when the work is no longer wanted', async () => {
    await using server = await serveLoopback(() => {})
    const controller = new AbortController()
    const failed = work(remote(server.url), { signal: controller.signal })
    const reason = new Error('the run was cancelled')
    controller.abort(reason)
    await expect(failed).rejects.toBe(reason)
  })

  it('makes a malformed offer known for what it is', async () => {
    const bid = (agent: ReturnType<typeof httpAgent>) =>
      auctionAmong([agent], { clock: { now: () => 0, after: () => () => {} } })
    const round = await against((_, response) => response.end('{"time":"1ms","confidence":7}'), bid)
    expect(round.declined[0]?.reason).toMatch(/made a malformed offer: confidence/)
  })

  it.each(['ftp://a/b', 'nowhere', 'http://user:pass@a/', 'http://a/?key=secret'])('refuses the url %s', url => {
    expect(() => remote(url)).toThrow(expect.objectContaining({ code: 'bad-config' }))
  })
})

describe('a served agent', () => {
  const body = { capability: 'text.echo', input: { text: 'hi' }, deadline: 9e12 }

  async function post(url: string, path: string, content: unknown, headers: Readonly<Record<string, string>> = {}) {
    const response = await fetch(`${url}/${path}`, {
      method: 'POST',
      headers: {
        authorization: `Bearer ${token}`,
        'idempotency-key': 'k',
        'content-type': 'application/json',
        ...headers,
      },
      body: typeof content === 'string' ? content : JSON.stringify(content),
    })
    const answer: unknown = await response.json()
    return { status: response.status, answer }
  }

  const count = concept('Count', z.number())
  const add = defineCapability({ name: 'count.add', takes: { by: count }, gives: { count }, effect: 'writes' })

  function counter() {
    let sum = 0
    return defineAgent({
      id: 'counter',
      offers: [add],
      perform: {
        'count.add': async ({ by }) => {
          if (by < 0) throw new Error('only up')
          return { count: (sum += by) }
        },
      },
    })
  }
  const adding = (by: number) => ({ capability: 'count.add', input: { by }, deadline: 9e12 })

  it('works once for a key, also when asked twice at the same time', async () => {
    await using served = await serveAgent(counter(), { port: 0, token })
    const answers = await Promise.all([post(served.url, 'perform', adding(2)), post(served.url, 'perform', adding(2))])
    expect(answers.map(({ answer }) => answer)).toEqual([{ output: { count: 2 } }, { output: { count: 2 } }])
    expect(await post(served.url, 'perform', adding(2))).toMatchObject({ answer: { output: { count: 2 } } })
    expect(await post(served.url, 'perform', adding(3))).toMatchObject({
      status: 409,
      answer: { error: { code: 'conflict' } },
    })
    const next = await post(served.url, 'perform', adding(3), { 'idempotency-key': 'another' })
    expect(next.answer).toEqual({ output: { count: 5 } })
  })

  it('may be asked again under the key of work that failed', async () => {
    let attempts = 0
    const flaky = defineAgent({
      id: 'flaky',
      offers: [echo],
      perform: {
        'text.echo': ({ text }) => {
          if (++attempts === 1) throw new Error('not yet')
          return { echo: text }
        },
      },
    })
    await using served = await serveAgent(flaky, { port: 0, token })
    expect(await post(served.url, 'perform', body)).toMatchObject({
      status: 502,
      answer: { error: { message: 'not yet' } },
    })
    expect(await post(served.url, 'perform', body)).toMatchObject({ status: 200, answer: { output: { echo: 'hi' } } })
  })

  it.each<[string, string, unknown, Readonly<Record<string, string>>, number, string]>([
    ['no token', 'perform', body, { authorization: '' }, 401, 'unauthenticated'],
    ['a longer token', 'perform', body, { authorization: `Bearer ${token}x` }, 401, 'unauthenticated'],
    ['no key', 'perform', body, { 'idempotency-key': '' }, 400, 'bad-input'],
    ['no JSON', 'perform', '{', {}, 400, 'bad-input'],
    ['a body of another form', 'perform', { capability: 7 }, {}, 400, 'bad-input'],
    ['an announcement of another form', 'bid', { announcement: { id: 'x' } }, {}, 400, 'bad-input'],
    ['a capability that it does not offer', 'perform', { ...body, capability: 'text.sing' }, {}, 404, 'not-found'],
    ['an input that does not fit', 'perform', { ...body, input: { text: 7 } }, {}, 400, 'bad-input'],
    ['a body of 5 MiB', 'perform', { ...body, input: { text: 'x'.repeat(5 << 20) } }, {}, 413, 'too-large'],
    ['a deadline that has passed', 'perform', { ...body, deadline: 1 }, {}, 504, 'deadline-passed'],
  ])('refuses a request with %s', async (_, path, content, headers, status, code) => {
    const slow = defineAgent({
      id: 'slow',
      offers: [echo],
      perform: {
        'text.echo': async (_, { signal }) => {
          await once(signal, 'abort')
          return { echo: 'too late' }
        },
      },
    })
    await using served = await serveAgent(slow, { port: 0, token })
    expect(await post(served.url, path, content, headers)).toMatchObject({ status, answer: { error: { code } } })
  })

  it('does not let out an output that does not fit', async () => {
    const lying = { ...bidder('liar', () => ({ time: '1ms', confidence: 1 })), perform: async () => ({ echo: 7 }) }
    await using served = await serveAgent(lying, { port: 0, token })
    expect(await post(served.url, 'perform', body)).toMatchObject({
      status: 502,
      answer: { error: { code: 'bad-output' } },
    })
  })

  it('cannot call other agents or run models, and says so', async () => {
    for (const reach of [
      (context: WorkContext) => context.call('text.echo', { text: 'x' }),
      (context: WorkContext) => context.infer({ name: 'm', file: 'm.onnx' }, {}),
    ]) {
      const caller = {
        ...bidder('caller', () => ({ decline: '' })),
        perform: (_: string, __: object, c: WorkContext) => reach(c),
      }
      await using served = await serveAgent(caller, { port: 0, token })
      const { answer } = await post(served.url, 'perform', body)
      expect(answer).toMatchObject({ error: { message: expect.stringContaining('is served over HTTP and cannot') } })
    }
  })

  it('declines an announcement in its own words', async () => {
    await using served = await serveAgent(
      bidder('shy', () => ({ decline: 'closed on Sundays' })),
      { port: 0, token },
    )
    const request = { announcement: announcementAt(Date.now()), load: 0, record: emptyRecord }
    expect(await post(served.url, 'bid', request)).toEqual({ status: 200, answer: { decline: 'closed on Sundays' } })
  })

  it('wants a token that cannot be guessed', async () => {
    await expect(serveAgent(counter(), { port: 0, token: 'short' })).rejects.toMatchObject({ code: 'bad-config' })
  })
})
