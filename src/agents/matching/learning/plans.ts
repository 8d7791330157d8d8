/**
 * Learnt plans: which capabilities a request needs, in which order, from examples of requests and what served them.
 *
 * 1. A network says of every capability, and of every pair that followed one another, how likely the request needs it.
 * 2. Where examples say what each step does, it learns from these words too: all steps together are the request said otherwise, and
 *    each alone shows which part of a request is served by which capability.
 * 3. The chain with the best sum is searched among those that only follow known links, so nothing is made up: no capability, no link.
 */
import { z } from 'zod'
import { MusterError } from '../../../core/index.ts'
import { compareText } from '../../order.ts'
import { bestChain, type Link, linksOf } from './chains.ts'
import { createEncoder, learnVocabulary } from './features.ts'
import { readModel, type TextModel, writeModel } from './model-file.ts'
import { logistic, scoresOf } from './network.ts'
import { type Recipe, trainNetwork } from './training.ts'

/** A request and the names of the capabilities that served it, in order. */
export interface PlanExample {
  readonly request: string
  readonly capabilities: readonly string[]
  /** What each of them did for it, in the same order, in words that do not name the capability. Optional; better learnt with it. */
  readonly steps?: readonly string[]
}

/** A text and the capabilities that it needs, in order. */
interface Lesson {
  readonly text: string
  readonly capabilities: readonly string[]
}

/** What a request probably needs: a chain. */
export interface PlanSketch {
  /** In order; each goes into the next. */
  readonly capabilities: readonly string[]
  readonly links: readonly Link[]
}

/** What was learnt of plans: it sketches one for a request, and can be kept as a file. */
export interface PlanModel {
  readonly sketch: (request: string) => PlanSketch
  /** The model as a file that `loadPlans` reads; always the same bytes. */
  readonly save: () => Uint8Array
}

const recipe: Recipe = {
  hidden: 128,
  epochs: 20,
  rate: 0.5,
  headRate: 0.1,
  dropFeatures: 0.5,
  dropHidden: 0.3,
  seed: 1,
}
// Steps say most things again: more passes learn them by heart.
const epochsWithSteps = 8
const kind = 'plans'
const settingsSchema = z.object({
  shortest: z.number(),
  longest: z.number(),
  /** The labels before this one are capabilities, the others pairs that followed one another. */
  pairsFrom: z.number().int().min(0),
  /** The links that may be followed. */
  links: z.array(z.string()),
})
type Settings = z.output<typeof settingsSchema>

/**
 * Learns from examples; the same in the same order teach the same. A sketch is as long as examples are, and follows only `links`
 * (default: those of the examples). Throws `bad-input` when there is no example, or one with more or fewer steps than capabilities.
 */
export function learnPlans(examples: readonly PlanExample[], links?: readonly Link[]): PlanModel {
  if (examples.length === 0)
    throw new MusterError('bad-input', 'there is no example of a plan', { hint: 'give requests and what served them' })
  for (const example of examples) checkSteps(example)
  const known = links ?? examples.flatMap(({ capabilities }) => linksOf(capabilities))
  const sizes = new Set(examples.map(({ capabilities }) => capabilities.length))
  const names = [...new Set(examples.flatMap(({ capabilities }) => capabilities))].sort(compareText)
  return modelOf(fit(examples, names), {
    shortest: Math.min(...sizes),
    longest: Math.max(...sizes),
    pairsFrom: names.length,
    links: [...new Set(known.map(keyOf))].sort(compareText),
  })
}

/** Loads what `save` wrote. Throws `bad-input` when it is not such a file, or is damaged. */
export function loadPlans(bytes: Uint8Array): PlanModel {
  const { model, settings } = readModel(kind, bytes, settingsSchema)
  return modelOf(model, settings)
}

function modelOf(model: TextModel, settings: Settings): PlanModel {
  const { labels, vocabulary, network } = model
  const allowed = new Set(settings.links)
  const names = labels.slice(0, settings.pairsFrom)
  const placeOf = new Map(labels.map((label, place) => [label, place]))
  const encode = createEncoder(vocabulary)
  return {
    sketch(request) {
      const likely = logistic(scoresOf(network, encode(request)))
      const likelihoods = {
        capabilities: names.map((name, place) => ({ name, likely: likely[place] ?? 0 })),
        link: (from: string, to: string) => likely[placeOf.get(keyOf({ from, to })) ?? -1] ?? 0,
      }
      const capabilities = bestChain(likelihoods, settings, (from, to) => allowed.has(keyOf({ from, to })))
      return { capabilities, links: linksOf(capabilities) }
    },
    save: () => writeModel(kind, model, settings),
  }
}

function checkSteps({ request, capabilities, steps }: PlanExample): void {
  if (steps === undefined || steps.length === capabilities.length) return
  const counts = `\`${steps.length}\` steps for \`${capabilities.length}\` capabilities`
  throw new MusterError('bad-input', `there are ${counts}`, {
    hint: `say what each capability does for \`${request}\`, or leave the steps out`,
  })
}

function fit(examples: readonly PlanExample[], names: readonly string[]): TextModel {
  const pairs = [...new Set(examples.flatMap(({ capabilities }) => linksOf(capabilities).map(keyOf)))].sort(compareText)
  const labels = [...names, ...pairs]
  const placeOf = new Map(labels.map((label, place) => [label, place]))
  const lessons = examples.flatMap(lessonsOf)
  // What is said first is mostly done first.
  const vocabulary = learnVocabulary(
    lessons.map(({ text }) => text),
    { places: true },
  )
  const encode = createEncoder(vocabulary)
  const samples = lessons.map(({ text, capabilities }) => ({
    ...encode(text),
    labels: [...new Set([...capabilities, ...linksOf(capabilities).map(keyOf)])].flatMap(
      label => placeOf.get(label) ?? [],
    ),
  }))
  const shape = { features: vocabulary.features.length, labels: labels.length, kind: 'many' as const }
  const epochs = lessons.length > examples.length ? epochsWithSteps : recipe.epochs
  return { vocabulary, labels, network: trainNetwork(samples, shape, { ...recipe, epochs }) }
}

function lessonsOf({ request, capabilities, steps = [] }: PlanExample): readonly Lesson[] {
  const asked = { text: request, capabilities }
  if (steps.length === 0) return [asked]
  const each = steps.map((text, at) => ({ text, capabilities: capabilities.slice(at, at + 1) }))
  return [asked, { text: steps.join('. '), capabilities }, ...each]
}

// No name holds a line break.
function keyOf({ from, to }: Link): string {
  return `${from}\n${to}`
}
