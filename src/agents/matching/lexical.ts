/**
 * What words alone say about how well each capability answers a request.
 *
 * 1. A capability is a text in fields: its name, its description, its ports and their concepts.
 * 2. Every clause of the request is scored on its own against its best match, so that one that asks for three things finds all three;
 *    the request as a whole adds a little.
 * 3. A word that nobody knows stands for the known words that look like it.
 */
import { ancestry, type Concept, type Port } from '../../core/index.ts'
import type { Capability } from '../capability.ts'
import { clausesOf } from './clauses.ts'
import { keyed } from './keyed.ts'
import { createSpeller, type Likeness } from './spelling.ts'
import { createWordIndex, type Fields } from './word-index.ts'
import { isFiller, stemOf, wordsOf } from './words.ts'

/** What the matcher reads of a capability. */
export type Matchable = Pick<Capability, 'name' | 'version' | 'description' | 'takes' | 'gives'>

/** A word of the request that a capability has, and what it is worth. */
export interface SharedWord {
  readonly word: string
  /** As the capability has it: a stem. */
  readonly known: string
  readonly worth: number
}

/** One request against all capabilities, which are known by their place. */
export interface LexicalReading {
  /** From 0 to below 1.3. */
  readonly scores: Float64Array
  /** The words of the request that one capability has, weightiest first. */
  sharedWords(capability: number): readonly SharedWord[]
}

type Field = 'name' | 'description' | 'ports' | 'concepts'
const fieldWeights: readonly (readonly [Field, number])[] = [
  ['name', 2],
  ['description', 2],
  ['ports', 0.7],
  ['concepts', 0.4],
]
// What the best match of a clause must have before it counts as sure: about one rare word.
const doubt = 5
const wholeShare = 0.3

/** Indexes the words of capabilities; what it returns reads requests. */
export function createLexicalReader(capabilities: readonly Matchable[]): (request: string) => LexicalReading {
  const index = createWordIndex(capabilities.map(fieldsOf), fieldWeights)
  const speller = createSpeller(index.stems())
  const meant = (stem: string): readonly Likeness[] => (index.has(stem) ? [{ word: stem, likeness: 1 }] : speller(stem))

  return request => {
    const known = new Map<string, readonly Likeness[]>()
    const scoresOf = (text: string) => {
      const scores = new Float64Array(capabilities.length)
      for (const stem of new Set(tellingWordsOf(text).map(stemOf)))
        for (const { word, likeness } of keyed(known, stem, meant)) index.add(scores, word, likeness)
      return scores
    }
    const scores = new Float64Array(capabilities.length)
    for (const clause of clausesOf(request)) raiseToShares(scores, scoresOf(clause))
    const whole = scoresOf(request)
    const most = highest(whole) || 1
    for (let at = 0; at < scores.length; at++) scores[at] = (scores[at] ?? 0) + (wholeShare * (whole[at] ?? 0)) / most
    return {
      scores,
      sharedWords(capability) {
        const words = new Map(tellingWordsOf(request).map(word => [stemOf(word), word]))
        return [...words]
          .flatMap(([stem, word]) =>
            keyed(known, stem, meant).map(({ word: known, likeness }) => ({
              word,
              known,
              worth: likeness * index.share(capability, known),
            })),
          )
          .filter(({ worth }) => worth > 0)
          .sort((a, b) => b.worth - a.worth)
      },
    }
  }
}

function tellingWordsOf(text: string): readonly string[] {
  return wordsOf(text).filter(word => !isFiller(word))
}

/** Raises every score to what another has, as a share of the best of the others and what doubt there is. */
function raiseToShares(scores: Float64Array, others: Float64Array): void {
  const most = highest(others) + doubt
  for (let at = 0; at < others.length; at++) {
    const share = (others[at] ?? 0) / most
    if (share > (scores[at] ?? 0)) scores[at] = share
  }
}

function highest(scores: Float64Array): number {
  let most = 0
  for (const score of scores) if (score > most) most = score
  return most
}

function fieldsOf({ name, description, takes, gives }: Matchable): Fields<Field> {
  const concepts: readonly Concept[] = [...Object.values(takes).map(conceptOf), ...Object.values(gives)]
  return {
    name,
    description,
    ports: [...Object.keys(takes), ...Object.keys(gives)].join(' '),
    concepts: concepts.flatMap(concept => [...ancestry(concept), concept.description ?? '']).join(' '),
  }
}

function conceptOf(port: Port): Concept {
  return port.kind === 'all' ? port.concept : port
}
