/** Interpretation: a reading of a text becomes a typed goal, a question back, or the answer that it is outside. */
import type { Principal } from '../core/index.ts'
import { type Goal, parseGoal } from './goal.ts'
import { type Interpreter, noneOfThese } from './interpreter.ts'
import type { Reading } from './reading.ts'

/** A part of the text whose intent is settled: the reader was sure (its confidence), or the person said so (1). */
export interface Understood {
  readonly text: string
  readonly intent: string
  readonly confidence: number
}

/** A question back to the one who asked. Its id is the same however often the text is interpreted. */
export interface ClarifyingQuestion {
  readonly id: string
  readonly text: string
  readonly choices: readonly { readonly id: string; readonly says: string }[]
}

/** What came of a text. */
export type Interpretation =
  | {
      readonly kind: 'goal'
      readonly goal: Goal
      readonly understood: readonly Understood[]
      /** The parts that nothing here can serve, in their own words. */
      readonly outside: readonly string[]
    }
  | { readonly kind: 'unclear'; readonly question: ClarifyingQuestion }
  /** Nothing of it can be served; `text` says so to the person. */
  | { readonly kind: 'outside'; readonly text: string }

type Part = Reading['parts'][number]

/** A settled part keeps the one candidate that it is, or none when it is outside. */
type Settled =
  | { readonly kind: 'settled'; readonly part: Part }
  | { readonly kind: 'unclear'; readonly question: ClarifyingQuestion }

/**
 * Turns a reading into a goal. A part is taken when its best candidate is sure, asked about when an intent is possible,
 * and outside otherwise. `answers` (a choice by the id of its question) settle what was asked about; an answer that was
 * no choice is asked again. The goal is given the text, the settled reading and what the interpreter gives for the
 * principal. Throws `bad-input` only when that last is not JSON under names of concepts.
 */
export function interpret(
  interpreter: Interpreter,
  asked: {
    readonly text: string
    readonly reading: Reading
    readonly answers: Readonly<Record<string, string>>
    readonly principal: Principal
  },
): Interpretation {
  const parts: Part[] = []
  for (const [index, part] of asked.reading.parts.entries()) {
    const id = `part-${index + 1}`
    const settled = settle(interpreter, part, id, asked.answers[id])
    if (settled.kind === 'unclear') return settled
    parts.push(settled.part)
  }
  const understood = parts.flatMap(({ text, candidates }) => candidates.map(candidate => ({ text, ...candidate })))
  if (understood.length === 0)
    return { kind: 'outside', text: `That is outside of what I can do. I can help with ${interpreter.covers}.` }
  return {
    kind: 'goal',
    goal: goalOf(interpreter, asked, { parts }, understood),
    understood,
    outside: parts.filter(part => part.candidates.length === 0).map(part => part.text),
  }
}

function settle(interpreter: Interpreter, part: Part, id: string, answer: string | undefined): Settled {
  const settled = (candidate?: Part['candidates'][number]): Settled => ({
    kind: 'settled',
    part: { text: part.text, candidates: candidate ? [candidate] : [] },
  })
  const ranked = part.candidates.toSorted((a, b) => b.confidence - a.confidence)
  const best = ranked[0]
  if (best && best.confidence >= interpreter.sure)
    return settled(interpreter.intents.has(best.intent) ? best : undefined)
  const choices = new Map(
    ranked.flatMap(({ intent }) => {
      const known = interpreter.intents.get(intent)
      return known ? [[intent, known.says] as const] : []
    }),
  )
  const likeliest = ranked.find(candidate => choices.has(candidate.intent))
  if (!likeliest || likeliest.confidence < interpreter.possible) return settled()
  if (answer === noneOfThese) return settled()
  if (answer !== undefined && choices.has(answer)) return settled({ intent: answer, confidence: 1 })
  choices.set(noneOfThese, 'none of these')
  return {
    kind: 'unclear',
    question: {
      id,
      text: `What is “${part.text}” about?`,
      choices: [...choices].map(([id, says]) => ({ id, says })),
    },
  }
}

function goalOf(
  interpreter: Interpreter,
  asked: { readonly text: string; readonly principal: Principal },
  reading: Reading,
  understood: readonly Understood[],
): Goal {
  const wanted = new Set(interpreter.always.map(concept => concept.name))
  for (const { intent } of understood)
    for (const concept of interpreter.intents.get(intent)?.wants ?? []) wanted.add(concept.name)
  return parseGoal({
    objective:
      asked.text.slice(0, 4000) ||
      understood
        .map(part => part.intent)
        .join(', ')
        .slice(0, 4000),
    given: {
      ...interpreter.given(asked.principal),
      [interpreter.names.text]: asked.text,
      [interpreter.names.reading]: reading,
    },
    wanted: [...wanted],
    ...interpreter.terms,
  })
}
