/**
 * Learnt intents: which one of several things a request means, and whether it means any of them, from examples.
 *
 * What is none of the intents is a class of its own when there are examples of it. It is never learnt well, since anything may be in it: so
 * a request must also be clearly one of the intents. How clearly is measured on half of those examples, which the network never sees.
 */
import { MusterError } from '../../../core/index.ts'
import { compareText } from '../../order.ts'
import { createEncoder, type Encoded } from './features.ts'
import { type Recipe, softmax, trainCommittee } from './network.ts'
import { seeded, shuffledPlaces } from './random.ts'

/** A request and what it means; undefined: none of the intents. */
export interface IntentExample {
  readonly request: string
  readonly intent: string | undefined
}

/** What a request means. */
export interface IntentReading {
  /** The likeliest intent; undefined when the request is out of scope. */
  readonly intent: string | undefined
  /** The likeliest first, with their probabilities. They fall short of 1 by the probability that it is none of them. */
  readonly ranking: readonly { readonly intent: string; readonly probability: number }[]
}

/** Reads a request as one of the intents that it has learnt. */
export type IntentReader = (request: string) => IntentReading

const recipe: Recipe = {
  hidden: 128,
  epochs: 18,
  rate: 0.35,
  headRate: 0.1,
  dropFeatures: 0.5,
  dropHidden: 0.3,
  seed: 1,
}
// There are few examples of what is out of scope, and it counts as much as an intent that has many.
const outsideTimes = 3
const heldOutside = 0.5
const mostRanked = 10

/**
 * Learns intents from examples; the same examples in the same order teach the same. `caught` (0 to 1, default 0.65) is the share of
 * out-of-scope requests that should be told apart; it takes effect when there are examples of them.
 * Throws `bad-input` when no example has an intent.
 */
export function learnIntents(
  examples: readonly IntentExample[],
  { caught = 0.65 }: { readonly caught?: number } = {},
): IntentReader {
  const outside = examples.filter(example => example.intent === undefined)
  const inside = examples.filter(example => example.intent !== undefined)
  if (inside.length === 0)
    throw new MusterError('bad-input', 'there is no example with an intent', {
      hint: 'give at least one for each intent',
    })
  const [heldBack, learnt] = split(outside, heldOutside)
  const rank = fit(inside, learnt)
  const threshold = thresholdFor(caught, heldBack, rank)
  return request => {
    const ranking = rank(request)
    const [first] = ranking
    const intent = first !== undefined && first.probability >= threshold ? first.intent : undefined
    return { intent, ranking: ranking.slice(0, mostRanked) }
  }
}

type Ranker = (request: string) => IntentReading['ranking']

function fit(inside: readonly IntentExample[], outside: readonly IntentExample[]): Ranker {
  const intents = [...new Set(inside.flatMap(({ intent }) => intent ?? []))].sort(compareText)
  const labels = new Map(intents.map((intent, label) => [intent, label]))
  const examples = [...inside, ...Array.from({ length: outsideTimes }, () => outside).flat()]
  const encoder = createEncoder([...inside, ...outside].map(({ request }) => request))
  const samples = examples.map(({ request, intent = '' }) => ({
    ...encoder.encode(request),
    labels: [labels.get(intent) ?? intents.length],
  }))
  const shape = { features: encoder.size, labels: intents.length + (outside.length > 0 ? 1 : 0), kind: 'one' as const }
  const network = trainCommittee(samples, shape, recipe)
  const probabilities = (text: Encoded) => softmax(network(text))
  return request => {
    const found = probabilities(encoder.encode(request))
    return intents
      .map((intent, label) => ({ intent, probability: found[label] ?? 0 }))
      .sort((a, b) => b.probability - a.probability)
  }
}

/** The probability below which the best guess at a share `caught` of requests from outside falls. */
function thresholdFor(caught: number, outside: readonly IntentExample[], rank: Ranker): number {
  const tops = outside.map(({ request }) => rank(request)[0]?.probability ?? 0).sort((a, b) => a - b)
  return tops[Math.min(tops.length - 1, Math.round(caught * tops.length))] ?? 0
}

function split(examples: readonly IntentExample[], share: number): [IntentExample[], IntentExample[]] {
  const order = shuffledPlaces(examples.length, seeded(recipe.seed))
  const held = new Set(order.subarray(0, Math.ceil(share * examples.length)))
  return [examples.filter((_, at) => held.has(at)), examples.filter((_, at) => !held.has(at))]
}
