/** What a conversation asks for: its last message is a new goal, or the answer to a question that a run has put in it. */
import { z } from 'zod'
import { MusterError } from '../../core/index.ts'
import type { Question } from '../../runtime/index.ts'

const contentSchema = z.union([
  z.string(),
  z.array(z.looseObject({ type: z.string(), text: z.string().optional() })),
  z.null(),
])

/** The body of a chat completion. What Muster has no use for is let through and ignored. */
export const chatSchema = z.looseObject({
  model: z.string().min(1).max(200).default('muster'),
  messages: z
    .array(z.looseObject({ role: z.string(), content: contentSchema.optional() }))
    .min(1)
    .max(1000),
  stream: z.boolean().nullish(),
})

/** What the last message of a conversation is. */
export interface Turn {
  readonly text: string
  /** The run whose question may be answered by it. */
  readonly asking: string | undefined
}

/** Reads the last message. Throws `bad-input` when it is not a person's words. */
export function readTurn({ messages }: z.output<typeof chatSchema>): Turn {
  const last = messages.at(-1)
  const text = last?.role === 'user' ? textOf(last.content).trim() : ''
  if (text === '') {
    throw new MusterError('bad-input', 'the last message is not a text of the user', {
      hint: 'end `messages` with { "role": "user", "content": "…" }',
    })
  }
  const said = messages.findLast(({ role }) => role === 'assistant')
  return { text, asking: /\[(run-[0-9a-z]{26})\]\s*$/.exec(textOf(said?.content))?.[1] }
}

/** A question as it is put into a conversation; its last line names the run, so that the answer finds it. */
export function questionText({ text, choices }: Question, run: string): string {
  const numbered = choices.map(({ says }, index) => `${index + 1}. ${says}`)
  return [text, ...numbered, '', 'Answer with a number.', '', `[${run}]`].join('\n')
}

/** The choice that `text` makes: by its number, its name or its words; undefined when it makes none. */
export function choiceOf({ choices }: Question, text: string): string | undefined {
  const words = text.trim().toLowerCase()
  const number = /^(\d+)[.)]?$/.exec(words)?.[1]
  if (number !== undefined) return choices[Number(number) - 1]?.id
  return choices.find(({ id, says }) => [id, says].some(one => one.toLowerCase() === words))?.id
}

function textOf(content: z.output<typeof contentSchema> | undefined): string {
  if (typeof content === 'string') return content
  return (content ?? []).map(({ text }) => text ?? '').join('')
}
