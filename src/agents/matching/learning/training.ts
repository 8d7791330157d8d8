/**
 * How a network learns: stochastic gradient descent on the cross-entropy, one text at a time. Dropping features and hidden units at
 * random (Srivastava et al. 2014) is what keeps a few thousand short texts from being learnt by heart.
 */
import type { Encoded } from './features.ts'
import { addScores, joinNetworks, type Layers, logistic, type Network, softmax } from './network.ts'
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

// Three that began elsewhere err elsewhere; more gain little.
const committee = 3
// With few samples, one pass teaches little.
const fewestSteps = 3000
// … and at the rate that suits many, they make a network that is right but unsure.
const rateOfFew = 2
const leastError = 0.002

/** Learns from every sample many times: three networks of other beginnings, as one. The same samples and recipe give the same. */
export function trainNetwork(samples: readonly Sample[], shape: Shape, recipe: Recipe): Network {
  return joinNetworks(
    Array.from({ length: committee }, (_, at) => trainMember(samples, shape, { ...recipe, seed: recipe.seed + at })),
  )
}

function trainMember(samples: readonly Sample[], shape: Shape, recipe: Recipe): Layers {
  const random = seeded(recipe.seed)
  const layers = freshLayers(shape, recipe.hidden, random)
  const learn = createLearner(layers, shape.kind, recipe, random)
  const epochs = Math.max(recipe.epochs, Math.ceil(fewestSteps / samples.length))
  const steps = epochs * samples.length
  const rate = recipe.rate * (epochs > recipe.epochs ? rateOfFew : 1)
  let step = 0
  for (let epoch = 0; epoch < epochs; epoch++)
    for (const place of shuffledPlaces(samples.length, random)) {
      const sample = samples[place]
      if (sample) learn(sample, rate * (1 - step / steps))
      step++
    }
  return layers
}

function freshLayers({ features, labels }: Shape, hidden: number, random: () => number): Layers {
  // Nearly normal, variance 1.
  const normal = () => (random() + random() + random() + random() - 2) * Math.sqrt(3)
  return {
    hidden,
    labels,
    rows: new Float32Array(features * hidden).map(() => 0.1 * normal()),
    heads: new Float32Array(hidden * labels).map(() => normal() / Math.sqrt(2 * hidden)),
    bias: new Float32Array(labels),
  }
}

/** One step downhill, in place, with room that is used again at every step. */
function createLearner(layers: Layers, kind: LabelKind, recipe: Recipe, random: () => number) {
  const { hidden, labels, rows, heads, bias } = layers
  const { dropFeatures, dropHidden, headRate } = recipe

  const active = new Float32Array(hidden)
  const back = new Float32Array(hidden)
  const error = new Float32Array(labels)
  const wrong = new Int32Array(labels)
  return (sample: Sample, rate: number): void => {
    const kept = keepSome(sample, dropFeatures, random)
    active.fill(0)
    for (let i = 0; i < kept.rows.length; i++) addRow(active, rows, (kept.rows[i] ?? 0) * hidden, kept.weights[i] ?? 0)
    error.set(bias)
    for (let unit = 0; unit < hidden; unit++) {
      const value = active[unit] ?? 0
      active[unit] = value > 0 && random() >= dropHidden ? value / (1 - dropHidden) : 0
      if (active[unit] !== 0) addScores(error, heads, unit, active[unit] ?? 0)
    }
    if (kind === 'one') softmax(error)
    else logistic(error)
    for (const label of sample.labels) error[label] = (error[label] ?? 0) - 1
    const wrongs = notice(error, wrong)
    const push = rate * headRate
    for (let unit = 0; unit < hidden; unit++)
      back[unit] = (blame(heads, unit * labels, active[unit] ?? 0, push, error, wrongs) * rate) / (1 - dropHidden)
    for (const label of wrongs) bias[label] = (bias[label] ?? 0) - (error[label] ?? 0) * push
    for (let i = 0; i < kept.rows.length; i++) {
      const weight = kept.weights[i] ?? 0
      for (let unit = 0, at = (kept.rows[i] ?? 0) * hidden; unit < hidden; unit++, at++)
        rows[at] = (rows[at] ?? 0) - weight * (back[unit] ?? 0)
    }
  }
}

function keepSome({ rows, weights }: Encoded, dropped: number, random: () => number): Encoded {
  const kept = { rows: new Int32Array(rows.length), weights: new Float32Array(rows.length) }
  let count = 0
  for (let i = 0; i < rows.length; i++) {
    if (random() < dropped) continue
    kept.rows[count] = rows[i] ?? 0
    kept.weights[count++] = (weights[i] ?? 0) / (1 - dropped)
  }
  return { rows: kept.rows.subarray(0, count), weights: kept.weights.subarray(0, count) }
}

function addRow(sum: Float32Array, rows: Float32Array, from: number, weight: number): void {
  for (let unit = 0, at = from; unit < sum.length; unit++, at++) sum[unit] = (sum[unit] ?? 0) + weight * (rows[at] ?? 0)
}

/** Moves the weights that lead from one unit to labels that were wrong, and says how much of the error was the unit's. */
function blame(
  heads: Float32Array,
  from: number,
  value: number,
  push: number,
  error: Float32Array,
  wrong: Int32Array,
): number {
  if (value === 0) return 0
  let sum = 0
  for (let i = 0; i < wrong.length; i++) {
    const label = wrong[i] ?? 0
    const off = error[label] ?? 0
    const weight = heads[from + label] ?? 0
    sum += weight * off
    heads[from + label] = weight - value * push * off
  }
  return sum
}

/** The labels with an error that teaches something: most are wrong for sure and soon known to be. */
function notice(error: Float32Array, places: Int32Array): Int32Array {
  let count = 0
  for (let label = 0; label < error.length; label++)
    if (Math.abs(error[label] ?? 0) > leastError) places[count++] = label
  return places.subarray(0, count)
}
