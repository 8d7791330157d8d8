import { readFile } from 'node:fs/promises'
import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { createManualClock } from '../support/manual-clock.ts'
import { bodyOf, declare, declareMuch, openShop, type Shop } from './shop.ts'

const typedGoal = { objective: 'advise carla', given: { words: 'a new car' }, wanted: ['Advice'] }

async function ended(shop: Shop, run: string) {
  return (await shop.muster.run(run)).result
}

describe('declaring', () => {
  it('accepts a text once it is on disk, and tells where the run can be read', async () => {
    const shop = await openShop()
    const response = await shop.ask('POST', '/v1/goals', { body: { text: 'please advise me' } })
    expect(response.status).toBe(202)
    const { run, links } = await bodyOf(response, {
      run: z.string(),
      links: z.object({ self: z.string(), result: z.string() }),
    })
    expect(response.headers.get('location')).toBe(links.self)
    expect(await ended(shop, run)).toMatchObject({ status: 'succeeded' })
    const result = await shop.ask('GET', links.result)
    expect(await result.json()).toMatchObject({
      run,
      status: 'succeeded',
      outputs: { Advice: { text: 'Think about “please advise me” again.' } },
    })
    const read = await shop.ask('GET', links.self)
    expect(await read.json()).toMatchObject({ run, status: 'succeeded', principal: 'carla' })
  })

  it('accepts a typed goal', async () => {
    const shop = await openShop()
    const response = await shop.ask('POST', '/v1/goals', { body: typedGoal })
    const { run } = await bodyOf(response, { run: z.string() })
    expect(await ended(shop, run)).toMatchObject({ outputs: { Advice: { text: 'Think about “a new car” again.' } } })
  })

  it('makes one run of one idempotency key, and refuses the key for another goal', async () => {
    const shop = await openShop()
    const send = (text: string) =>
      shop.ask('POST', '/v1/goals', { body: { text }, headers: { 'idempotency-key': 'once' } })
    const [first, second] = await Promise.all([send('advise me'), send('advise me')])
    expect(await second.json()).toEqual(await first.json())
    const other = await send('advise somebody else')
    expect(other.status).toBe(409)
    expect(await other.json()).toMatchObject({ code: 'conflict' })
    expect(await shop.muster.runs()).toHaveLength(1)
  })

  it('shows what would happen without doing it', async () => {
    const shop = await openShop()
    const response = await shop.ask('POST', '/v1/plans', { body: typedGoal })
    expect(response.status).toBe(200)
    const shown = await response.json()
    expect(shown).toMatchObject({ steps: [{ capability: 'advise@1', agent: 'clerk' }] })
    expect(shown).not.toHaveProperty('explanation')
    const explained = await shop.ask('POST', '/v1/plans?explain=true', { body: typedGoal })
    expect(await explained.json()).toMatchObject({ explanation: { why: [{ step: 's1' }], suppositions: [] } })
    const outside = await shop.ask('POST', '/v1/plans', { body: { text: 'what is the weather' } })
    expect(outside.status).toBe(422)
    const unclear = await shop.ask('POST', '/v1/plans', { body: { text: 'hm' } })
    expect(await unclear.json()).toMatchObject({ code: 'goal-unclear' })
    expect(shop.paid).toEqual([])
  })
})

describe('bad requests', () => {
  const deep = `{"text":${'['.repeat(200_000)}${']'.repeat(200_000)}}`
  it.each([
    ['no JSON', '{"text":', 400, 'bad-input'],
    ['a text that is none', { text: 7 }, 400, 'bad-input'],
    ['an empty text', { text: '  ' }, 400, 'bad-input'],
    ['a text that is too long', { text: 'x'.repeat(5000) }, 400, 'bad-input'],
    ['a list', [], 400, 'bad-input'],
    ['nothing', undefined, 400, 'bad-input'],
    ['a field too many', { text: 'advise', priority: 9 }, 400, 'bad-input'],
    ['a goal without anything wanted', { ...typedGoal, wanted: [] }, 400, 'bad-input'],
    ['a goal with an unknown concept', { ...typedGoal, wanted: ['Advise'] }, 400, 'bad-input'],
    ['a goal with data of the wrong type', { ...typedGoal, given: { words: 1 } }, 400, 'bad-input'],
    ['a body that is too large', { text: 'x'.repeat(1024 * 1024) }, 413, 'too-large'],
    ['a body that is nested too deep', deep, 400, 'bad-input'],
  ])('are refused with the reason, and nothing is written: %s', async (_, body, status, code) => {
    const shop = await openShop()
    for (const path of ['/v1/goals', '/v1/plans']) {
      const response = await shop.ask('POST', path, { body })
      expect(response.status).toBe(status)
      expect(response.headers.get('content-type')).toBe('application/problem+json')
      expect(await response.json()).toMatchObject({ status, code, type: `urn:muster:problem:${code}` })
    }
    expect(await shop.muster.runs()).toEqual([])
  })

  it('must be JSON by their type: a page of another site can send anything else', async () => {
    const shop = await openShop()
    const body = JSON.stringify({ text: 'pay 5' })
    const response = await shop.ask('POST', '/v1/goals', { body, headers: { 'content-type': 'text/plain' } })
    expect(response.status).toBe(400)
    expect(await shop.muster.runs()).toEqual([])
  })

  it('name what does not exist', async () => {
    const shop = await openShop()
    const run = await declare(shop, 'advise me')
    await ended(shop, run)
    const stranger = `run-${'0'.repeat(26)}`
    for (const [path, status] of [
      ['/v1/nothing', 404],
      ['/v1/runs/nothing', 400],
      [`/v1/runs/${stranger}`, 404],
      [`/v1/runs/${stranger}/events`, 404],
      ['/v1/approvals/approval-1', 404],
      [`/v1/runs/${run}/why?step=s99`, 404],
      ['/v1/runs?limit=0', 400],
      ['/v1/runs?limit=many', 400],
      ['/v1/approvals?status=old', 400],
      ['/v1/socket', 400],
    ] as const) {
      const response = await shop.ask('GET', path)
      expect([path, response.status]).toEqual([path, status])
      expect(await response.json()).toHaveProperty('hint')
    }
  })
})

describe('who comes in', () => {
  it('is known by a token; without a good one nothing is told', async () => {
    const shop = await openShop()
    for (const authorization of ['', 'Bearer', 'Bearer wrong-0123456789abcdef', 'Basic Y2FybGE6eA==']) {
      for (const path of ['/v1/runs', '/v1/nothing', '/openapi.json']) {
        const response = await shop.ask('GET', path, { headers: { authorization } })
        expect(response.status).toBe(401)
        expect(response.headers.get('www-authenticate')).toContain('Bearer')
      }
    }
    for (const path of ['/healthz', '/readyz']) expect((await fetch(`${shop.url}${path}`)).status).toBe(200)
  })

  it('sees nothing of another tenant', async () => {
    const shop = await openShop()
    const { run, approval } = await declareMuch(shop)
    const decision = { choice: 'approve', reason: 'fine', digest: approval.digest }
    for (const [method, path, body] of [
      ['GET', `/v1/runs/${run}`],
      ['GET', `/v1/runs/${run}/plan`],
      ['GET', `/v1/runs/${run}/result`],
      ['GET', `/v1/runs/${run}/why`],
      ['GET', `/v1/runs/${run}/events`],
      ['POST', `/v1/runs/${run}/answers`, { question: 'part-1', choice: 'pay' }],
      ['POST', `/v1/runs/${run}/cancel`],
      ['POST', `/v1/runs/${run}/pause`],
      ['POST', `/v1/runs/${run}/resume`],
      ['POST', `/v1/runs/${run}/change`, { limits: { budget: { usd: 9 } } }],
      ['GET', `/v1/approvals/${approval.id}`],
      ['POST', `/v1/approvals/${approval.id}/decision`, decision],
    ] as const) {
      const response = await shop.ask(method, path, { as: 'omar', body })
      expect([path, response.status]).toEqual([path, 404])
    }
    expect(await (await shop.ask('GET', '/v1/runs', { as: 'omar' })).json()).toEqual({ runs: [] })
    expect(await (await shop.ask('GET', '/v1/approvals', { as: 'omar' })).json()).toEqual({ approvals: [] })
    expect(shop.paid).toEqual([])
  })

  it('may be anybody on this machine where loopback is open, but no page of another site and no foreign name', async () => {
    const developer = { id: 'dev', kind: 'person', roles: [], tenant: 'home' } as const
    const shop = await openShop({ open: developer })
    const ask = (headers: Record<string, string>) => shop.ask('GET', '/v1/runs', { headers })
    expect((await ask({ authorization: '' })).status).toBe(200)
    expect((await ask({ authorization: 'Bearer any' })).status).toBe(200)
    expect((await ask({ authorization: 'Bearer wrong-0123456789abcdef' })).status).toBe(401)
    expect((await ask({ authorization: '', origin: 'https://elsewhere.example' })).status).toBe(403)
    expect((await ask({ authorization: '', origin: shop.url })).status).toBe(200)
    expect((await ask({ authorization: '', 'x-forwarded-for': '10.0.0.1' })).status).toBe(401)
  })

  it('may ask only so often, each for themselves', async () => {
    const clock = createManualClock()
    const shop = await openShop({ clock, rate: { perSecond: 1, burst: 2 } })
    const status = async (as: 'carla' | 'maria') => (await shop.ask('GET', '/v1/nodes', { as })).status
    expect([await status('carla'), await status('carla'), await status('carla')]).toEqual([200, 200, 429])
    expect(await status('maria')).toBe(200)
    await clock.advance(1000)
    const again = [await shop.ask('GET', '/v1/nodes'), await shop.ask('GET', '/v1/nodes')]
    expect(again.map(({ status }) => status)).toEqual([200, 429])
    expect(again[1]?.headers.get('retry-after')).toBe('1')
  })
})

describe('runs', () => {
  it('are listed newest first, in pages', async () => {
    const shop = await openShop()
    const declared = []
    for (const text of ['advise 1', 'advise 2', 'advise 3']) {
      const run = await declare(shop, text)
      await ended(shop, run)
      declared.unshift(run)
    }
    const first = await bodyOf(await shop.ask('GET', '/v1/runs?limit=2'), {
      runs: z.array(z.looseObject({ run: z.string() })),
      next: z.string(),
    })
    expect(first.runs.map(({ run }) => run)).toEqual(declared.slice(0, 2))
    const second = await (await shop.ask('GET', `/v1/runs?limit=2&after=${first.next}`)).json()
    expect(second).toMatchObject({ runs: [{ run: declared[2] }] })
    expect(second).not.toHaveProperty('next')
  })

  it('show their plan, what they wait for, and no result before there is one', async () => {
    const shop = await openShop()
    const { run, approval } = await declareMuch(shop)
    await (await shop.muster.run(run)).idle()
    const result = await shop.ask('GET', `/v1/runs/${run}/result`)
    expect([result.status, await result.json()]).toMatchObject([202, { status: 'waiting' }])
    const plan = await (await shop.ask('GET', `/v1/runs/${run}/plan`)).json()
    expect(plan).toMatchObject({
      plan: { steps: [{ capability: 'order.read@1' }, { capability: 'pay@1' }] },
      picture: expect.stringContaining('flowchart'),
      forecast: { steps: [{ capability: 'order.read@1' }, { capability: 'pay@1' }] },
      actual: { cost: { within: true }, steps: [{ end: 'succeeded' }, { end: 'open' }] },
    })
    const drawn = await shop.ask('GET', `/v1/runs/${run}/plan`, { headers: { accept: 'image/svg+xml' } })
    expect(drawn.headers.get('content-type')).toMatch(/^image\/svg\+xml/)
    expect(drawn.headers.get('content-security-policy')).toContain("default-src 'none'")
    const svg = await drawn.text()
    expect(svg).toContain('>done by clerk<')
    expect(svg).toContain('>may ask finance<')
    const view = await (await shop.ask('GET', `/v1/runs/${run}`)).json()
    expect(view).toMatchObject({ status: 'waiting', approvals: [{ id: approval.id, to: 'finance' }] })
  })

  it('explain themselves, whole or by step, as data and in words', async () => {
    const shop = await openShop()
    const run = await declare(shop, 'pay 50')
    await ended(shop, run)
    const words = z.array(z.string())
    const steps = z.array(z.looseObject({ step: z.string(), capability: z.string() }))
    const why = await bodyOf(await shop.ask('GET', `/v1/runs/${run}/why`), { words, steps })
    expect(why.words.join('\n')).toContain('permit by `all`')
    const paying = why.steps.find(({ capability }) => capability === 'pay@1')
    const step = await bodyOf(await shop.ask('GET', `/v1/runs/${run}/why?step=${paying?.step}`), { words })
    expect(step).toMatchObject({
      attempts: [{ agent: 'till', placement: { node: 'local' } }],
      end: { kind: 'succeeded' },
    })
    expect(step.words.join('\n')).toContain('`till` scored')
  })

  it('ask when words are unclear, and go on with the answer', async () => {
    const shop = await openShop()
    const run = await declare(shop, 'hm, 7')
    await (await shop.muster.run(run)).idle()
    const { status, question } = await bodyOf(await shop.ask('GET', `/v1/runs/${run}`), {
      status: z.string(),
      question: z.object({ id: z.string(), choices: z.array(z.unknown()) }).loose(),
    })
    expect([status, question.choices.length]).toEqual(['asking', 3])
    const answer = (body: unknown) => shop.ask('POST', `/v1/runs/${run}/answers`, { body })
    expect((await answer({ question: question.id })).status).toBe(400)
    expect((await answer({ question: question.id, choice: 'dance' })).status).toBe(400)
    expect((await answer({ question: 'part-9', choice: 'pay' })).status).toBe(409)
    expect((await answer({ question: question.id, choice: 'pay' })).status).toBe(202)
    expect(await ended(shop, run)).toMatchObject({ status: 'succeeded', outputs: { Receipt: { amount: 7 } } })
    expect((await answer({ question: question.id, choice: 'pay' })).status).toBe(409)
  })

  it('are paused, resumed and cancelled', async () => {
    const shop = await openShop()
    const { run } = await declareMuch(shop)
    const post = async (what: string, body?: unknown) =>
      (await shop.ask('POST', `/v1/runs/${run}/${what}`, { body })).status
    expect(await post('pause', { reason: 'lunch' })).toBe(202)
    expect(await post('resume')).toBe(202)
    expect(await post('cancel', { why: 'changed my mind' })).toBe(400)
    expect(await post('cancel', { reason: 'changed my mind' })).toBe(202)
    expect(await ended(shop, run)).toMatchObject({ status: 'cancelled' })
    expect(await post('cancel')).toBe(409)
    expect(shop.paid).toEqual([])
  })
})

describe('limits', () => {
  it('are changed while a run goes on, and never below what is promised', async () => {
    const shop = await openShop()
    const { run } = await declareMuch(shop)
    const change = async (body: unknown) => (await shop.ask('POST', `/v1/runs/${run}/change`, { body })).status
    expect(await change({ limits: { budget: { usd: 7 }, deadline: '3h' }, reason: 'it is worth that' })).toBe(202)
    expect(await change({})).toBe(400)
    expect(await change({ limits: { budget: { usd: -1 } } })).toBe(400)
    expect(await change({ given: { words: 'pay 5' } })).toBe(409)
    await shop.ask('POST', `/v1/runs/${run}/cancel`)
    await ended(shop, run)
    expect(await (await shop.ask('GET', `/v1/runs/${run}`)).json()).toMatchObject({ budget: 7_000_000 })
    expect(await change({ limits: { budget: { usd: 9 } } })).toBe(409)
  })
})

describe('approvals', () => {
  it('are decided once, by somebody of the role, on exactly what was read', async () => {
    const shop = await openShop()
    const {
      run,
      approval: { id, digest },
    } = await declareMuch(shop)
    const open = await (await shop.ask('GET', '/v1/approvals?status=open', { as: 'maria' })).json()
    expect(open).toMatchObject({ approvals: [{ id, digest, input: { order: { amount: 500 } } }] })
    const decide = async (as: 'carla' | 'maria' | 'paul', body: object) =>
      (await shop.ask('POST', `/v1/approvals/${id}/decision`, { as, body })).status
    const yes = { choice: 'approve', reason: 'seen the invoice', digest }
    expect(await decide('carla', yes)).toBe(403)
    expect(await decide('maria', { ...yes, digest: `sha256:${'0'.repeat(64)}` })).toBe(409)
    expect(await decide('maria', { ...yes, digest: 'sha256:0' })).toBe(400)
    expect(await decide('maria', { ...yes, choice: 'perhaps' })).toBe(400)
    expect(await decide('maria', { ...yes, reason: '' })).toBe(400)
    expect(await decide('maria', { ...yes, edits: { order: { amount: 1 } } })).toBe(400)
    expect(await decide('maria', { ...yes, choice: 'edit', edits: { order: { amount: 'one' } } })).toBe(400)
    expect(shop.paid).toEqual([])
    expect(await decide('maria', yes)).toBe(200)
    expect(await decide('maria', yes)).toBe(409)
    expect(await decide('paul', yes)).toBe(409)
    expect(await ended(shop, run)).toMatchObject({ status: 'succeeded' })
    expect(shop.paid).toEqual([500])
    const closed = await (await shop.ask('GET', '/v1/approvals?status=closed', { as: 'maria' })).json()
    expect(closed).toMatchObject({ approvals: [{ id, outcome: { status: 'approved' } }] })
  })

  it('let arguments be changed, which is what then runs', async () => {
    const shop = await openShop()
    const { run, approval } = await declareMuch(shop)
    const edit = { choice: 'edit', reason: 'only a part', digest: approval.digest, edits: { order: { amount: 80 } } }
    const response = await shop.ask('POST', `/v1/approvals/${approval.id}/decision`, { as: 'maria', body: edit })
    expect(await response.json()).toMatchObject({ outcome: { status: 'edited', by: 'maria' } })
    expect(await ended(shop, run)).toMatchObject({ status: 'succeeded', outputs: { Receipt: { amount: 80 } } })
    expect(shop.paid).toEqual([80])
  })
})

describe('the house', () => {
  it('shows who there is, what they offer and on which nodes', async () => {
    const shop = await openShop()
    const get = async (path: string) => (await shop.ask('GET', path)).json()
    expect(await get('/v1/agents')).toMatchObject({ agents: [{ id: 'clerk' }, { id: 'till', offers: ['pay@1'] }] })
    expect(await get('/v1/capabilities?q=money%20receipt')).toMatchObject({
      // Best first; what feeds it comes after.
      capabilities: [{ id: 'pay@1', effect: 'acts', offeredBy: ['till'] }, { id: 'order.read@1' }],
    })
    expect(await get('/v1/capabilities?q=dancing')).toEqual({ capabilities: [] })
    expect(await get('/v1/nodes')).toMatchObject({ nodes: [{ id: 'local', state: 'ready' }] })
    const { next } = await bodyOf(await shop.ask('GET', '/v1/agents?limit=1'), { next: z.string() })
    expect(await get(`/v1/agents?after=${next}`)).toMatchObject({ agents: [{ id: 'till' }] })
  })

  it('describes every route with what it takes, as its page does', async () => {
    const shop = await openShop()
    const { paths } = await bodyOf(await shop.ask('GET', '/openapi.json'), { paths: z.record(z.string(), z.unknown()) })
    const page = await readFile(new URL('../../docs/http.md', import.meta.url), 'utf8')
    expect(Object.keys(paths)).toContain('/v1/chat/completions')
    expect(Object.keys(paths).filter(path => !page.includes(path))).toEqual([])
    const taking = (schema: object) => ({ post: { requestBody: { content: { 'application/json': { schema } } } } })
    expect(paths).toMatchObject({
      '/v1/approvals/{id}/decision': taking({ required: ['choice', 'reason', 'digest'] }),
      '/v1/goals': taking({ anyOf: [{ required: ['text'] }, { required: ['objective', 'given', 'wanted'] }] }),
    })
  })
})
