/** An interpreter says how texts become goals: who reads them, and what each intent wants. */
import type { Capability, Tradeoff } from '../agents/index.ts'
import { type Concept, isKindOf, jsonSchema, MusterError, type Principal, problemOf } from '../core/index.ts'
import { type Goal, givenNameOf, parseGoal } from './goal.ts'
import { Reading } from './reading.ts'

/** What a person can ask for. */
export interface Intent {
  /** What is delivered when it is asked for. */
  readonly wants: readonly Concept[]
  /** What it means, as a choice in a question to a person: `a payment that was declined`. */
  readonly says: string
}

/** How texts become goals. */
export interface Interpreter {
  readonly kind: 'interpreter'
  /** Reads a text: takes it and gives a `Reading`. */
  readonly capability: Capability
  /** The names of the given data: the text, and what was read in it. */
  readonly names: { readonly text: string; readonly reading: string }
  readonly intents: ReadonlyMap<string, Intent>
  /** Wanted whatever is asked for. */
  readonly always: readonly Concept[]
  /** What it can help with, to end the sentence `I can help with …`. */
  readonly covers: string
  /** A candidate with at least this confidence is taken. */
  readonly sure: number
  /** A candidate with less confidence than this is not even asked about. */
  readonly possible: number
  readonly given: (principal: Principal) => Readonly<Record<string, unknown>>
  readonly terms: Pick<Goal, 'limits' | 'tradeoff'>
}

/** The id of the choice that rejects all others; no intent may be called so. */
export const noneOfThese = 'none'

/**
 * Declares an interpreter. `sure` (default 0.7) and `possible` (default 0.3) are confidences from above 0 to 1; `given`
 * adds data about the principal, named by concept as in a goal; `limits` and `tradeoff` are those of every goal it makes.
 * Throws `bad-config` when the capability does not read a text, an intent wants nothing, or a number is out of bounds.
 */
export function defineInterpreter(definition: {
  capability: Capability
  intents: Readonly<Record<string, Intent>>
  always: readonly Concept[]
  covers: string
  sure?: number
  possible?: number
  given?: (principal: Principal) => Readonly<Record<string, unknown>>
  limits?: { deadline?: string; budget?: { usd: number } }
  tradeoff?: Tradeoff
}): Interpreter {
  const { capability, always, covers, sure = 0.7, possible = 0.3 } = definition
  const intents = new Map(Object.entries(definition.intents))
  const ports = readingPorts(capability)
  if (!(possible > 0 && possible <= sure && sure <= 1))
    throw new MusterError('bad-config', `\`possible\` ${possible} and \`sure\` ${sure} are not confidences in order`, {
      hint: 'choose 0 < possible <= sure <= 1',
    })
  if (intents.size === 0 || intents.has('') || intents.has(noneOfThese))
    throw new MusterError('bad-config', `an interpreter needs intents, none called \`${noneOfThese}\` or nothing`, {
      hint: 'name each intent as the reader names it',
    })
  const idle = [...intents].find(([, intent]) => intent.wants.length + always.length === 0)
  if (idle)
    throw new MusterError('bad-config', `intent \`${idle[0]}\` wants nothing`, {
      hint: 'name at least one concept that it wants, or one that is always wanted',
    })
  return {
    kind: 'interpreter',
    capability,
    names: { text: ports.text, reading: ports.reading },
    intents,
    always,
    covers,
    sure,
    possible,
    given: definition.given ?? (() => ({})),
    terms: termsOf(definition, [...always, ...[...intents.values()].flatMap(intent => intent.wants)]),
  }
}

/** What a capability that reads texts takes and gives: its ports, and the names of the data given after their concepts. */
export interface ReadingPorts {
  readonly takes: string
  readonly gives: string
  readonly text: string
  readonly reading: string
}

/** The ports of a capability that takes one text and gives its reading. Throws `bad-config` when it does not. */
export function readingPorts(capability: Capability): ReadingPorts {
  const refuse = (why: string, hint: string) =>
    new MusterError('bad-config', `\`${capability.name}\` cannot read texts: ${why}`, { hint })
  const [[takes, text] = ['', undefined], ...moreTaken] = Object.entries(capability.takes)
  const [[gives, reading] = ['', undefined], ...moreGiven] = Object.entries(capability.gives)
  if (text?.kind !== 'concept' || moreTaken.length > 0 || (jsonSchema(text.schema)?.['type'] ?? 'string') !== 'string')
    throw refuse('it does not take exactly one text', 'let it take one concept whose values are strings')
  if (!reading || moreGiven.length > 0 || !isKindOf(reading, Reading))
    throw refuse('it does not give exactly one reading', 'let it give `Reading` and nothing else')
  return { takes, gives, text: givenNameOf(text), reading: givenNameOf(reading) }
}

/** The terms of every goal, checked once and now with all that can be wanted, so that no text can trip over them later. */
function termsOf(
  { limits, tradeoff }: { readonly limits?: unknown; readonly tradeoff?: unknown },
  wants: readonly Concept[],
): Pick<Goal, 'limits' | 'tradeoff'> {
  const wanted = [...new Set(wants.map(concept => concept.name))]
  try {
    const sample = parseGoal({ objective: 'sample', given: {}, wanted, limits, tradeoff })
    return { limits: sample.limits, tradeoff: sample.tradeoff }
  } catch (error) {
    const { message, hint } = problemOf(error)
    throw new MusterError('bad-config', message, { ...(hint === undefined ? {} : { hint }), cause: error })
  }
}
