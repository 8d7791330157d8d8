/** What was said between an agent and its language model, as a datum: it goes into the journal like any other output. */
import { z } from 'zod'
import { concept, type Message, type Port } from '../../core/index.ts'
import type { Capability } from '../capability.ts'

const talkSchema = z.object({
  /** The id of the model. */
  model: z.string(),
  messages: z.array(
    z.object({
      role: z.enum(['system', 'user', 'assistant', 'tool']),
      content: z.string(),
      /** The calls that the model wanted made, as JSON. */
      calls: z.array(z.string()),
    }),
  ),
})

/**
 * The concept of a conversation with a language model. A capability that gives it has its agent's prompts and answers in
 * the journal: a language-model agent puts them there itself, and the model is not asked for them.
 */
export const Talk = concept('Talk', talkSchema, {
  description: 'what a language model was told and what it answered, word by word',
})
export type Talk = z.output<typeof talkSchema>

/** `capability` as the model sees it: without the outputs that the agent fills in. */
export function writtenPart(capability: Capability): Capability {
  const written = Object.entries(capability.gives).filter(([, { name }]) => name !== Talk.name)
  return { ...capability, gives: Object.fromEntries(written) }
}

/** The outputs that the agent fills in: the conversation, at every port that takes one. */
export function talkAt(
  gives: Readonly<Record<string, Port>>,
  model: string,
  messages: readonly Message[],
): Readonly<Record<string, Talk>> {
  const talk: Talk = {
    model,
    messages: messages.map(message => ({
      role: message.role,
      content: message.content,
      calls:
        message.role === 'assistant'
          ? message.toolCalls.map(({ name, arguments: given }) => JSON.stringify({ name, arguments: given }))
          : [],
    })),
  }
  const ports = Object.entries(gives).filter(([, port]) => port.kind === 'concept' && port.name === Talk.name)
  return Object.fromEntries(ports.map(([port]) => [port, talk]))
}
