/** The OpenAI-compatible face: an unmodified client declares goals by talking. A client that goes does not stop its run. */
import { MusterError } from '../../core/index.ts'
import { keyOf } from '../goals.ts'
import { describeProblem, openaiError } from '../problem.ts'
import { callerOf } from '../rate.ts'
import { type Asked, defineAct, defineRead, nothing, type Route } from '../route.ts'
import { type Frame, streamEvents } from '../sse.ts'
import { type Conversation, converse } from './converse.ts'
import { type Completion, completionSchema, modelName, turnOf } from './request.ts'

const usage = { prompt_tokens: 0, completion_tokens: 0, total_tokens: 0 }

export const chatRoutes: readonly Route[] = [
  defineRead('/v1/models', 'the one model: muster', nothing, ({ c }) =>
    c.json({ object: 'list', data: [{ id: modelName, object: 'model', created: 0, owned_by: 'muster' }] }),
  ),
  defineAct(
    '/v1/chat/completions',
    'declare a goal by talking, as to a language model',
    { input: completionSchema },
    complete,
  ),
]

async function complete(asked: Asked<Completion>): Promise<Response> {
  const { c, muster, principal, input, holdStream } = asked
  if (input.model !== modelName)
    throw new MusterError('not-found', `there is no model \`${input.model.slice(0, 80)}\``, {
      hint: `use \`${modelName}\``,
    })
  const key = keyOf(c.req.header('idempotency-key'))
  // A place to wait comes first: whoever is told to come back later must not have declared anything.
  using place = new DisposableStack()
  place.defer(holdStream(callerOf(principal)))
  const conversation = await converse(muster, turnOf(input), { as: principal, ...key })
  if (input.stream === true) {
    const kept = place.move()
    return streamEvents(
      asked,
      () => kept.dispose(),
      signal => chunks(asked, conversation, signal),
    )
  }
  return c.json(await wholeAnswer(asked, conversation))
}

async function wholeAnswer({ c, clock, closing }: Asked<Completion>, { run, said }: Conversation) {
  let content = ''
  for await (const { kind, text } of said(AbortSignal.any([closing, c.req.raw.signal])))
    if (kind === 'last') content = text
  return {
    id: run,
    object: 'chat.completion',
    created: Math.floor(clock.now() / 1000),
    model: modelName,
    choices: [
      { index: 0, message: { role: 'assistant', content, refusal: null }, logprobs: null, finish_reason: 'stop' },
    ],
    usage,
  }
}

async function* chunks(
  { clock, log, input }: Asked<Completion>,
  { run, said }: Conversation,
  signal: AbortSignal,
): AsyncGenerator<Frame> {
  const created = Math.floor(clock.now() / 1000)
  const head = { id: run, object: 'chat.completion.chunk', created, model: modelName }
  const delta = (delta: object, finish_reason: 'stop' | null = null): Frame => ({
    data: JSON.stringify({ ...head, choices: [{ index: 0, delta, logprobs: null, finish_reason }] }),
  })
  yield delta({ role: 'assistant', content: '' })
  try {
    for await (const { kind, text } of said(signal)) {
      if (kind === 'progress') yield delta({ reasoning_content: `${text}\n` })
      else yield delta({ content: kind === 'note' ? `${text}\n\n` : text })
    }
  } catch (error) {
    yield { data: JSON.stringify(openaiError(describeProblem(error, log))) }
    return
  }
  yield delta({}, 'stop')
  if (input.stream_options?.include_usage === true) yield { data: JSON.stringify({ ...head, choices: [], usage }) }
  yield { data: '[DONE]' }
}
