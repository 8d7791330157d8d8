/**
 * Learnt intents: which one of several things a request means, and whether it means any of them, from examples.
 *
 * 1. What is none of the intents is a class of its own when there are examples of it. It is never learnt well, since anything may be
 *    in it: so a request must also be clearly one of the intents (`clarityOf`).
 * 2. How clearly is measured on half of those examples. Every network of the committee is kept from other ones, and says how clear they
 *    seem to one that never saw them; so the committee has still learnt from all.
 */
import { z } from 'zod'
import { MusterError } from '../../../core/index.ts'
import { compareText } from '../../order.ts'
import { createEncoder, learnVocabulary } from './features.ts'
import { readModel, type TextModel, writeModel } from './model-file.ts'
import { joinNetworks, scoresOf, softmax } from './network.ts'
import { seeded, shuffledPlaces } from './random.ts'
import { committee, type Recipe, type Sample, type Shape, trainMember } from './training.ts'

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
// What one network is kept from.
const heldOutside = 1 / 6
const mostRanked = 10
const kind = 'intents'
const settingsSchema = z.object({ outside: z.boolean(), threshold: z.number().nullable() })
type Settings = z.output<typeof settingsSchema>

/**
 * Learns intents from examples; the same examples in the same order teach the same. `caught` (0 to 1, default 0.75) is the share of
 * out-of-scope requests that should be told apart; it takes effect when there are examples of them.
 * Throws `bad-input` when no example has an intent.
 */
export function learnIntents(
  examples: readonly IntentExample[],
  { caught = 0.75 }: { readonly caught?: number } = {},
): IntentModel {
  const outside = examples.filter(example => example.intent === undefined)
  const inside = examples.filter(example => example.intent !== undefined)
  if (inside.length === 0)
    throw new MusterError('bad-input', 'there is no example with an intent', {
      hint: 'give at least one for each intent',
    })
  const { model, clarities } = fit(inside, outside)
  return modelOf(model, { outside: outside.length > 0, threshold: thresholdFor(caught, clarities) })
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

/** A model, and how clear examples from outside seem to networks that did not learn from them. */
interface Fit {
  readonly model: TextModel
  readonly clarities: readonly number[]
}

function fit(inside: readonly IntentExample[], outside: readonly IntentExample[]): Fit {
  const intents = [...new Set(inside.flatMap(({ intent }) => intent ?? []))].sort(compareText)
  // What is outside has the last label, and no name.
  const labels = outside.length > 0 ? [...intents, ''] : intents
  const places = new Map(intents.map((intent, label) => [intent, label]))
  const vocabulary = learnVocabulary([...inside, ...outside].map(({ request }) => request))
  const encode = createEncoder(vocabulary)
  const sampleOf = ({ request, intent = '' }: IntentExample) => ({
    ...encode(request),
    labels: [places.get(intent) ?? intents.length],
  })
  const within = inside.map(sampleOf)
  const order = [...shuffledPlaces(outside.length, seeded(recipe.seed))]
  const beyond = order.flatMap(at => outside.slice(at, at + 1)).map(sampleOf)
  const shape = { features: vocabulary.features.length, labels: labels.length, kind: 'one' as const }
  const members = Array.from({ length: committee }, (_, at) => learnMember(within, beyond, shape, at))
  const network = joinNetworks(members.map(({ layers }) => layers))
  return { model: { vocabulary, labels, network }, clarities: members.flatMap(({ clarities }) => clarities) }
}

/** One network of the committee, and how clear those from `beyond` seem to it that it was kept from. */
function learnMember(within: readonly Sample[], beyond: readonly Sample[], shape: Shape, at: number) {
  const size = Math.ceil(heldOutside * beyond.length)
  const [from, to] = [at * size, (at + 1) * size]
  const learnt = [...beyond.slice(0, from), ...beyond.slice(to)]
  const repeated = Array.from({ length: outsideTimes }, () => learnt).flat()
  const layers = trainMember([...within, ...repeated], shape, recipe, at)
  const alone = joinNetworks([layers])
  return { layers, clarities: beyond.slice(from, to).map(sample => clarityOf(scoresOf(alone, sample), true)) }
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
function thresholdFor(caught: number, clarities: readonly number[]): number | null {
  const sorted = clarities.toSorted((a, b) => a - b)
  return sorted[Math.min(sorted.length - 1, Math.round(caught * sorted.length))] ?? null
}
