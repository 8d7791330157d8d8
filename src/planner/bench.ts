/** The bench on which a draft is mended: what stands so far, what waits to, and how an input is bound to what is there. */
import { isDeepStrictEqual } from 'node:util'
import { type Concept, isKindOf } from '../core/index.ts'
import { catalogueOf, type Entry } from './catalogue.ts'
import { givesOf } from './loop.ts'
import { createOffers, type Offers } from './offers.ts'
import { type Draft, type Origin, originsOf, type Source, type Step } from './plan.ts'
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
export function stand(bench: Bench, step: Step): void {
  bench.standing.push(step)
  bench.waiting.delete(step.id)
  for (const [output, concept] of Object.entries(givesOf(step, bench.problem)))
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
        : bindOne(bench, drafted, step.each?.port === port ? { listOf: taken } : taken, port, licence)
    if (bound === undefined) return undefined
    inputs[port] = bound
  }
  const after = step.after.filter(
    other => !bench.waiting.has(other) || entryOf(bench, bench.waiting.get(other) ?? step),
  )
  const stands = (other: string) => isDone(bench.problem, other) || bench.standing.some(one => one.id === other)
  const left = after.filter(stands)
  const judged = Object.values(step.when?.over ?? {}).map(source => judge(bench, source, undefined))
  const spared = step.unless ?? []
  const waits = [...after, ...spared].some(other => bench.waiting.has(other)) || judged.includes('to come')
  if (waits && licence !== 'waiting no more') return undefined
  // Without its condition it would be another step.
  if (judged.includes('wrong')) return undefined
  const choice = choiceOf(step, spared.filter(stands))
  const bound: Step = { id: step.id, capability: id, inputs, after: left, ...choice }
  const changed =
    left.length < step.after.length ||
    !isDeepStrictEqual(choice, choiceOf(step, spared)) ||
    Object.keys(step.inputs).some(port => !Object.hasOwn(inputs, port))
  if (licence === 'as drafted') return changed ? undefined : step
  return isBarred(bench.problem, id, port => inputs[port] ?? []) ? undefined : bound
}

/** What decides whether and how often a step runs. */
function choiceOf({ when, each }: Step, unless: readonly string[]): Partial<Step> {
  return { ...(when && { when }), ...(unless.length > 0 && { unless }), ...(each && { each }) }
}

function bindOne(
  bench: Bench,
  drafted: Step['inputs'][string] | undefined,
  taken: Taken,
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
  return 'kind' in taken ? bench.offers.closest(taken, port) : undefined
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

/** What a datum must be: of a concept, or a list of such data. */
type Taken = Concept | { readonly listOf: Concept }

/** Whether a source is there, may still come, or is wrong for good; of alternatives every one. */
function judge(bench: Bench, source: Source, taken: Taken | undefined): 'there' | 'to come' | 'wrong' {
  const all = originsOf(source)
  // Of what is finished, alternatives that gave nothing do no harm.
  const open = all.filter(
    one => one.from === 'given' || bench.concepts.has(keyOf(one)) || !isDone(bench.problem, one.step),
  )
  const states = (open.length > 0 ? open : all).map(origin => judgeOrigin(bench, origin, taken))
  if (states.length === 0 || states.includes('wrong')) return 'wrong'
  return states.includes('to come') ? 'to come' : 'there'
}

function judgeOrigin(bench: Bench, origin: Origin, taken: Taken | undefined): 'there' | 'to come' | 'wrong' {
  const concept = bench.concepts.get(keyOf(origin))
  if (concept) return fits(concept, taken) ? 'there' : 'wrong'
  const step = origin.from === 'step' ? bench.waiting.get(origin.step) : undefined
  if (origin.from === 'given' || !step || !entryOf(bench, step)) return 'wrong'
  const gives = givesOf(step, bench.problem)
  const output = Object.hasOwn(gives, origin.output) ? gives[origin.output] : undefined
  return output && fits(output, taken) ? 'to come' : 'wrong'
}

function fits(concept: Concept, taken: Taken | undefined): boolean {
  if (taken === undefined) return true
  if ('kind' in taken) return isKindOf(concept, taken)
  return concept.listOf !== undefined && isKindOf(concept.listOf, taken.listOf)
}
