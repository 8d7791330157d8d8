/**
 * A request as numbers. Words and pairs of neighbouring words make one block, pieces of 2 to 5 letters within a word the other.
 * A feature weighs (1 + log count) × idf and a block has length 1. Features that were never seen count towards that length:
 * the fewer known words a request has, the weaker what is known, and the less sure the model.
 */
import { keyed } from '../keyed.ts'
import { piecesOf, wordsOf } from '../words.ts'

/** The known features of one text: rows of a model and their weights. */
export interface Encoded {
  readonly rows: Int32Array
  readonly weights: Float32Array
}

/** Turns texts into features, the same way in training and in service. */
export interface Encoder {
  /** How many features are known. */
  readonly size: number
  encode(text: string): Encoded
}

// A feature of a single text teaches nothing that holds for another.
const fewestTexts = 2

/** Learns which features there are, and how telling each is: 1 + log((1 + texts) / (1 + texts with it)). */
export function createEncoder(texts: readonly string[]): Encoder {
  const found = new Map<string, number>()
  for (const text of texts)
    for (const block of blocksOf(text))
      for (const feature of block.keys()) found.set(feature, (found.get(feature) ?? 0) + 1)
  const idfOf = (times: number) => 1 + Math.log((1 + texts.length) / (1 + times))
  const known = new Map<string, { readonly row: number; readonly idf: number }>()
  for (const [feature, times] of found)
    if (times >= fewestTexts) known.set(feature, { row: known.size, idf: idfOf(times) })
  const unknownIdf = idfOf(1)

  return {
    size: known.size,
    encode(text) {
      const rows: number[] = []
      const weights: number[] = []
      const blocks = blocksOf(text)
      for (const block of blocks) {
        const start = weights.length
        let squares = 0
        for (const [feature, times] of block) {
          const entry = known.get(feature)
          const weight = (1 + Math.log(times)) * (entry?.idf ?? unknownIdf)
          squares += weight * weight
          if (entry === undefined) continue
          rows.push(entry.row)
          weights.push(weight)
        }
        const length = Math.sqrt(squares * blocks.length)
        for (let i = start; i < weights.length; i++) weights[i] = (weights[i] ?? 0) / length
      }
      return { rows: Int32Array.from(rows), weights: Float32Array.from(weights) }
    },
  }
}

const pieces = new Map<string, readonly string[]>()

function blocksOf(text: string): readonly ReadonlyMap<string, number>[] {
  const words = wordsOf(text)
  const ofWords = new Map<string, number>()
  const ofLetters = new Map<string, number>()
  for (const [at, word] of words.entries()) {
    count(ofWords, word)
    const next = words[at + 1]
    if (next !== undefined) count(ofWords, `${word} ${next}`)
    for (const piece of keyed(pieces, word, word => piecesOf(word, 2, 5))) count(ofLetters, `.${piece}`)
  }
  return [ofWords, ofLetters]
}

function count(block: Map<string, number>, feature: string): void {
  block.set(feature, (block.get(feature) ?? 0) + 1)
}
