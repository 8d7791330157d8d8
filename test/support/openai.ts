/** A server on this machine that speaks like OpenAI, and answers what a test wrote down. */
import { z } from 'zod'
import { serveLoopback } from './loopback.ts'

const requestSchema = z.looseObject({ messages: z.array(z.looseObject({ role: z.string() })) })

/** One answer of the server. */
export interface Said {
  readonly status?: number
  readonly body: unknown
}

/** A server that gives `answers` in turn, then none, and keeps what it was asked and with which keys. */
export async function serveOpenai(answers: readonly Said[]) {
  const requests: z.output<typeof requestSchema>[] = []
  const keys: unknown[] = []
  const server = await serveLoopback(async (request, response) => {
    keys.push(request.headers.authorization)
    const chunks: string[] = []
    for await (const chunk of request.setEncoding('utf8')) chunks.push(String(chunk))
    requests.push(requestSchema.parse(JSON.parse(chunks.join(''))))
    const answer = answers[requests.length - 1]
    if (answer === undefined) return
    response.writeHead(answer.status ?? 200, { 'content-type': 'application/json' })
    response.end(typeof answer.body === 'string' ? answer.body : JSON.stringify(answer.body))
  })
  const { url } = server
  return {
    url,
    requests,
    keys,
    apiKey: 'sk-very-secret-key',
    [Symbol.asyncDispose]: () => server[Symbol.asyncDispose](),
  }
}

/** A completion with one message. */
export function says(message: object, finish = 'stop'): Said {
  return {
    body: {
      id: 'c1',
      object: 'chat.completion',
      created: 1,
      model: 'small',
      choices: [{ index: 0, finish_reason: finish, message: { role: 'assistant', content: null, ...message } }],
      usage: { prompt_tokens: 12, completion_tokens: 3, total_tokens: 15 },
    },
  }
}
