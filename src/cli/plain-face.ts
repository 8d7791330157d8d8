/** A run on something that is no terminal: lines that are only ever added, and nobody is asked. */
import { type Principal, problemOf } from '../core/index.ts'
import type { Face, Reply, StandIn } from './face.ts'
import type { RunView } from './view/model.ts'
import { eventLines } from './view/plain.ts'
import { keyOf, promptFor } from './view/prompt.ts'
import { type Line, line } from './view/text.ts'

/** Prints events; a stand-in, where there is one, answers for `people`. */
export function openPlainFace(options: {
  readonly print: (lines: readonly Line[]) => void
  readonly reply: Reply
  readonly people: readonly Principal[]
  readonly standIn: StandIn | undefined
}): Face {
  const { print, reply, people, standIn } = options
  const answered = new Set<string>()
  const spoken = (view: RunView) => {
    const prompt = promptFor(view, people)
    return prompt && { key: keyOf(prompt), said: standIn?.speak(prompt) }
  }
  return {
    show(view, event) {
      print(eventLines(event, view))
      const { key = '', said } = spoken(view) ?? {}
      if (said === undefined || answered.has(key)) return
      answered.add(key)
      print([line(said.words)])
      reply(said.answered, view).catch(error => print([line(`that was refused: ${problemOf(error).message}`)]))
    },
    answers: view => spoken(view)?.said !== undefined,
    [Symbol.dispose]() {},
  }
}
