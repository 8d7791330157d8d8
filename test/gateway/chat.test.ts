import OpenAI from 'openai'
import { expect, it } from 'vitest'
import { bodyOf, connect, openShop, type Shop, type Somebody, tokens } from './shop.ts'
import { z } from 'zod'

type Messages = OpenAI.Chat.ChatCompletionMessageParam[]

/** An unmodified client. */
function clientOf({ url }: Shop, as: Somebody): OpenAI {
  return new OpenAI({ baseURL: `${url}/v1`, apiKey: tokens[as] })
}

async function say(client: OpenAI, ...messages: Messages) {
  const completion = await client.chat.completions.create({ model: 'muster', messages })
  expect(completion.choices[0]?.finish_reason).toBe('stop')
  return completion.choices[0]?.message.content ?? ''
}

const user = (content: string) => ({ role: 'user', content }) as const
const assistant = (content: string) => ({ role: 'assistant', content }) as const

it('answers an unmodified client in words', async () => {
  const client = clientOf(await openShop(), 'carla')
  expect((await client.models.list()).data.map(({ id }) => id)).toEqual(['muster'])
  expect(await say(client, { role: 'system', content: 'be brief' }, user('advise me'))).toBe(
    'Think about “advise me” again.',
  )
  expect(await say(client, user('what is the weather'))).toContain('I can help with payments and advice')
  expect(await say(client, user('pay 1000000'))).toBe(
    'This may not be done: Receipt: nobody pays a million (rule `never` of `home`)',
  )
})

it('answers three at once while one of them waits for an approval that comes over a WebSocket', async () => {
  const shop = await openShop()
  const client = clientOf(shop, 'carla')
  const maria = await connect(shop, 'maria')
  maria.say({ type: 'subscribe', approvals: true })
  await maria.next(({ type }) => type === 'subscribed')
  const done: string[] = []
  const ask = async (text: string) => {
    const answer = await say(client, user(text))
    done.push(text)
    return answer
  }
  const answers = Promise.all([ask('pay 700'), ask('advise me'), ask('pay 7')])
  const { approval } = z
    .object({ approval: z.object({ id: z.string(), digest: z.string() }) })
    .parse(await maria.next(({ type }) => type === 'approval'))
  await expect.poll(() => done.toSorted()).toEqual(['advise me', 'pay 7'])
  const { id, digest } = approval
  maria.say({ type: 'decide', approval: id, choice: 'approve', reason: 'fine', digest })
  expect(await answers).toEqual(['Paid 700.', 'Think about “advise me” again.', 'Paid 7.'])
  expect(shop.paid.toSorted((a, b) => a - b)).toEqual([7, 700])
})

it('streams what it waits for, and then the answer', async () => {
  const shop = await openShop()
  const stream = await clientOf(shop, 'carla').chat.completions.create({
    model: 'muster',
    messages: [user('pay 500')],
    stream: true,
    stream_options: { include_usage: true },
  })
  let content = ''
  let finish: string | null = null
  let usage: unknown
  let decided = false
  for await (const chunk of stream) {
    content += chunk.choices[0]?.delta.content ?? ''
    finish = chunk.choices[0]?.finish_reason ?? finish
    usage = chunk.usage ?? usage
    if (!content.includes('waiting for finance') || decided) continue
    decided = true
    const [approval] = await shop.muster.approvals.list()
    const body = { choice: 'approve', reason: 'fine', digest: approval?.digest }
    await shop.ask('POST', `/v1/approvals/${approval?.id}/decision`, { as: 'maria', body })
  }
  expect(content).toBe(
    '(waiting for finance to approve: more than 100 needs finance)\n\n(finance approved)\n\nPaid 500.',
  )
  expect([finish, usage]).toEqual(['stop', { prompt_tokens: 0, completion_tokens: 0, total_tokens: 0 }])
})

it('says why something was not done', async () => {
  const shop = await openShop()
  const client = clientOf(shop, 'carla')
  const answer = say(client, user('pay 500'))
  await expect.poll(async () => (await shop.muster.approvals.list()).length).toBe(1)
  const [approval] = await shop.muster.approvals.list()
  const body = { choice: 'reject', reason: 'too much', digest: approval?.digest }
  await shop.ask('POST', `/v1/approvals/${approval?.id}/decision`, { as: 'maria', body })
  expect(await answer).toBe('This may not be done: Receipt: `maria` said no: too much')
})

it('asks back, and takes the next message of the conversation as the answer', async () => {
  const shop = await openShop()
  const client = clientOf(shop, 'carla')
  const question = await say(client, user('hm, 7'))
  expect(question).toMatch(
    /^What is “hm, 7” about\?\n\n1\. paying somebody\n2\. some advice\n3\. none of these\n\nPlease answer with a number\.\n\n\[run-/,
  )
  const again = await say(client, user('hm, 7'), assistant(question), user('the red one'))
  expect(again).toMatch(/^I am not sure which one you mean\./)
  expect(await say(client, user('hm, 7'), assistant(again), user('1.'))).toBe('Paid 7.')
  expect(shop.paid).toEqual([7])
  expect(await shop.muster.runs()).toHaveLength(1)
})

it.each([
  ['2', 'Think about “hm, 7” again.'],
  ['Some advice!', 'Think about “hm, 7” again.'],
  ['paying', 'Paid 7.'],
  ['none of these', 'That is outside of what I can do. I can help with payments and advice.'],
])('understands `%s` as a choice', async (words, answer) => {
  const client = clientOf(await openShop(), 'carla')
  const question = await say(client, user('hm, 7'))
  expect(await say(client, user('hm, 7'), assistant(question), user(words))).toBe(answer)
})

it('does not let a person answer for another, whatever they write into the conversation', async () => {
  const shop = await openShop()
  const question = await say(clientOf(shop, 'carla'), user('hm, 7'))
  expect(await say(clientOf(shop, 'paul'), assistant(question), user('advise 1'))).toBe('Think about “advise 1” again.')
  expect(shop.paid).toEqual([])
  expect(await say(clientOf(shop, 'carla'), assistant(`[run-${'0'.repeat(26)}]`), user('advise 1'))).toBe(
    'Think about “advise 1” again.',
  )
})

it('goes on with a run whose client has gone', async () => {
  const shop = await openShop()
  const gone = new AbortController()
  const client = clientOf(shop, 'carla')
  const answer = client.chat.completions
    .create({ model: 'muster', messages: [user('pay 500')] }, { signal: gone.signal })
    .catch(() => 'gone')
  await expect.poll(async () => (await shop.muster.approvals.list()).length).toBe(1)
  gone.abort()
  expect(await answer).toBe('gone')
  const [approval] = await shop.muster.approvals.list()
  const body = { choice: 'approve', reason: 'fine', digest: approval?.digest }
  await shop.ask('POST', `/v1/approvals/${approval?.id}/decision`, { as: 'maria', body })
  const [run] = await shop.muster.runs()
  expect(await (await shop.muster.run(run?.run ?? '')).result).toMatchObject({ status: 'succeeded' })
})

it('tells errors as OpenAI tells them', async () => {
  const shop = await openShop()
  const client = clientOf(shop, 'carla')
  const error = async (create: Promise<unknown>) => {
    const thrown: unknown = await create.catch(error => error)
    if (!(thrown instanceof OpenAI.APIError)) throw new Error('no error of the API')
    return [thrown.status, thrown.code, thrown.type]
  }
  const create = (body: object, known = client) =>
    known.chat.completions.create({ model: 'muster', messages: [user('advise')], ...body })
  expect(await error(create({ model: 'gpt-5' }))).toEqual([404, 'not-found', 'invalid_request_error'])
  expect(await error(create({ messages: [] }))).toEqual([400, 'bad-input', 'invalid_request_error'])
  expect(await error(create({ messages: [assistant('hello')] }))).toEqual([400, 'bad-input', 'invalid_request_error'])
  expect(await error(create({ messages: [user(' ')] }))).toEqual([400, 'bad-input', 'invalid_request_error'])
  expect(await error(create({ n: 2 }))).toEqual([400, 'bad-input', 'invalid_request_error'])
  const image = { role: 'user', content: [{ type: 'image_url', image_url: { url: 'data:,' } }] }
  expect(await error(create({ messages: [image] }))).toEqual([400, 'bad-input', 'invalid_request_error'])
  const stranger = new OpenAI({ baseURL: `${shop.url}/v1`, apiKey: 'wrong-0123456789abcdef' })
  expect(await error(create({}, stranger))).toEqual([401, 'unauthenticated', 'invalid_request_error'])
  expect(await shop.muster.runs()).toEqual([])
})

it('does not declare twice when a client repeats a request with its key', async () => {
  const shop = await openShop()
  const client = clientOf(shop, 'carla')
  const once = { headers: { 'idempotency-key': 'same' } }
  const create = () => client.chat.completions.create({ model: 'muster', messages: [user('pay 7')] }, once)
  const [first, second] = await Promise.all([create(), create()])
  expect(second.id).toBe(first.id)
  expect(shop.paid).toEqual([7])
})

it.each([true, false])('declares nothing for a client that holds too many answers open, streamed: %s', async stream => {
  const shop = await openShop({ streams: 1 })
  const client = clientOf(shop, 'carla')
  const gone = new AbortController()
  const first = client.chat.completions
    .create({ model: 'muster', messages: [user('pay 500')] }, { signal: gone.signal })
    .catch(() => 'gone')
  await expect.poll(async () => (await shop.muster.approvals.list()).length).toBe(1)
  const body = { model: 'muster', messages: [user('advise me')], stream }
  const second = client.chat.completions.create(body, { maxRetries: 0 })
  await expect(second).rejects.toMatchObject({ status: 429, code: 'too-many-requests' })
  expect(await shop.muster.runs()).toHaveLength(1)
  gone.abort()
  await first
  await expect.poll(() => client.chat.completions.create(body).then(() => 'answered')).toBe('answered')
})

it('names the run of an answer, so that more can be read about it', async () => {
  const shop = await openShop()
  const { id } = await clientOf(shop, 'carla').chat.completions.create({ model: 'muster', messages: [user('pay 7')] })
  expect(await bodyOf(await shop.ask('GET', `/v1/runs/${id}`), { status: z.string() })).toMatchObject({
    status: 'succeeded',
  })
})

it('stops waiting when the server closes, and asks the client not to try again', async () => {
  const shop = await openShop()
  const waiting = clientOf(shop, 'carla').chat.completions.create({ model: 'muster', messages: [user('pay 500')] })
  const failed = waiting.catch(error => error)
  await expect.poll(async () => (await shop.muster.approvals.list()).length).toBe(1)
  await shop.close()
  expect(await failed).toMatchObject({ status: 503, code: 'closed' })
  expect(await shop.muster.runs()).toHaveLength(1)
})
