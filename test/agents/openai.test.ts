import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { defineCapability, openaiAgent, openaiModel } from '../../src/agents/index.ts'
import { concept, type Generation } from '../../src/core/index.ts'
import { workContext } from '../../src/testing/index.ts'
import { type Said, says, serveOpenai } from '../support/openai.ts'

/** A model behind a server that answers in turn. */
async function fakeOpenai(answers: readonly Said[]) {
  const server = await serveOpenai(answers)
  const { url, apiKey } = server
  return { ...server, model: openaiModel({ model: 'small', baseURL: `${url}/v1`, apiKey }) }
}

const apiKey = 'sk-very-secret-key'
const fails = (status: number, message: string) => ({ status, body: { error: { message, type: 'x', code: null } } })
const hello: Generation = { messages: [{ role: 'user', content: 'hello' }] }
const never = new AbortController().signal

describe('a model behind the OpenAI API', () => {
  it('is asked with its key and answers with what it used', async () => {
    await using server = await fakeOpenai([says({ content: 'hi' })])
    expect(await server.model.generate({ ...hello, maxTokens: 50 }, never)).toEqual({
      content: 'hi',
      toolCalls: [],
      usage: { inputTokens: 12, outputTokens: 3 },
    })
    expect(server.keys).toEqual([`Bearer ${apiKey}`])
    expect(server.requests[0]).toMatchObject({ model: 'small', max_completion_tokens: 50 })
  })

  it('knows tools by names that the API allows, and gives them back as they were', async () => {
    const call = { id: 't1', type: 'function', function: { name: 'order_find', arguments: '{"id":"o1"}' } }
    const broken = { id: 't2', type: 'function', function: { name: 'order_find', arguments: '{"id":' } }
    await using server = await fakeOpenai([says({ tool_calls: [call, broken] }, 'tool_calls')])
    const tools = [{ name: 'order.find', description: 'finds', parameters: { type: 'object' } }]
    const { toolCalls } = await server.model.generate({ ...hello, tools }, never)
    expect(toolCalls).toEqual([
      { id: 't1', name: 'order.find', arguments: { id: 'o1' } },
      { id: 't2', name: 'order.find', arguments: '{"id":' },
    ])
    expect(server.requests[0]).toMatchObject({ tools: [{ type: 'function', function: { name: 'order_find' } }] })
  })

  it.each<[string, Record<string, unknown>, boolean]>([
    ['all of it can be enforced', { type: 'object', properties: { a: { type: 'string' } }, required: ['a'] }, true],
    ['a property may be absent', { type: 'object', properties: { a: { type: 'string' } }, required: [] }, false],
    ['a keyword is not enforced', { type: 'object', properties: { a: { pattern: 'x' } }, required: ['a'] }, false],
    ['any key may come', { type: 'object', properties: {}, required: [], additionalProperties: {} }, false],
    [
      'a nested one is open',
      { type: 'array', items: { type: 'object', properties: { a: { type: 'object' } }, required: ['a'] } },
      false,
    ],
    ['it is a list of choices', { anyOf: [{ const: 'a' }, { type: 'array', items: { enum: [1, 2] } }] }, true],
  ])('demands a strict answer exactly when %s', async (_, schema, strict) => {
    await using server = await fakeOpenai([says({ content: '{}' })])
    await server.model.generate({ ...hello, format: { name: 'a.b', schema } }, never)
    expect(server.requests[0]).toMatchObject({ response_format: { json_schema: { name: 'a_b', strict } } })
  })

  it.each([
    ['the server breaks', fails(500, 'overloaded'), /`small` failed: 500 overloaded/],
    ['too much was asked', fails(429, 'slow down'), /failed: 429 slow down/],
    ['the key is refused', fails(401, `Incorrect API key provided: ${apiKey}`), /status 401: the key was refused/],
    ['the server quotes the key', fails(400, `bad header ${apiKey}`), /failed: 400 bad header …/],
    ['it refuses', says({ refusal: 'I would rather not' }), /refused: I would rather not/],
    ['it is cut short', says({ content: '{"a"' }, 'length'), /ran out of tokens/],
    ['it is filtered', says({ content: '' }, 'content_filter'), /content filter/],
    ['it is no model at all', { body: { hello: 'world' } }, /did not answer with a chat completion/],
    ['it answers with a page', { body: '<html>' }, /did not answer with a chat completion/],
  ])('fails, once and without its key, when %s', async (_, answer, message) => {
    await using server = await fakeOpenai([answer])
    const failed = server.model.generate(hello, never)
    await expect(failed).rejects.toMatchObject({ code: 'model-failed' })
    await expect(failed).rejects.toThrow(message)
    await expect(failed).rejects.not.toThrow(apiKey)
    expect(server.requests).toHaveLength(1)
  })

  it('fails when nobody listens', async () => {
    const model = openaiModel({ model: 'small', baseURL: 'http://127.0.0.1:1/v1', apiKey })
    await expect(model.generate(hello, never)).rejects.toThrow('model `small` cannot be reached')
  })

  it('stops with the reason of the signal', async () => {
    await using server = await fakeOpenai([])
    const controller = new AbortController()
    const reason = new Error('the deadline passed')
    const failed = server.model.generate(hello, controller.signal)
    setImmediate(() => controller.abort(reason))
    await expect(failed).rejects.toBe(reason)
  })

  it('works as an agent: calls a tool, answers wrong, corrects itself', async () => {
    const Question = concept('Question', z.string())
    const Total = concept('Total', z.number().int())
    const takes = { question: Question }
    const sum = defineCapability({ name: 'order.sum', takes, gives: { total: Total }, effect: 'reads' })
    const look = defineCapability({ name: 'order.look-up', takes, gives: { total: Total }, effect: 'reads' })
    const call = { id: 't1', type: 'function', function: { name: 'order_look-up', arguments: '{"question":"o1"}' } }
    await using server = await fakeOpenai([
      says({ tool_calls: [call] }, 'tool_calls'),
      says({ content: '{"total":"five"}' }),
      says({ content: '{"total":5}' }),
    ])
    const instructions = 'Add up.'
    const agent = openaiAgent({ id: 'adder', model: server.model, offers: [sum], tools: [look], instructions })
    const context = workContext({ call: async () => ({ total: 5 }) })
    expect(await agent.perform('order.sum', { question: 'o1?' }, context)).toEqual({ total: 5 })
    expect(server.requests[2]?.messages.map(({ role }) => role)).toEqual([
      'system',
      'user',
      'assistant',
      'tool',
      'assistant',
      'user',
    ])
    expect(server.requests[1]?.messages[2]).toMatchObject({ tool_calls: [call] })
    expect(server.requests[1]?.messages[3]).toMatchObject({ tool_call_id: 't1' })
  })

  it('wants a key for OpenAI itself', () => {
    const kept = process.env['OPENAI_API_KEY']
    delete process.env['OPENAI_API_KEY']
    try {
      expect(() => openaiModel({ model: 'small' })).toThrow(expect.objectContaining({ code: 'bad-config' }))
    } finally {
      if (kept !== undefined) process.env['OPENAI_API_KEY'] = kept
    }
  })
})
