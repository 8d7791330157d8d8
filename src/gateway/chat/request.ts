/** What a chat client sends: the whole conversation, of which the last words of the user count. */
import { z } from 'zod'
import { MusterError } from '../../core/index.ts'

/** The one model that this server offers. */
export const modelName = 'muster'

const textPart = z.looseObject({ type: z.string(), text: z.string().optional() })

/** A request for a chat completion, as far as it matters here; settings of models are taken and do nothing. */
export const completionSchema = z.looseObject({
  model: z.string(),
  messages: z
    .array(
      z.looseObject({
        role: z.enum(['system', 'developer', 'user', 'assistant', 'tool', 'function']),
        content: z.union([z.string(), z.array(textPart)]).nullish(),
      }),
    )
    .min(1)
    .max(2000),
  stream: z.boolean().nullish(),
  stream_options: z.looseObject({ include_usage: z.boolean().nullish() }).nullish(),
  n: z.literal(1, 'only one answer is given').nullish(),
})
export type Completion = z.output<typeof completionSchema>
type ChatMessage = Completion['messages'][number]

/** What the user says now, and the run whose question the assistant asked last, when it did. */
export interface Turn {
  readonly text: string
  readonly asking: string | undefined
}

/** Reads a conversation. Throws `bad-input` when it does not end with words of the user. */
export function turnOf({ messages }: Pick<Completion, 'messages'>): Turn {
  const last = messages.at(-1)
  if (last?.role !== 'user')
    throw new MusterError('bad-input', 'the last message is not from the user', {
      hint: 'end the messages with what the user wants',
    })
  const before = messages.findLast(({ role }) => role === 'assistant')
  return { text: textOf(last), asking: before && /\[(run-[0-9a-z]{26})\]\s*$/.exec(textOf(before))?.[1] }
}

/** The last line of a question, by which the answer finds its run. */
export function markerOf(run: string): string {
  return `[${run}]`
}

function textOf({ content }: ChatMessage): string {
  if (typeof content === 'string') return content
  return (content ?? [])
    .map(({ type, text }) => {
      if (text !== undefined) return text
      throw new MusterError('bad-input', `a part of type \`${type.slice(0, 40)}\` is not understood`, {
        hint: 'send text',
      })
    })
    .join('\n')
}
