/** Spelling: words that an index knows and that are probably meant by one that it does not. */
import { compareText } from '../order.ts'
import { keyed } from './keyed.ts'
import { piecesOf } from './words.ts'

/** A known word and how alike it is, from 0 to 1. */
export interface Likeness {
  readonly word: string
  readonly likeness: number
}

/** Finds the known words that look like a given one, most alike first. */
export type Speller = (word: string) => readonly Likeness[]

const leastAlike = 0.5
const mostLikenesses = 3
const shortestWord = 4

/**
 * Likeness is the cosine of the TF-IDF of pieces of 2 to 4 letters: it forgives a slip of the finger, a missing letter, an ending
 * that the stemmer does not know and words run together.
 */
export function createSpeller(known: Iterable<string>): Speller {
  const words = [...known].filter(word => word.length >= shortestWord).sort(compareText)
  const containing = new Map<string, number[]>()
  for (const [at, word] of words.entries())
    for (const piece of new Set(lettersOf(word))) keyed(containing, piece, () => []).push(at)
  const weightOf = (piece: string) => 1 + Math.log((1 + words.length) / (1 + (containing.get(piece)?.length ?? 0)))
  const lengthOf = (word: string) =>
    Math.sqrt([...new Set(lettersOf(word))].reduce((sum, piece) => sum + weightOf(piece) ** 2, 0))
  const lengths = Float64Array.from(words, lengthOf)
  return word => {
    // What holds a digit is the name of one thing, not a word for many.
    if (word.length < shortestWord || /\d/.test(word)) return []
    const products = new Map<number, number>()
    for (const piece of new Set(lettersOf(word)))
      for (const at of containing.get(piece) ?? []) products.set(at, (products.get(at) ?? 0) + weightOf(piece) ** 2)
    const length = lengthOf(word)
    return [...products]
      .map(([at, product]) => ({ at, word: words[at] ?? '', likeness: product / (length * (lengths[at] ?? 1)) }))
      .filter(({ likeness }) => likeness >= leastAlike)
      .sort((a, b) => b.likeness - a.likeness || a.at - b.at)
      .slice(0, mostLikenesses)
      .map(({ word, likeness }) => ({ word, likeness }))
  }
}

function lettersOf(word: string): readonly string[] {
  return piecesOf(word, 2, 4)
}
