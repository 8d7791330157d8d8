/** The model's inputs and outputs in words: a question to tensors, tensors to a reading. */
import type { Reading, Tensor } from 'muster'
import { partsOf, spansOf } from './clauses.ts'
import { encodeText, type Vocabulary } from './features.ts'

const mostCandidates = 5

/** The feeds of the model for a question: every span of its clauses is a row of one batch. */
export function feedsOf(question: string, vocabulary: Vocabulary): Readonly<Record<'rows' | 'weights', Tensor>> {
  const spans = spansOf(question).map(span => encodeText(span, vocabulary))
  const width = Math.max(1, ...spans.map(span => span.rows.length))
  const rows = new BigInt64Array(spans.length * width)
  const weights = new Float32Array(spans.length * width)
  for (const [at, span] of spans.entries()) {
    rows.set(span.rows.map(BigInt), at * width)
    weights.set(span.weights, at * width)
  }
  const dims = [spans.length, width]
  return { rows: { type: 'int64', data: rows, dims }, weights: { type: 'float32', data: weights, dims } }
}

/** The reading of a question: `probabilities` are those of its spans, a row each; `labels` name the columns. */
export function readingOf(question: string, probabilities: Tensor, labels: readonly string[]): Reading {
  const spans = spansOf(question)
  const ranked = spans.map((_, row) =>
    labels
      .map((intent, column) => ({ intent, confidence: Number(probabilities.data[row * labels.length + column]) }))
      .sort((a, b) => b.confidence - a.confidence)
      .slice(0, mostCandidates),
  )
  const verdicts = ranked.map(([best]) => best ?? { intent: '', confidence: 0 })
  return {
    parts: partsOf(spans, verdicts).map(part => ({ text: spans[part] ?? '', candidates: ranked[part] ?? [] })),
  }
}
