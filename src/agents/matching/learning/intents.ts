/**
 * Learnt intents: which one of several things a request means, and whether it means any of them, from examples.
 *
 * 1. What is none of the intents is a class of its own when there are examples of it. It is never learnt well, since anything may be
 *    in it: so a request must also be clearly one of the intents (`clarityOf`).
 * 2. How clearly is measured on half of those examples, which the network never sees.
 */
import { z } from 'zod'
import { MusterError } from '../../../core/index.ts'
import { compareText } from '../../order.ts'
import { createEncoder, learnVocabulary } from './features.ts'
import { readModel, type TextModel, writeModel } from './model-file.ts'
import { scoresOf, softmax } from './network.ts'
import { seeded, shuffledPlaces } from './random.ts'
import { type Recipe, trainNetwork } from './training.ts'

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

/** What was learnt of intents: it reads requests, and can be kept as a file. */
export interface IntentModel {
  /** Every intent that it can read, by name. */
  readonly intents: readonly string[]
  readonly read: (request: string) => IntentReading
  /** The model as a file that `loadIntents` reads; always the same bytes. */
  readonly save: () => Uint8Array
}

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
const kind = 'intents'
const settingsSchema = z.object({ outside: z.boolean(), threshold: z.number().nullable() })
type Settings = z.output<typeof settingsSchema>

/**
 * Learns intents from examples; the same examples in the same order teach the same. `caught` (0 to 1, default 0.7) is the share of
 * out-of-scope requests that should be told apart; it takes effect when there are examples of them.
 * Throws `bad-input` when no example has an intent.
 */
export function learnIntents(
  examples: readonly IntentExample[],
  { caught = 0.7 }: { readonly caught?: number } = {},
): IntentModel {
  const outside = examples.filter(example => example.intent === undefined)
  const inside = examples.filter(example => example.intent !== undefined)
  if (inside.length === 0)
    throw new MusterError('bad-input', 'there is no example with an intent', {
      hint: 'give at least one for each intent',
    })
  const [heldBack, learnt] = split(outside, heldOutside)
  const model = fit(inside, learnt)
  return modelOf(model, { outside: learnt.length > 0, threshold: thresholdFor(caught, heldBack, model) })
}

/** Loads what `save` wrote. Throws `bad-input` when it is not such a file, or is damaged. */
export function loadIntents(bytes: Uint8Array): IntentModel {
  const { model, settings } = readModel(kind, bytes, settingsSchema)
  return modelOf(model, settings)
}

function modelOf(model: TextModel, settings: Settings): IntentModel {
  const { outside, threshold } = settings
  const intents = outside ? model.labels.slice(0, -1) : model.labels
  const encode = createEncoder(model.vocabulary)
  return {
    intents,
    read(request) {
      const scores = scoresOf(model.network, encode(request))
      const clear = clarityOf(scores, outside) >= (threshold ?? Number.NEGATIVE_INFINITY)
      const found = softmax(scores)
      const ranking = intents
        .map((intent, label) => ({ intent, probability: found[label] ?? 0 }))
        .sort((a, b) => b.probability - a.probability)
        .slice(0, mostRanked)
      return { intent: clear ? ranking[0]?.intent : undefined, ranking }
    },
    save: () => writeModel(kind, model, settings),
  }
}

function fit(inside: readonly IntentExample[], outside: readonly IntentExample[]): TextModel {
  const intents = [...new Set(inside.flatMap(({ intent }) => intent ?? []))].sort(compareText)
  // What is outside has the last label, and no name.
  const labels = outside.length > 0 ? [...intents, ''] : intents
  const places = new Map(intents.map((intent, label) => [intent, label]))
  const examples = [...inside, ...Array.from({ length: outsideTimes }, () => outside).flat()]
  const vocabulary = learnVocabulary([...inside, ...outside].map(({ request }) => request))
  const encode = createEncoder(vocabulary)
  const samples = examples.map(({ request, intent = '' }) => ({
    ...encode(request),
    labels: [places.get(intent) ?? intents.length],
  }))
  const shape = { features: vocabulary.features.length, labels: labels.length, kind: 'one' as const }
  return { vocabulary, labels, network: trainNetwork(samples, shape, recipe) }
}

const topShare = 0.5
const outsideShare = 0.3

/**
 * How clearly a request is one of the intents: a probability says only which of them it is most like; how loudly anything spoke for
 * that one, and what spoke for none, is in the scores behind it. Shares were chosen by cross-validation.
 */
function clarityOf(scores: Float32Array, outside: boolean): number {
  const top = scores.subarray(0, scores.length - (outside ? 1 : 0)).reduce((a, b) => Math.max(a, b), -Infinity)
  const most = scores.reduce((a, b) => Math.max(a, b), -Infinity)
  const sum = scores.reduce((sum, score) => sum + Math.exp(score - most), 0)
  const none = outside ? (scores.at(-1) ?? 0) : 0
  return top - most - Math.log(sum) + topShare * top - outsideShare * none
}

/** The clarity below which a share `caught` of requests from outside falls; null when there is none to measure by. */
function thresholdFor(caught: number, outside: readonly IntentExample[], model: TextModel): number | null {
  const encode = createEncoder(model.vocabulary)
  const known = model.labels.at(-1) === ''
  const clarities = outside
    .map(({ request }) => clarityOf(scoresOf(model.network, encode(request)), known))
    .sort((a, b) => a - b)
  return clarities[Math.min(clarities.length - 1, Math.round(caught * clarities.length))] ?? null
}

function split(examples: readonly IntentExample[], share: number): [IntentExample[], IntentExample[]] {
  const order = shuffledPlaces(examples.length, seeded(recipe.seed))
  const held = new Set(order.subarray(0, Math.ceil(share * examples.length)))
  return [examples.filter((_, at) => held.has(at)), examples.filter((_, at) => !held.has(at))]
}
