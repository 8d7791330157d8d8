/** Meaning beside words: an embedding model, such as one run by ONNX Runtime, plugged into the matcher. */
import { MusterError } from '../../core/index.ts'
import { createLexicalReader, type Matchable } from './lexical.ts'
import { createRanking, inOrder, type Match } from './matcher.ts'

/** Turns texts into vectors, all of one length; alike in meaning, alike in direction. */
export interface Embedder {
  embed(texts: readonly string[], signal?: AbortSignal): Promise<readonly Float32Array[]>
}

/** A matcher that waits for a model. */
export interface EmbeddingMatcher<C extends Matchable> {
  /** As a matcher's, with what the model says added. Rejects with what the embedder rejects with. */
  match(
    request: string,
    options?: { readonly limit?: number; readonly signal?: AbortSignal },
  ): Promise<readonly Match<C>[]>
}

// Texts per call, so that a model is asked in batches that it can take.
const batch = 64

/**
 * Indexes capabilities by words and by the vectors of their names and descriptions. `share` (default 0.5, from 0 to 1) is what
 * a meaning that is the same adds to a score, beside up to about 1 from words. Throws `bad-config` when vectors differ in length.
 */
export async function createEmbeddingMatcher<C extends Matchable>(
  capabilities: readonly C[],
  embedder: Embedder,
  { share = 0.5 }: { readonly share?: number } = {},
): Promise<EmbeddingMatcher<C>> {
  const catalogue = inOrder(capabilities)
  const read = createLexicalReader(catalogue)
  const rank = createRanking(catalogue)
  const vectors: Float32Array[] = []
  for (let from = 0; from < catalogue.length; from += batch) {
    const texts = catalogue.slice(from, from + batch).map(textOf)
    vectors.push(...(await embedder.embed(texts)))
  }
  return {
    async match(request, { limit = 10, signal } = {}) {
      const [asked = new Float32Array()] = await embedder.embed([request], signal)
      const meaning = Float64Array.from(catalogue, (_, at) => share * Math.max(0, cosine(asked, vectors[at] ?? asked)))
      return rank(read(request), meaning, limit)
    },
  }
}

function textOf({ name, description }: Matchable): string {
  return `${name.replaceAll(/[.-]/g, ' ')}: ${description}`
}

function cosine(a: Float32Array, b: Float32Array): number {
  if (a.length !== b.length)
    throw new MusterError('bad-config', `the embedder gave vectors of \`${a.length}\` and \`${b.length}\` numbers`, {
      hint: 'let one model embed everything',
    })
  let [product, ofA, ofB] = [0, 0, 0]
  for (let i = 0; i < a.length; i++) {
    const [x, y] = [a[i] ?? 0, b[i] ?? 0]
    product += x * y
    ofA += x * x
    ofB += y * y
  }
  return ofA === 0 || ofB === 0 ? 0 : product / Math.sqrt(ofA * ofB)
}
