/**
 * Learnt plans: which capabilities a request needs, in which order, from examples of requests and what served them.
 *
 * 1. A network says of every capability, and of every pair that followed one another, how likely the request needs it.
 * 2. The chain with the best sum is searched among those that only follow known links, so nothing is made up: no capability, no link.
 */
import { MusterError } from '../../../core/index.ts'
import { compareText } from '../../order.ts'
import { bestChain, type Likelihoods, type Link, linksOf } from './chains.ts'
import { createEncoder } from './features.ts'
import { logistic, type Recipe, trainCommittee } from './network.ts'

/** A request and the names of the capabilities that served it, in order. */
export interface PlanExample {
  readonly request: string
  readonly capabilities: readonly string[]
}

/** What a request probably needs: a chain. */
export interface PlanSketch {
  /** In order; each goes into the next. */
  readonly capabilities: readonly string[]
  readonly links: readonly Link[]
}

/** Sketches plans for requests. */
export type PlanSketcher = (request: string) => PlanSketch

const recipe: Recipe = {
  hidden: 128,
  epochs: 20,
  rate: 0.5,
  headRate: 0.1,
  dropFeatures: 0.5,
  dropHidden: 0.3,
  seed: 1,
}

/**
 * Learns from examples; the same in the same order teach the same. A sketch is as long as examples are, and follows only `links`
 * (default: those of the examples). Throws `bad-input` when there is no example.
 */
export function learnPlans(examples: readonly PlanExample[], links?: readonly Link[]): PlanSketcher {
  if (examples.length === 0)
    throw new MusterError('bad-input', 'there is no example of a plan', { hint: 'give requests and what served them' })
  const known = links ?? examples.flatMap(({ capabilities }) => linksOf(capabilities))
  const allowed = new Set(known.map(keyOf))
  const sizes = examples.map(({ capabilities }) => capabilities.length)
  const lengths = { shortest: Math.min(...new Set(sizes)), longest: Math.max(...new Set(sizes)) }
  const read = learnLikelihoods(examples)
  return request => {
    const capabilities = bestChain(read(request), lengths, (from, to) => allowed.has(keyOf({ from, to })))
    return { capabilities, links: linksOf(capabilities) }
  }
}

function learnLikelihoods(examples: readonly PlanExample[]): (request: string) => Likelihoods {
  const names = [...new Set(examples.flatMap(({ capabilities }) => capabilities))].sort(compareText)
  const pairs = [...new Set(examples.flatMap(({ capabilities }) => linksOf(capabilities).map(keyOf)))].sort(compareText)
  const places = new Map([...names, ...pairs].map((label, place) => [label, place]))
  const encoder = createEncoder(examples.map(({ request }) => request))
  const samples = examples.map(({ request, capabilities }) => ({
    ...encoder.encode(request),
    labels: [...new Set([...capabilities, ...linksOf(capabilities).map(keyOf)])].flatMap(
      name => places.get(name) ?? [],
    ),
  }))
  const network = trainCommittee(samples, { features: encoder.size, labels: places.size, kind: 'many' }, recipe)
  return request => {
    const likely = logistic(network(encoder.encode(request)))
    return {
      capabilities: names.map((name, place) => ({ name, likely: likely[place] ?? 0 })),
      link: (from, to) => likely[places.get(keyOf({ from, to })) ?? -1] ?? 0,
    }
  }
}

// No name holds a line break.
function keyOf({ from, to }: Link): string {
  return `${from}\n${to}`
}
