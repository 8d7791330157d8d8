/** Which features are worth knowing, and how telling each is. */
import { featuresOf, type Vocabulary } from '../features.ts'

// A feature of a single text teaches nothing that holds for another.
const fewestTexts = 2

/** The features that occur in at least two of `texts`, with idf = 1 + log((1 + texts) / (1 + texts with it)). */
export function learnVocabulary(texts: readonly string[]): Vocabulary {
  const found = new Map<number, number>()
  for (const text of texts)
    for (const block of featuresOf(text)) for (const hash of block.keys()) found.set(hash, (found.get(hash) ?? 0) + 1)
  const idfOf = (times: number) => 1 + Math.log((1 + texts.length) / (1 + times))
  const known = [...found].filter(([, times]) => times >= fewestTexts).sort(([a], [b]) => a - b)
  return {
    rows: new Map(known.map(([hash], row) => [hash, row])),
    idf: Float32Array.from(known, ([, times]) => idfOf(times)),
    unknownIdf: idfOf(1),
  }
}
