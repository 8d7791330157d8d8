/**
 * The network and how it learns: weighted sum of feature rows → ReLU → one score a label, by stochastic gradient descent on
 * the cross-entropy. Dropping features and hidden units at random (Srivastava et al. 2014) is what keeps a few thousand short
 * texts from being learnt by heart.
 */
import type { Encoded } from './features.ts'
import { seeded, shuffledPlaces } from './random.ts'

/** A text as the network sees it, and its labels. */
export interface Sample extends Encoded {
  readonly labels: readonly number[]
}

/** How it learns. The rate falls to zero in a straight line. */
export interface Recipe {
  readonly hidden: number
  readonly epochs: number
  readonly rate: number
  /** The share of `rate` that the upper layer gets. */
  readonly headRate: number
  /** Shares from 0 to below 1. */
  readonly dropFeatures: number
  readonly dropHidden: number
  readonly seed: number
}

/** `one`: exactly one label is right, scores go through a softmax. `many`: each label is right or wrong by itself, through a logistic. */
type LabelKind = 'one' | 'many'

/** How many there are of what goes in and comes out. */
interface Shape {
  readonly features: number
  readonly labels: number
  readonly kind: LabelKind
}

/** A network that has learnt: the score of every label, before softmax or logistic. */
export type Network = (text: Encoded) => Float32Array

// Three that began elsewhere err elsewhere; more gain little.
const members = 3

/** Three networks of one recipe but other beginnings, as one: the mean of what they say. */
export function trainCommittee(samples: readonly Sample[], shape: Shape, recipe: Recipe): Network {
  const networks = Array.from({ length: members }, (_, at) =>
    trainNetwork(samples, shape, { ...recipe, seed: recipe.seed + at }),
  )
  return text => {
    const said = networks.map(network => network(text))
    return new Float32Array(shape.labels).map(
      (_, label) => said.reduce((sum, scores) => sum + (scores[label] ?? 0), 0) / members,
    )
  }
}

/** Learns from every sample `epochs` times. The same samples and recipe give the same network. */
function trainNetwork(samples: readonly Sample[], shape: Shape, recipe: Recipe): Network {
  const random = seeded(recipe.seed)
  const layers = freshLayers(shape.features, shape.labels, recipe.hidden, random)
  const steps = recipe.epochs * samples.length
  let step = 0
  for (let epoch = 0; epoch < recipe.epochs; epoch++)
    for (const place of shuffledPlaces(samples.length, random)) {
      const sample = samples[place]
      if (sample) learn(layers, sample, shape.kind, recipe.rate * (1 - step / steps), recipe, random)
      step++
    }
  return text =>
    headScores(
      layers,
      sumRows(layers, text.rows, text.weights).map(value => Math.max(0, value)),
    )
}

/** Probabilities that sum to 1. */
export function softmax(scores: Float32Array): Float32Array {
  const top = scores.reduce((a, b) => Math.max(a, b), Number.NEGATIVE_INFINITY)
  const powers = scores.map(score => Math.exp(score - top))
  const sum = powers.reduce((a, b) => a + b, 0)
  return powers.map(power => power / sum)
}

/** Probabilities each for itself. */
export function logistic(scores: Float32Array): Float32Array {
  return scores.map(score => 1 / (1 + Math.exp(-score)))
}

const leastError = 0.002

interface Layers {
  readonly hidden: number
  readonly labels: number
  /** features × hidden */
  readonly rows: Float32Array
  /** hidden × labels */
  readonly heads: Float32Array
  readonly headBias: Float32Array
}

function freshLayers(features: number, labels: number, hidden: number, random: () => number): Layers {
  // Nearly normal, variance 1.
  const normal = () => (random() + random() + random() + random() - 2) * Math.sqrt(3)
  return {
    hidden,
    labels,
    rows: new Float32Array(features * hidden).map(() => 0.1 * normal()),
    heads: new Float32Array(hidden * labels).map(() => normal() / Math.sqrt(2 * hidden)),
    headBias: new Float32Array(labels),
  }
}

/** One step downhill, in place. */
function learn(
  layers: Layers,
  sample: Sample,
  kind: LabelKind,
  rate: number,
  recipe: Recipe,
  random: () => number,
): void {
  const { hidden, labels, heads, headBias } = layers
  const kept = sample.rows.map(() => (random() >= recipe.dropFeatures ? 1 : 0))
  const rows = sample.rows.filter((_, i) => kept[i] === 1)
  const weights = sample.weights.filter((_, i) => kept[i] === 1).map(weight => weight / (1 - recipe.dropFeatures))
  const active = sumRows(layers, rows, weights).map(value =>
    value > 0 && random() >= recipe.dropHidden ? value / (1 - recipe.dropHidden) : 0,
  )
  const scores = headScores(layers, active)
  const error = kind === 'one' ? softmax(scores) : logistic(scores)
  for (const label of sample.labels) error[label] = (error[label] ?? 0) - 1
  const push = rate * recipe.headRate
  // Most labels are wrong for sure and soon known to be: only the others teach anything.
  const wrong = noticed(error)
  const back = new Float32Array(hidden)
  for (let unit = 0; unit < hidden; unit++) {
    const value = active[unit] ?? 0
    if (value === 0) continue
    let blame = 0
    for (let i = 0; i < wrong.length; i++) {
      const k = wrong[i] ?? 0
      const at = unit * labels + k
      const off = error[k] ?? 0
      blame += (heads[at] ?? 0) * off
      heads[at] = (heads[at] ?? 0) - value * push * off
    }
    back[unit] = (blame * rate) / (1 - recipe.dropHidden)
  }
  for (const k of wrong) headBias[k] = (headBias[k] ?? 0) - (error[k] ?? 0) * push
  for (let i = 0; i < rows.length; i++) {
    const weight = weights[i] ?? 0
    for (let unit = 0, at = (rows[i] ?? 0) * hidden; unit < hidden; unit++, at++)
      layers.rows[at] = (layers.rows[at] ?? 0) - weight * (back[unit] ?? 0)
  }
}

function noticed(error: Float32Array): Int32Array {
  const places = new Int32Array(error.length)
  let count = 0
  for (let k = 0; k < error.length; k++) if (Math.abs(error[k] ?? 0) > leastError) places[count++] = k
  return places.subarray(0, count)
}

function sumRows(layers: Layers, rows: Int32Array, weights: Float32Array): Float32Array {
  const { hidden } = layers
  const sum = new Float32Array(hidden)
  for (let i = 0; i < rows.length; i++) {
    const weight = weights[i] ?? 0
    for (let unit = 0, at = (rows[i] ?? 0) * hidden; unit < hidden; unit++, at++)
      sum[unit] = (sum[unit] ?? 0) + weight * (layers.rows[at] ?? 0)
  }
  return sum
}

function headScores(layers: Layers, active: Float32Array): Float32Array {
  const { labels, heads } = layers
  const scores = Float32Array.from(layers.headBias)
  for (let unit = 0; unit < active.length; unit++) {
    const value = active[unit] ?? 0
    if (value === 0) continue
    for (let k = 0, at = unit * labels; k < labels; k++, at++) scores[k] = (scores[k] ?? 0) + value * (heads[at] ?? 0)
  }
  return scores
}
