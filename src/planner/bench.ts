/** The bench on which a draft is mended: what stands so far, what waits to, and how an input is bound to what is there. */
import { type Concept, isKindOf } from '../core/index.ts'
import { catalogueOf, type Entry } from './catalogue.ts'
import { createOffers, type Offers } from './offers.ts'
import type { Draft, Source, Step } from './plan.ts'
import type { Problem } from './problem.ts'
import { freshIds, isBarred, isDone, keyOf, standingData } from './standing.ts'

/** Where a draft is mended: what stands so far, and what waits to. */
export interface Bench {
  readonly problem: Problem
  readonly wanted: Draft['wanted']
  readonly waiting: Map<string, Step>
  readonly standing: Step[]
  readonly offers: Offers
  /** The concepts of the data that are there. */
  readonly concepts: Map<string, Concept>
  /** What stands instead of an output that will not come. */
  readonly instead: Map<string, Source>
  readonly ids: Generator<string, never>
}

/** Nothing stands yet but what the problem has. */
export function layOnBench({ steps, wanted }: Draft, problem: Problem): Bench {
  const waiting = new Map<string, Step>()
  for (const step of steps) {
    if (!isDone(problem, step.id) && !waiting.has(step.id)) waiting.set(step.id, step)
  }
  const bench: Bench = {
    problem,
    wanted,
    waiting,
    standing: [],
    offers: createOffers(),
    concepts: new Map(),
    instead: new Map(),
    ids: freshIds({ ...problem, used: [...(problem.used ?? []), ...steps.map(({ id }) => id)] }),
  }
  for (const { source, concept } of standingData(problem)) offer(bench, source, concept)
  return bench
}

function offer({ offers, concepts }: Bench, source: Source, concept: Concept): void {
  offers.add({ source, concept })
  concepts.set(keyOf(source), concept)
}

/** Lets `step` stand, and offers what it gives. */
export function stand(bench: Bench, step: Step, { capability }: Entry): void {
  bench.standing.push(step)
  bench.waiting.delete(step.id)
  for (const [output, concept] of Object.entries(capability.gives))
    offer(bench, { from: 'step', step: step.id, output }, concept)
}

/** The entry of a step that may run; undefined for one that has had its turn, and for an unknown or barred capability. */
export function entryOf({ problem }: Bench, { id, capability, inputs }: Step): Entry | undefined {
  return problem.used?.includes(id) || isBarred(problem, capability, port => inputs[port] ?? [])
    ? undefined
    : catalogueOf(problem.capabilities).entry(capability)
}

/** What may be changed of a step: nothing; what is wrong for good; or also what it waits for in vain. */
export type Licence = 'as drafted' | 'rebound' | 'waiting no more'

/** `step` with its inputs bound to data that are there; undefined when that takes more than `licence` allows. */
export function bind(bench: Bench, step: Step, { id, capability }: Entry, licence: Licence): Step | undefined {
  const inputs: Record<string, Source | readonly Source[]> = {}
  for (const [port, taken] of Object.entries(capability.takes)) {
    const drafted = Object.hasOwn(step.inputs, port) ? step.inputs[port] : undefined
    const bound =
      taken.kind === 'all'
        ? bindList(bench, drafted, taken.concept, licence)
        : bindOne(bench, drafted, taken, port, licence)
    if (bound === undefined) return undefined
    inputs[port] = bound
  }
  const after = step.after.filter(
    other => !bench.waiting.has(other) || entryOf(bench, bench.waiting.get(other) ?? step),
  )
  const left = after.filter(other => isDone(bench.problem, other) || bench.standing.some(one => one.id === other))
  const waits = after.some(other => bench.waiting.has(other))
  if (waits && licence !== 'waiting no more') return undefined
  const bound: Step = { id: step.id, capability: id, inputs, after: left }
  const changed = left.length < step.after.length || Object.keys(step.inputs).some(port => !Object.hasOwn(inputs, port))
  if (licence === 'as drafted') return changed ? undefined : step
  return isBarred(bench.problem, id, port => inputs[port] ?? []) ? undefined : bound
}

function bindOne(
  bench: Bench,
  drafted: Step['inputs'][string] | undefined,
  taken: Concept,
  port: string,
  licence: Licence,
): Source | undefined {
  const [source] = [drafted ?? []].flat()
  const state = source ? judge(bench, source, taken) : 'wrong'
  const single = drafted !== undefined && 'from' in drafted
  if (source && state === 'there' && (single || licence !== 'as drafted')) return source
  if (licence === 'as drafted' || (state === 'to come' && licence === 'rebound')) return undefined
  const swapped = source && bench.instead.get(keyOf(source))
  if (swapped && judge(bench, swapped, taken) === 'there') return swapped
  return bench.offers.closest(taken, port)
}

function bindList(
  bench: Bench,
  drafted: Step['inputs'][string] | undefined,
  taken: Concept,
  licence: Licence,
): readonly Source[] | undefined {
  const list = [drafted ?? []].flat().map(source => bench.instead.get(keyOf(source)) ?? source)
  const states = list.map(source => judge(bench, source, taken))
  const good = list.filter((_, at) => states[at] === 'there')
  if (licence === 'as drafted') return Array.isArray(drafted) && good.length === drafted.length ? drafted : undefined
  return licence === 'rebound' && states.includes('to come') ? undefined : good
}

/** Whether a source is there, may still come, or is wrong for good. */
function judge(bench: Bench, source: Source, taken: Concept): 'there' | 'to come' | 'wrong' {
  const concept = bench.concepts.get(keyOf(source))
  if (concept) return isKindOf(concept, taken) ? 'there' : 'wrong'
  const step = source.from === 'step' ? bench.waiting.get(source.step) : undefined
  const gives = step && entryOf(bench, step)?.capability.gives
  const output =
    source.from === 'step' && gives && Object.hasOwn(gives, source.output) ? gives[source.output] : undefined
  return output && isKindOf(output, taken) ? 'to come' : 'wrong'
}
