/**
 * A question as numbers: the same code in training and in service, so that the model sees what it was trained on.
 *
 * Words and pairs of neighbouring words make one block, pieces of 2 to 5 letters within a word the other. A feature weighs
 * (1 + log count) × idf, a block has length 1. Features that the vocabulary lacks count towards that length: the
 * fewer known words a question has, the weaker what is known, and the less sure the model.
 */

/** The features that the model knows: each has a row in it. */
export interface Vocabulary {
  readonly rows: ReadonlyMap<number, number>
  /** Inverse document frequency by row. */
  readonly idf: Float32Array
  /** That of a feature that is not known. */
  readonly unknownIdf: number
}

/** Known features of one text: rows of the model and their weights. */
export interface Encoded {
  readonly rows: readonly number[]
  readonly weights: readonly number[]
}

// More words than this say nothing new about what a question is.
const mostWords = 200

/** The features of `text` by their hash, with how often each occurs: a block of words, a block of letters. */
export function featuresOf(text: string): readonly ReadonlyMap<number, number>[] {
  const words = wordsOf(text)
  const ofWords = new Map<number, number>()
  const ofLetters = new Map<number, number>()
  for (const [at, word] of words.entries()) {
    count(ofWords, `w${word}`)
    const next = words[at + 1]
    if (next !== undefined) count(ofWords, `w${word} ${next}`)
    for (const piece of piecesOf(` ${word} `)) count(ofLetters, `c${piece}`)
  }
  return [ofWords, ofLetters]
}

/** `text` as the model takes it. */
export function encodeText(text: string, vocabulary: Vocabulary): Encoded {
  const rows: number[] = []
  const weights: number[] = []
  const blocks = featuresOf(text)
  for (const block of blocks) {
    const start = weights.length
    let squares = 0
    for (const [hash, times] of block) {
      const row = vocabulary.rows.get(hash)
      const idf = row === undefined ? vocabulary.unknownIdf : (vocabulary.idf[row] ?? 0)
      const weight = (1 + Math.log(times)) * idf
      squares += weight * weight
      if (row === undefined) continue
      rows.push(row)
      weights.push(weight)
    }
    const length = Math.sqrt(squares * blocks.length)
    for (let i = start; i < weights.length; i++) weights[i] = (weights[i] ?? 0) / length
  }
  return { rows, weights }
}

function wordsOf(text: string): readonly string[] {
  const plain = text
    .normalize('NFKD')
    .toLowerCase()
    .replaceAll(/\p{M}/gu, '')
    .replaceAll(/[’‘`]/g, "'")
    .replaceAll(/n't\b/g, ' not')
    .replaceAll(/'(s|m|re|ve|ll|d)\b/g, ' $1')
  return (plain.match(/[a-z0-9£$€]+/g) ?? []).slice(0, mostWords)
}

function piecesOf(word: string): readonly string[] {
  const pieces: string[] = []
  for (let length = 2; length <= 5; length++) {
    if (word.length <= length) return [...pieces, word]
    for (let at = 0; at + length <= word.length; at++) pieces.push(word.slice(at, at + length))
  }
  return pieces
}

function count(block: Map<number, number>, feature: string): void {
  const hash = fnv1a(feature)
  block.set(hash, (block.get(hash) ?? 0) + 1)
}

/** FNV-1a (Fowler, Noll and Vo), 32 bits, over UTF-16 units. */
function fnv1a(text: string): number {
  let hash = 0x811c9dc5
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193)
  return hash >>> 0
}
