/** A language model that says what a test wrote down, and nothing else. */
import { type Generated, type Generation, type LanguageModel, MusterError, type ToolCall } from '../core/index.ts'

/** One scripted answer: a text, a JSON value, tool calls, a refusal, or whatever a function makes of the question. */
export type ScriptedAnswer =
  | string
  | { readonly json: unknown }
  | { readonly calls: readonly { readonly name: string; readonly arguments: unknown }[] }
  | { readonly fails: string }
  | ((generation: Generation) => ScriptedAnswer)

/** A scripted model; `asked` holds every question it was asked, in order. */
export interface ScriptedModel extends LanguageModel {
  readonly asked: readonly Generation[]
}

/** A model that gives `answers` in turn. Rejects with `model-failed` when it is asked once more than it has answers. */
export function scriptedModel(answers: readonly ScriptedAnswer[]): ScriptedModel {
  const asked: Generation[] = []
  return {
    id: 'scripted',
    asked,
    async generate(generation, signal) {
      signal.throwIfAborted()
      asked.push(generation)
      const answer = answers[asked.length - 1]
      if (answer !== undefined) return speak(answer, generation, asked.length)
      const question = generation.messages.at(-1)?.content.slice(0, 200) ?? ''
      throw new MusterError('model-failed', `the script has no answer ${asked.length}, to \`${question}\``, {
        hint: `write it down: the script ends after ${answers.length}`,
      })
    },
  }
}

function speak(answer: ScriptedAnswer, generation: Generation, turn: number): Generated {
  if (typeof answer === 'function') return speak(answer(generation), generation, turn)
  if (typeof answer === 'string') return generated(answer, [])
  if ('fails' in answer) throw new MusterError('model-failed', answer.fails)
  if ('json' in answer) return generated(JSON.stringify(answer.json), [])
  return generated(
    '',
    answer.calls.map((call, at) => ({ id: `call-${turn}-${at + 1}`, ...call })),
  )
}

function generated(content: string, toolCalls: readonly ToolCall[]): Generated {
  return { content, toolCalls, usage: { inputTokens: 0, outputTokens: 0 } }
}
