/** Answers of a real language model, kept on a tape and played back in tests. */
import { digestOf, type Generated, type Generation, type LanguageModel, MusterError } from '../core/index.ts'

/** Answers by the digest of their question; plain JSON, to be kept in a file. */
export type Tape = Readonly<Record<string, Generated>>

/** A model that asks `model` and keeps what it answers. */
export interface RecordingModel extends LanguageModel {
  /** Everything answered so far. */
  tape(): Tape
}

/** Passes questions on to `model` and records its answers. */
export function recordModel(model: LanguageModel): RecordingModel {
  const answers = new Map<string, Generated>()
  return {
    id: model.id,
    tape: () => Object.fromEntries(answers),
    async generate(generation, signal) {
      const answer = await model.generate(generation, signal)
      answers.set(digestOf(generation), answer)
      return answer
    },
  }
}

/** Plays `tape` back, whatever the order. Rejects with `model-failed` for a question that is not on it. */
export function replayModel(id: string, tape: Tape): LanguageModel {
  return {
    id,
    async generate(generation: Generation, signal) {
      signal.throwIfAborted()
      const answer = tape[digestOf(generation)]
      if (answer !== undefined) return answer
      const question = generation.messages.at(-1)?.content.slice(0, 200) ?? ''
      throw new MusterError('model-failed', `the tape of \`${id}\` has no answer to \`${question}\``, {
        hint: 'the question has changed: record it again',
      })
    },
  }
}
