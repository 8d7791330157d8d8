/** The part of OpenAI's API by which an unmodified client asks Muster: chat completions, at once or as a stream. */
import type { z } from 'zod'
import { type Asked, defineAct, defineRead, nothing, type Route } from '../route.ts'
import { keyOf } from '../goals.ts'
import { streamEvents } from '../sse.ts'
import { chatSchema, choiceOf, readTurn } from './conversation.ts'
import { tellRun, turnRun } from './telling.ts'

/** The name under which Muster stands among models. */
const model = 'muster'

/** Whether a path answers in the shape of OpenAI's API, errors too. */
export function speaksOpenai(path: string): boolean {
  return path === '/v1/chat/completions' || path === '/v1/models'
}

export const chatRoutes: readonly Route[] = [
  defineRead('/v1/models', 'the one model that a chat client can choose', nothing, ({ c }) =>
    c.json({ object: 'list', data: [{ id: model, object: 'model', created: 0, owned_by: model }] }),
  ),
  defineAct(
    '/v1/chat/completions',
    'ask as an OpenAI client does; the answer of a run, or its question',
    { input: chatSchema },
    async asked => {
      const { c, muster, principal, input, clock, closing } = asked
      const key = keyOf(c.req.header('idempotency-key'))
      const { run, after } = await turnRun(muster, readTurn(input), { as: principal, ...key }, choiceOf)
      const head = { id: `chatcmpl-${run.id}`, created: Math.floor(clock.now() / 1000), model }
      if (input.stream === true) return streamCompletion(asked, head, signal => tellRun(run, after, signal))
      let content = ''
      const signal = AbortSignal.any([closing, c.req.raw.signal])
      for await (const { kind, text } of tellRun(run, after, signal)) if (kind === 'said') content += text
      return c.json({
        ...head,
        object: 'chat.completion',
        choices: [
          { index: 0, message: { role: 'assistant', content, refusal: null }, logprobs: null, finish_reason: 'stop' },
        ],
        usage: { prompt_tokens: 0, completion_tokens: 0, total_tokens: 0 },
      })
    },
  ),
]

function streamCompletion(
  asked: Asked<z.output<typeof chatSchema>>,
  head: { readonly id: string; readonly created: number; readonly model: string },
  tell: (signal: AbortSignal) => ReturnType<typeof tellRun>,
): Response {
  const chunk = (delta: object, finish: string | null = null) => ({
    data: JSON.stringify({
      ...head,
      object: 'chat.completion.chunk',
      choices: [{ index: 0, delta, finish_reason: finish }],
    }),
  })
  return streamEvents(asked, async function* (signal) {
    yield chunk({ role: 'assistant', content: '' })
    for await (const { kind, text } of tell(signal))
      yield chunk(kind === 'said' ? { content: text } : { reasoning_content: text })
    yield chunk({}, 'stop')
    yield { data: '[DONE]' }
  })
}
