/**
 * A request as numbers, in blocks: words and pairs of neighbouring words; pieces of 2 to 5 letters within a word; and, where the order
 * in which things are said matters, words by the third of the text that they stand in.
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

/** Which features there are and how telling each is; a feature's row is its place. */
export interface Vocabulary {
  /** Whether words count by where they stand too. */
  readonly places: boolean
  readonly features: readonly string[]
  /** 1 + log((1 + texts) / (1 + texts with it)). */
  readonly idf: Float32Array
  readonly unknownIdf: number
}

/** Turns texts into features, the same way in training and in service. */
export type Encoder = (text: string) => Encoded

// A feature of a single text teaches nothing that holds for another, unless there are so few texts that all are precious.
const manyTexts = 1000

/** Learns the vocabulary of `texts`. */
export function learnVocabulary(texts: readonly string[], { places = false } = {}): Vocabulary {
  const found = new Map<string, number>()
  for (const text of texts)
    for (const block of blocksOf(text, places))
      for (const feature of block.keys()) found.set(feature, (found.get(feature) ?? 0) + 1)
  const fewest = texts.length < manyTexts ? 1 : 2
  const known = [...found].filter(([, times]) => times >= fewest)
  const idfOf = (times: number) => 1 + Math.log((1 + texts.length) / (1 + times))
  return {
    places,
    features: known.map(([feature]) => feature),
    idf: Float32Array.from(known, ([, times]) => idfOf(times)),
    unknownIdf: Math.fround(idfOf(1)),
  }
}

/** The encoder of a vocabulary. */
export function createEncoder({ places, features, idf, unknownIdf }: Vocabulary): Encoder {
  const rowOf = new Map(features.map((feature, row) => [feature, row]))
  return text => {
    const rows: number[] = []
    const weights: number[] = []
    const blocks = blocksOf(text, places)
    for (const block of blocks) {
      const start = weights.length
      let squares = 0
      for (const [feature, times] of block) {
        const row = rowOf.get(feature)
        const weight = (1 + Math.log(times)) * (row === undefined ? unknownIdf : (idf[row] ?? unknownIdf))
        squares += weight * weight
        if (row === undefined) continue
        rows.push(row)
        weights.push(weight)
      }
      const length = Math.sqrt(squares * blocks.length)
      for (let i = start; i < weights.length; i++) weights[i] = (weights[i] ?? 0) / length
    }
    return { rows: Int32Array.from(rows), weights: Float32Array.from(weights) }
  }
}

const thirds = 3

function blocksOf(text: string, places: boolean): readonly ReadonlyMap<string, number>[] {
  const words = withoutNumbers(wordsOf(text))
  const ofWords = new Map<string, number>()
  const ofLetters = new Map<string, number>()
  const ofPlaces = new Map<string, number>()
  const pieces = new Map<string, readonly string[]>()
  for (const [at, word] of words.entries()) {
    count(ofWords, word)
    const next = words[at + 1]
    if (next !== undefined) count(ofWords, `${word} ${next}`)
    for (const piece of keyed(pieces, word, word => piecesOf(word, 2, 5))) count(ofLetters, `.${piece}`)
    if (places) count(ofPlaces, `${Math.floor((thirds * at) / words.length)}:${word}`)
  }
  return places ? [ofWords, ofLetters, ofPlaces] : [ofWords, ofLetters]
}

/** What holds a digit is the name of one thing or how many: that it is there tells something, which one does not. */
function withoutNumbers(words: readonly string[]): readonly string[] {
  return words
    .map(word => (/\p{N}/u.test(word) ? '0' : word))
    .filter((word, at, all) => word !== '0' || all[at - 1] !== '0')
}

function count(block: Map<string, number>, feature: string): void {
  block.set(feature, (block.get(feature) ?? 0) + 1)
}
