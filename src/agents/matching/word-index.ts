/**
 * The word index: which texts speak of which words, and how much that tells.
 *
 * BM25F (Zaragoza et al., TREC 2004): counts of a word are weighed by field and by the field's length before they saturate,
 * so a word in a name and in a description is one word said clearly, not two.
 */
import { keyed } from './keyed.ts'
import { stemOf, wordsOf } from './words.ts'

/** A text in named fields; the weights of the fields are the index's. */
export type Fields<Field extends string> = Readonly<Record<Field, string>>

/** An index over texts, which are known by their place in the list that it was made from. */
export interface WordIndex {
  has(stem: string): boolean
  /** Every word of every text, as a stem. */
  stems(): Iterable<string>
  /** Adds to `scores` what each text has of one word, times `weight`. */
  add(scores: Float64Array, stem: string, weight: number): void
  /** What `add` adds to one text for a word, at weight 1. */
  share(text: number, stem: string): number
}

const lengthMatters = 0.6
const saturation = 1.2
// A word in more than a quarter of many texts costs most and tells least.
const commonShare = 0.25
const fewTexts = 64

interface Posting {
  readonly idf: number
  readonly texts: Uint32Array
  readonly strengths: Float64Array
}

/** Indexes texts; `weights` says how much a field counts. The words of a field are counted as stems. */
export function createWordIndex<Field extends string>(
  texts: readonly Fields<Field>[],
  weights: readonly (readonly [field: Field, weight: number])[],
): WordIndex {
  const postings = new Map<string, Posting>()
  for (const [stem, found] of strengthsOf(texts, weights)) {
    const strengths = Float64Array.from(found.values(), strength => strength / (saturation + strength))
    const idf = Math.log(1 + (texts.length - found.size + 0.5) / (found.size + 0.5))
    postings.set(stem, { idf, texts: Uint32Array.from(found.keys()), strengths })
  }
  const commonest = Math.max(fewTexts, texts.length * commonShare)
  return {
    has: stem => postings.has(stem),
    stems: () => postings.keys(),
    add(scores, stem, weight) {
      const posting = postings.get(stem)
      if (posting === undefined || posting.texts.length > commonest) return
      const { texts: found, strengths } = posting
      const worth = weight * posting.idf
      for (let i = 0; i < found.length; i++) {
        const text = found[i] ?? 0
        scores[text] = (scores[text] ?? 0) + worth * (strengths[i] ?? 0)
      }
    },
    share(text, stem) {
      const posting = postings.get(stem)
      if (posting === undefined || posting.texts.length > commonest) return 0
      const at = placeOf(posting.texts, text)
      return at === undefined ? 0 : posting.idf * (posting.strengths[at] ?? 0)
    },
  }
}

function strengthsOf<Field extends string>(
  texts: readonly Fields<Field>[],
  weights: readonly (readonly [field: Field, weight: number])[],
): ReadonlyMap<string, ReadonlyMap<number, number>> {
  const stems = new Map<string, string>()
  const strengths = new Map<string, Map<number, number>>()
  for (const [field, weight] of weights) {
    const split = texts.map(text => wordsOf(text[field]))
    const length = split.reduce((sum, words) => sum + words.length, 0) / texts.length || 1
    for (const [text, words] of split.entries()) {
      const worth = weight / (1 - lengthMatters + (lengthMatters * words.length) / length)
      for (const word of words) {
        const stem = keyed(stems, word, stemOf)
        const found = keyed(strengths, stem, () => new Map())
        found.set(text, (found.get(text) ?? 0) + worth)
      }
    }
  }
  // Texts in order, so that they can be searched by halves.
  return new Map([...strengths].map(([stem, found]) => [stem, new Map([...found].sort(([a], [b]) => a - b))]))
}

function placeOf(sorted: Uint32Array, wanted: number): number | undefined {
  let low = 0
  let high = sorted.length
  while (low < high) {
    const middle = (low + high) >> 1
    if ((sorted[middle] ?? 0) < wanted) low = middle + 1
    else high = middle
  }
  return sorted[low] === wanted ? low : undefined
}
