/**
 * The network: weighted sum of feature rows → ReLU → one score a label. Its rows are kept in 8 bits each with one scale a row, which
 * is all that they are worth and a quarter of the memory and of the file.
 */
import type { Encoded } from './features.ts'

/** What a network has learnt. */
export interface Network {
  readonly hidden: number
  readonly labels: number
  /** features × hidden, each to be multiplied by the scale of its row. */
  readonly rows: Int8Array
  readonly scales: Float32Array
  /** hidden × labels */
  readonly heads: Float32Array
  readonly bias: Float32Array
}

/** A network while it learns. */
export interface Layers {
  readonly hidden: number
  readonly labels: number
  /** features × hidden */
  readonly rows: Float32Array
  /** hidden × labels */
  readonly heads: Float32Array
  readonly bias: Float32Array
}

const most = 127

/** Several networks over the same features and labels as one that says the mean of what they say. */
export function joinNetworks(members: readonly Layers[]): Network {
  const labels = members[0]?.labels ?? 0
  const hidden = members.reduce((sum, member) => sum + member.hidden, 0)
  const features = (members[0]?.rows.length ?? 0) / (members[0]?.hidden ?? 1)
  const rows = new Int8Array(features * hidden)
  const scales = new Float32Array(features)
  const joined = new Float32Array(hidden)
  for (let feature = 0; feature < features; feature++) {
    let from = 0
    for (const member of members) {
      joined.set(member.rows.subarray(feature * member.hidden, (feature + 1) * member.hidden), from)
      from += member.hidden
    }
    const scale = joined.reduce((top, value) => Math.max(top, Math.abs(value)), 0) / most || 1
    scales[feature] = scale
    for (let unit = 0; unit < hidden; unit++) rows[feature * hidden + unit] = Math.round((joined[unit] ?? 0) / scale)
  }
  const heads = new Float32Array(hidden * labels)
  const bias = new Float32Array(labels)
  let from = 0
  for (const member of members) {
    heads.set(
      member.heads.map(value => value / members.length),
      from,
    )
    from += member.heads.length
    for (let label = 0; label < labels; label++)
      bias[label] = (bias[label] ?? 0) + (member.bias[label] ?? 0) / members.length
  }
  return { hidden, labels, rows, scales, heads, bias }
}

/** The score of every label, before softmax or logistic. */
export function scoresOf({ hidden, rows, scales, heads, bias }: Network, text: Encoded): Float32Array {
  const sum = new Float32Array(hidden)
  for (let i = 0; i < text.rows.length; i++) {
    const row = text.rows[i] ?? 0
    const weight = (text.weights[i] ?? 0) * (scales[row] ?? 0)
    for (let unit = 0, at = row * hidden; unit < hidden; unit++, at++)
      sum[unit] = (sum[unit] ?? 0) + weight * (rows[at] ?? 0)
  }
  const scores = Float32Array.from(bias)
  for (let unit = 0; unit < hidden; unit++) if ((sum[unit] ?? 0) > 0) addScores(scores, heads, unit, sum[unit] ?? 0)
  return scores
}

/** Adds what one hidden unit says of every label. */
export function addScores(scores: Float32Array, heads: Float32Array, unit: number, value: number): void {
  const labels = scores.length
  for (let label = 0, at = unit * labels; label < labels; label++, at++)
    scores[label] = (scores[label] ?? 0) + value * (heads[at] ?? 0)
}

/** Makes scores probabilities that sum to 1, in place. */
export function softmax(scores: Float32Array): Float32Array {
  let top = Number.NEGATIVE_INFINITY
  for (const score of scores) top = Math.max(top, score)
  let sum = 0
  for (let label = 0; label < scores.length; label++) sum += scores[label] = Math.exp((scores[label] ?? 0) - top)
  for (let label = 0; label < scores.length; label++) scores[label] = (scores[label] ?? 0) / sum
  return scores
}

/** Makes scores probabilities each for itself, in place. */
export function logistic(scores: Float32Array): Float32Array {
  for (let label = 0; label < scores.length; label++) scores[label] = 1 / (1 + Math.exp(-(scores[label] ?? 0)))
  return scores
}
