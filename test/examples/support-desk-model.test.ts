import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { createMuster, openaiModel } from 'muster'
import { expect, it, onTestFinished } from 'vitest'
import { createWriterByModel } from '../../examples/support-desk/agents/writer-model.ts'
import { supportDesk } from '../../examples/support-desk/desk.ts'
import { scratch } from '../support/world.ts'

/** A server that answers every chat completion with the same JSON and remembers what it was asked. */
async function fakeOpenai(content: string): Promise<{ readonly baseURL: string; readonly asked: string[] }> {
  const asked: string[] = []
  const server = createServer((request, response) => {
    let body = ''
    request.on('data', chunk => {
      body += chunk
    })
    request.on('end', () => {
      asked.push(body)
      const message = { role: 'assistant', content }
      const usage = { prompt_tokens: 1, completion_tokens: 1, total_tokens: 2 }
      response.setHeader('content-type', 'application/json')
      response.end(
        JSON.stringify({
          id: 'c',
          object: 'chat.completion',
          created: 1,
          model: 'm',
          choices: [{ index: 0, message, finish_reason: 'stop' }],
          usage,
        }),
      )
    })
  }).listen(0)
  onTestFinished(() => void server.close())
  const { port } = server.address() as AddressInfo
  return { baseURL: `http://127.0.0.1:${port}/v1`, asked }
}

it('has a configured language model write the answer, by its better bid, and falls back on the rules when it fails', async () => {
  const said = { answer: { text: 'Dear Ana, your refund is on its way.', covered: ['RefundFinding'], open: [] } }
  for (const [content, writer, words] of [
    [JSON.stringify(said), 'writer-model', said.answer.text],
    ['I would rather not say.', 'writer-rules', 'Hello Ana'],
  ] as const) {
    const data = scratch()
    const { baseURL, asked } = await fakeOpenai(content)
    await using desk = await supportDesk({ data })
    const { interpreter, policies, domains, people } = desk
    const agents = [
      ...desk.agents,
      createWriterByModel(openaiModel({ model: 'm', baseURL, apiKey: 'a-secret-key-of-the-test' })),
    ]
    await using muster = await createMuster({
      agents,
      interpreter,
      policies,
      domains,
      people,
      data,
      durability: 'normal',
    })
    const run = await muster.declare(
      { text: 'Where is my refund?' },
      { as: { id: 'c-1001', kind: 'person', roles: ['customer'], tenant: 'home' } },
    )
    const result = await run.result
    expect(result.status).toBe('succeeded')
    expect(asked.length).toBeGreaterThan(0)
    expect(asked.join()).toContain('Nordwind')
    const events = await Array.fromAsync(run.events())
    expect(events.findLast(event => event.type === 'step.succeeded')).toMatchObject({ agent: writer })
    expect(result.outputs['Answer']).toMatchObject({ text: expect.stringContaining(words) })
    expect(JSON.stringify(events)).not.toContain('a-secret-key')
  }
})
