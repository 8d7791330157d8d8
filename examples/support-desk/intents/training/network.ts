/**
 * The network and how it learns: weighted sum of feature rows → ReLU → one score a class, by stochastic gradient descent on
 * the cross-entropy. Dropping features and hidden units at random (Srivastava et al. 2014) is what keeps 10,000 short
 * texts from being learnt by heart; against a linear classifier over the same features it gained 0.8 points.
 */
import type { Encoded } from '../features.ts'
import { seeded, shuffled } from './random.ts'

/** The learnt numbers, row by row. */
export interface Network {
  readonly hidden: number
  readonly classes: number
  /** features × hidden */
  readonly rows: Float32Array
  /** hidden × classes */
  readonly heads: Float32Array
  readonly headBias: Float32Array
}

/** A text as the network sees it, and its class. */
export interface Sample extends Encoded {
  readonly label: number
}

/** How it learns. Rates fall to zero in a straight line; `headRate` is the share of `rate` that the upper layer gets. */
export interface Recipe {
  readonly hidden: number
  readonly epochs: number
  readonly rate: number
  readonly headRate: number
  readonly dropFeatures: number
  readonly dropHidden: number
  readonly seed: number
}

/** A network that has seen every sample `epochs` times. The same samples and recipe give the same network. */
export function trainNetwork(samples: readonly Sample[], features: number, classes: number, recipe: Recipe): Network {
  const random = seeded(recipe.seed)
  const network = freshNetwork(features, classes, recipe.hidden, random)
  const steps = recipe.epochs * samples.length
  let step = 0
  for (let epoch = 0; epoch < recipe.epochs; epoch++)
    for (const sample of shuffled(samples, random)) {
      learn(network, sample, recipe.rate * (1 - step / steps), recipe, random)
      step++
    }
  return network
}

/** The score of every class, before the softmax. */
export function scoresOf(network: Network, { rows, weights }: Encoded): Float32Array {
  return headScores(
    network,
    sumRows(network, rows, weights).map(value => Math.max(0, value)),
  )
}

/** Probabilities from scores. */
export function softmax(scores: Float32Array, temperature = 1): Float32Array {
  const top = scores.reduce((a, b) => Math.max(a, b), Number.NEGATIVE_INFINITY)
  const powers = scores.map(score => Math.exp((score - top) / temperature))
  const sum = powers.reduce((a, b) => a + b, 0)
  return powers.map(power => power / sum)
}

function freshNetwork(features: number, classes: number, hidden: number, random: () => number): Network {
  // Nearly normal, variance 1.
  const normal = () => (random() + random() + random() + random() - 2) * Math.sqrt(3)
  return {
    hidden,
    classes,
    rows: new Float32Array(features * hidden).map(() => 0.1 * normal()),
    heads: new Float32Array(hidden * classes).map(() => normal() / Math.sqrt(2 * hidden)),
    headBias: new Float32Array(classes),
  }
}

/** One step downhill, in place. */
function learn(network: Network, sample: Sample, rate: number, recipe: Recipe, random: () => number): void {
  const { hidden, classes, heads, headBias } = network
  const kept = sample.rows.map(() => random() >= recipe.dropFeatures)
  const rows = sample.rows.filter((_, i) => kept[i])
  const weights = sample.weights.filter((_, i) => kept[i]).map(weight => weight / (1 - recipe.dropFeatures))
  const active = sumRows(network, rows, weights).map(value =>
    value > 0 && random() >= recipe.dropHidden ? value / (1 - recipe.dropHidden) : 0,
  )
  const error = softmax(headScores(network, active))
  error[sample.label] = (error[sample.label] ?? 0) - 1
  const back = new Float32Array(hidden)
  for (let unit = 0; unit < hidden; unit++) {
    const value = active[unit] ?? 0
    if (value === 0) continue
    const push = value * rate * recipe.headRate
    let blame = 0
    for (let k = 0, at = unit * classes; k < classes; k++, at++) {
      const off = error[k] ?? 0
      blame += (heads[at] ?? 0) * off
      heads[at] = (heads[at] ?? 0) - push * off
    }
    back[unit] = (blame * rate) / (1 - recipe.dropHidden)
  }
  for (let k = 0; k < classes; k++) headBias[k] = (headBias[k] ?? 0) - (error[k] ?? 0) * rate * recipe.headRate
  addToRows(network, rows, weights, back)
}

function sumRows(network: Network, rows: readonly number[], weights: readonly number[]): Float32Array {
  const sum = new Float32Array(network.hidden)
  for (let i = 0; i < rows.length; i++) {
    const weight = weights[i] ?? 0
    for (let unit = 0, at = (rows[i] ?? 0) * network.hidden; unit < network.hidden; unit++, at++)
      sum[unit] = (sum[unit] ?? 0) + weight * (network.rows[at] ?? 0)
  }
  return sum
}

function addToRows(network: Network, rows: readonly number[], weights: readonly number[], back: Float32Array): void {
  for (let i = 0; i < rows.length; i++) {
    const weight = weights[i] ?? 0
    for (let unit = 0, at = (rows[i] ?? 0) * network.hidden; unit < network.hidden; unit++, at++)
      network.rows[at] = (network.rows[at] ?? 0) - weight * (back[unit] ?? 0)
  }
}

function headScores(network: Network, active: Float32Array): Float32Array {
  const { classes, heads } = network
  const scores = Float32Array.from(network.headBias)
  for (let unit = 0; unit < active.length; unit++) {
    const value = active[unit] ?? 0
    if (value === 0) continue
    for (let k = 0, at = unit * classes; k < classes; k++, at++) scores[k] = (scores[k] ?? 0) + value * (heads[at] ?? 0)
  }
  return scores
}
