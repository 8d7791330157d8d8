/**
 * What of a draft can stand, before anything is planned anew.
 * 1. A step that can stand as it was drafted does.
 * 2. A step of a capability that may not be used, or that nobody knows, gives way to one that gives the same from what
 *    is there.
 * 3. A wrong source gives way to the closest datum that is there; a step on a circle waits for nothing more.
 * 4. What then still lacks data or facts does not stand: it, and what depends on it, is left to the planner.
 */
import { isDeepStrictEqual } from 'node:util'
import { type Concept, isKindOf } from '../core/index.ts'
import { catalogueOf, type Entry } from './catalogue.ts'
import { factsOf, initialFacts, unmetFacts } from './facts.ts'
import { givesOf } from './loop.ts'
import { createOffers, type Offers } from './offers.ts'
import { stepsBefore } from './order.ts'
import { type Draft, type Origin, originsOf, type Source, type Step } from './plan.ts'
import type { Problem } from './problem.ts'
import { freshIds, isBarred, isDone, keyOf, standingData } from './standing.ts'
import { orderFacts } from './wire.ts'

/** The steps of `draft` that stand, changed where they had to be, in an order in which they can run. */
export function mend(draft: Draft, problem: Problem): readonly Step[] {
  const bench = layOnBench(draft, problem)
  while (joinAny(bench, 'as drafted') || substituteAny(bench) || joinAny(bench, 'rebound') || breakCircle(bench));
  return keepFacts(bench.standing, problem)
}

/** Where a draft is mended: what stands so far, and what waits to. */
interface Bench {
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

function layOnBench({ steps, wanted }: Draft, problem: Problem): Bench {
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

function stand(bench: Bench, step: Step): void {
  bench.standing.push(step)
  bench.waiting.delete(step.id)
  for (const [output, concept] of Object.entries(givesOf(step, bench.problem)))
    offer(bench, { from: 'step', step: step.id, output }, concept)
}

/** The entry of a step that may run; undefined for one that has had its turn, and for an unknown or barred capability. */
function entryOf({ problem }: Bench, { id, capability, inputs }: Step): Entry | undefined {
  return problem.used?.includes(id) || isBarred(problem, capability, port => inputs[port] ?? [])
    ? undefined
    : catalogueOf(problem.capabilities).entry(capability)
}

/** What may be changed of a step: nothing; what is wrong for good; or also what it waits for in vain. */
type Licence = 'as drafted' | 'rebound' | 'waiting no more'

function joinAny(bench: Bench, licence: Licence, among: Iterable<Step> = bench.waiting.values()): boolean {
  let joined = false
  for (const step of among) {
    const entry = entryOf(bench, step)
    const bound = entry && bind(bench, step, entry, licence)
    if (!bound) continue
    stand(bench, bound)
    if (licence !== 'as drafted') return true
    joined = true
  }
  return joined
}

/** The first step on a circle that can do without waiting stands. */
function breakCircle(bench: Bench): boolean {
  const open = [...bench.waiting.values()]
  const before = stepsBefore(open)
  const circling = open.filter(({ id }) => before.get(id)?.has(id))
  const patient = circling.map(step => ({ ...step, after: step.after.filter(id => !before.get(id)?.has(step.id)) }))
  return joinAny(bench, 'rebound', patient) || joinAny(bench, 'waiting no more', circling)
}

/** `step` with its inputs bound to data that are there; undefined when that takes more than `licence` allows. */
function bind(bench: Bench, step: Step, { id, capability }: Entry, licence: Licence): Step | undefined {
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
  const states = originsOf(source).map(origin => judgeOrigin(bench, origin, taken))
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

/** Puts another step in the place of the first one that may not run and whose place another can take. */
function substituteAny(bench: Bench): boolean {
  for (const step of bench.waiting.values()) {
    if (entryOf(bench, step)) continue
    const uses = usesOf(bench, step)
    const [first] = uses
    if (!first) continue
    const catalogue = catalogueOf(bench.problem.capabilities)
    const known = catalogue.entry(step.capability)
    const found = catalogue
      .giversOf(catalogue.key('concept', first.taken.name))
      .filter(entry => entry !== known && (known !== undefined || speaksAlike(bench, step, entry, uses)))
      .flatMap(entry => {
        const outputs = uses.map(use => outputFor(entry, use))
        const bound = outputs.includes(undefined) ? undefined : bind(bench, step, entry, 'rebound')
        return bound ? [{ entry, bound, outputs, cost: costOf(bench, step, bound) }] : []
      })
      .toSorted(
        (a, b) => a.cost.changes - b.cost.changes || a.cost.price - b.cost.price || a.entry.rank - b.entry.rank,
      )[0]
    if (!found) continue
    // Who only had a wrong name keeps its id; what takes the place of another is a new step.
    const id = known || bench.problem.used?.includes(step.id) ? bench.ids.next().value : step.id
    bench.waiting.delete(step.id)
    stand(bench, { ...found.bound, id })
    uses.forEach(({ output }, at) => {
      const instead: Source = { from: 'step', step: id, output: found.outputs[at] ?? output }
      bench.instead.set(keyOf({ from: 'step', step: step.id, output }), instead)
    })
    return true
  }
  return false
}

interface Use {
  readonly output: string
  readonly taken: Concept
}

/** What others, or the goal, would take of `step`. */
function usesOf(bench: Bench, step: Step): readonly Use[] {
  const outputs = (input: Step['inputs'][string] | undefined) =>
    [input ?? []].flat().flatMap(source => (source.from === 'step' && source.step === step.id ? [source.output] : []))
  const byOthers = [...bench.waiting.values()].flatMap(other => {
    const takes = entryOf(bench, other)?.capability.takes ?? {}
    return Object.entries(takes).flatMap(([port, taken]) =>
      outputs(other.inputs[port]).map(output => ({ output, taken: taken.kind === 'all' ? taken.concept : taken })),
    )
  })
  const byGoal = bench.problem.wanted.flatMap(taken =>
    outputs(bench.wanted[taken.name]).map(output => ({ output, taken })),
  )
  return [...byOthers, ...byGoal]
}

/** The output of `entry` that will do for `use`: that of the same name, or the first of its kind. */
function outputFor({ capability: { gives } }: Entry, { output, taken }: Use): string | undefined {
  const fits = (name: string) => Object.hasOwn(gives, name) && gives[name] !== undefined && isKindOf(gives[name], taken)
  return fits(output) ? output : Object.keys(gives).find(fits)
}

/** Whether the step of an unknown capability may have meant `entry`: it names its inputs and outputs. */
function speaksAlike({ problem }: Bench, { inputs }: Step, { id, capability }: Entry, uses: readonly Use[]): boolean {
  return (
    Object.keys(inputs).every(port => Object.hasOwn(capability.takes, port)) &&
    Object.entries(capability.takes).every(([port, taken]) => taken.kind === 'all' || Object.hasOwn(inputs, port)) &&
    uses.every(({ output }) => Object.hasOwn(capability.gives, output)) &&
    !isBarred(problem, id, port => inputs[port] ?? [])
  )
}

function costOf({ problem }: Bench, drafted: Step, bound: Step): { changes: number; price: number } {
  const { price, time } = problem.estimate(bound.capability)
  const same = (port: string) => JSON.stringify(drafted.inputs[port]) === JSON.stringify(bound.inputs[port])
  return { changes: Object.keys(bound.inputs).filter(port => !same(port)).length, price: price + time }
}

/** The steps whose required facts hold among them, in whatever order they then allow. */
function keepFacts(steps: readonly Step[], problem: Problem): readonly Step[] {
  const catalogue = catalogueOf(problem.capabilities)
  const known = steps.flatMap(step => {
    const entry = catalogue.entry(step.capability)
    return entry ? [{ step, capability: entry.capability }] : []
  })
  const unmet = (drafts: typeof known) =>
    unmetFacts(
      drafts.map(({ step, capability }) => factsOf(step, capability)),
      initialFacts(problem),
      stepsBefore(drafts.map(({ step }) => step)),
    )
  if (unmet(known).length === 0) return steps
  const ordered = orderFacts(problem, known)
  const lost = new Set(unmet([...ordered]).map(({ step }) => step))
  if (lost.size === 0) return ordered.map(({ step }) => step)
  const before = stepsBefore(steps)
  const left = steps.filter(({ id }) => !lost.has(id) && before.get(id)?.isDisjointFrom(lost))
  return keepFacts(left, problem)
}
