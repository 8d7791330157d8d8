/**
 * From candidates in an order in which they run to the steps of a plan.
 * 1. An input takes a datum that is there when its step can start: what is given before what is made, what is made
 *    early before what is made late.
 * 2. `after` holds only what required facts demand and data do not already.
 * 3. An `all` port takes its data last, so that it can make no circle: what depends on its own step is left out, and
 *    so is what lacks a fact that the step requires of it, or must keep a fact that the step would remove.
 */
import { isDeepStrictEqual } from 'node:util'
import type { Capability } from '../agents/index.ts'
import { type Concept, isKindOf } from '../core/index.ts'
import { type Catalogue, catalogueFor, catalogueOf } from './catalogue.ts'
import { endFacts, factsOf, type HeldFact, initialFacts, type StepFacts, theEnd, unmetFacts } from './facts.ts'
import { usualMost } from './loop.ts'
import { createOffers, type Offer, type Offers } from './offers.ts'
import { inOrder, stepsBefore } from './order.ts'
import { type Origin, originsOf, type Plan, sealPlan, type Source, type Step } from './plan.ts'
import type { Problem } from './problem.ts'
import type { Candidate, StepCandidate } from './candidate.ts'
import type { Datum } from './datum.ts'
import { freshIds, isDone, standingData } from './standing.ts'
import { whoRunsWith } from './spare.ts'
import { conjoin } from './tasks/conjoin.ts'
import { narrow } from './tasks/narrow.ts'
import { findDoings } from './tasks/places.ts'
import type { Slot } from './timeline.ts'

/** A plan, and the candidate that each of its steps was. */
export interface Wired {
  readonly plan: Plan
  readonly origin: ReadonlyMap<string, StepCandidate>
}

/** A step with what it is a request of, and the candidate that it was, if it was one. */
export interface Placed {
  readonly step: Step
  readonly capability: Capability
  readonly candidate?: StepCandidate
  /** Facts that the methods require that ask for it. */
  readonly demands?: readonly HeldFact[]
}

/** Wires `slots`, which make a plan for `problem` in this order behind what stands already. */
export function wire(problem: Problem, slots: readonly Slot[]): Wired {
  const drafts = keptDrafts(problem)
  const idOf = nameSteps(problem, slots)
  const catalogue = catalogueFor(problem)
  const offers = createOffers()
  for (const offer of standingData(problem)) offers.add(offer)
  let running: readonly Slot[] = []
  const end = (ended: readonly Slot[]) => {
    for (const { candidate } of ended)
      for (const offer of outputsOf(candidate, catalogue, idOf, sourceOf)) offers.add(offer)
  }
  const doings = findDoings(
    problem,
    slots.map(({ candidate }) => candidate),
    idOf,
  )
  const settled = new Map<string, Source>()
  const sourceOf = (datum: Datum): Source => {
    if (datum.from === 'candidate') return { from: 'step', output: datum.output, step: idOf(datum.candidate) }
    if (datum.from === 'either') return { from: 'first', of: datum.of.map(sourceOf).flatMap(originsOf) }
    if (datum.from !== 'open') return datum
    const source = settled.get(datum.key) ?? closest(offers, datum.concept, datum.name)
    settled.set(datum.key, source)
    return source
  }
  for (const slot of slots) {
    end(running.filter(other => other.end <= slot.start))
    running = [...running.filter(other => other.end > slot.start), slot]
    const { candidate } = slot
    if (candidate.capability === undefined) continue
    const { index, capability, part } = candidate
    const step = requestOf(problem, candidate, catalogue, idOf(index), (port, taken) => {
      const datum = candidate.bound.get(port)
      return datum ? sourceOf(datum) : closest(offers, taken, port)
    })
    const before = part?.after.flatMap(done => doings.doers(done)) ?? []
    const by = doings.placesOf(index)
    const terms = part?.guards.map(({ over, ...guard }) => {
      return { ...guard, over: Object.fromEntries([...over].map(([name, datum]) => [name, sourceOf(datum)])) }
    })
    const when = conjoin(terms ?? [])
    const demands = part?.demands.map(({ fact, about }) => ({ fact, about: about.map(sourceOf) })) ?? []
    drafts.push({
      candidate,
      capability,
      demands,
      step: {
        ...step,
        after: [...new Set(before)],
        ...(when ? { when } : {}),
        ...(by.length > 0 ? { by } : {}),
      },
    })
  }
  end(running)
  const wanted = Object.fromEntries(problem.wanted.map(concept => [concept.name, closest(offers, concept)]))
  const timed = orderFacts(problem, drafts)
  return finish(problem, narrowed(problem, collect(problem, timed, offers.list()), wanted), wanted)
}

/** Gives new steps the conditions without which they are of no use. */
function narrowed(
  problem: Problem,
  drafts: readonly Placed[],
  wanted: Readonly<Record<string, Source>>,
): readonly Placed[] {
  const conditions = narrow(
    drafts.map(({ step }) => step),
    wanted,
    factsAmong(problem, drafts),
  )
  return drafts.map(draft => {
    const when = draft.candidate && conditions.get(draft.step.id)
    return when ? { ...draft, step: { ...draft.step, when } } : draft
  })
}

/** The steps that `problem` keeps. */
function keptDrafts({ capabilities, kept = [] }: Problem): Placed[] {
  return kept.flatMap(step => {
    const entry = catalogueOf(capabilities).entry(step.capability)
    return entry ? [{ step, capability: entry.capability }] : []
  })
}

/** What a port takes of `offers`. Throws `TypeError` when there is nothing. */
export function closest(offers: Offers, concept: Concept, port?: string): Source {
  const source = offers.closest(concept, port)
  if (!source) throw new TypeError(`nothing offers \`${concept.name}\`: the candidates are out of order`)
  return source
}

type IdOf = (candidate: number) => string

/** `s1`, `s2` …, or ids behind those that were used, in the order of `slots`. */
function nameSteps(problem: Problem, slots: readonly Slot[]): IdOf {
  const fresh = freshIds(problem)
  const steps = slots.filter(({ candidate }) => candidate.capability !== undefined)
  const ids = new Map(steps.map(({ candidate }) => [candidate.index, fresh.next().value]))
  return candidate => ids.get(candidate) ?? ''
}

/** What is there for everybody when `candidate` has ended. */
function outputsOf(
  candidate: Candidate,
  catalogue: Catalogue,
  idOf: IdOf,
  sourceOf: (datum: Datum) => Source,
): readonly Offer[] {
  if (candidate.capability === undefined) {
    const { outputs, milestone } = candidate
    return [...outputs].flatMap(([output, datum]) => {
      const concept = milestone.task.gives[output]
      return concept ? [{ source: sourceOf(datum), concept }] : []
    })
  }
  const { index, id, part } = candidate
  if (part && part.guards.length > 0) return []
  const step = idOf(index)
  const outputs = catalogue.entry(id)?.outputs ?? []
  return outputs.map(({ port, of }) => ({ source: { from: 'step', output: port, step }, concept: of }))
}

/** The step with this id that requests what `candidate` is; `sourceAt` says where the data of a port comes from. */
export function requestOf(
  { most = usualMost }: Problem,
  { id }: Candidate,
  catalogue: Catalogue,
  step: string,
  sourceAt: (port: string, taken: Concept) => Source,
): Step {
  const entry = catalogue.entry(id)
  const inputs = (entry?.inputs ?? []).map(({ port, of }): [string, Source | readonly Source[]] => [
    port,
    of.kind === 'all' ? [] : sourceAt(port, of),
  ])
  const each = entry?.loop && { each: { ...entry.loop, most } }
  return { id: step, capability: entry?.requests ?? id, inputs: Object.fromEntries(inputs), after: [], ...each }
}

/** The facts of the steps, and those of the end. */
function factsAmong(problem: Problem, drafts: readonly Placed[]): readonly StepFacts[] {
  return [...drafts.map(({ step, capability, demands }) => factsOf(step, capability, demands)), endFacts(problem)]
}

/** Adds to `after` what keeps every required fact true in whatever order the plan allows. */
export function orderFacts(problem: Problem, drafts: readonly Placed[]): readonly Placed[] {
  const initial = initialFacts(problem)
  const surely = whoRunsWith(drafts.map(({ step }) => step))
  const facts = factsAmong(problem, drafts)
  const demands = facts.flatMap(({ step, requires }, at) =>
    requires.flatMap(({ key, cases }) => {
      const untouched = initial.has(key) && !facts.slice(0, at).some(other => other.removes.has(key))
      const about = cases.length === 1 ? cases.flatMap(one => one.about) : []
      const brings = (other: StepFacts, place: number) => place < at && other.brings.has(key)
      const sure = facts.findLastIndex((other, place) => brings(other, place) && surely(other.step, step, about))
      const from = untouched ? -1 : sure < 0 ? facts.findLastIndex(brings) : sure
      const bringer = facts[from]
      const removers = facts.filter((other, place) => other.removes.has(key) && (place < from || place > at))
      return [
        ...(bringer ? [{ first: bringer.step, second: step }] : []),
        ...removers.map(({ step: remover }) =>
          bringer && facts.findIndex(other => other.step === remover) < from
            ? { first: remover, second: bringer.step }
            : { first: step, second: remover },
        ),
      ]
    }),
  )
  let ordered = drafts
  for (const { first, second } of demands) {
    if (
      second === theEnd ||
      stepsBefore(ordered.map(draft => draft.step))
        .get(second)
        ?.has(first)
    )
      continue
    ordered = ordered.map(draft =>
      draft.step.id === second ? { ...draft, step: { ...draft.step, after: [...draft.step.after, first] } } : draft,
    )
  }
  return ordered
}

/** Fills the `all` ports with what was given or is wanted. */
function collect(problem: Problem, drafts: readonly Placed[], offers: readonly Offer[]): readonly Placed[] {
  const collecting = drafts.some(({ capability }) =>
    Object.values(capability.takes).some(taken => taken.kind === 'all'),
  )
  if (!collecting) return drafts
  const collected = offers.filter(
    ({ source, concept }) => source.from === 'given' || problem.wanted.some(wanted => isKindOf(concept, wanted)),
  )
  let filled = drafts
  for (const { step, capability } of drafts) {
    for (const [port, taken] of Object.entries(capability.takes)) {
      if (taken.kind === 'concept') continue
      for (const { source } of collected.filter(({ concept }) => isKindOf(concept, taken.concept))) {
        const more = filled.map(draft => (draft.step.id === step.id ? withSource(draft, port, source) : draft))
        if (holds(problem, more)) filled = more
      }
    }
  }
  return filled
}

function withSource(draft: Placed, port: string, source: Source): Placed {
  const { step } = draft
  const list = [step.inputs[port] ?? []].flat()
  if (list.some(other => isDeepStrictEqual(other, source))) return draft
  return { ...draft, step: { ...step, inputs: { ...step.inputs, [port]: [...list, source] } } }
}

function holds(problem: Problem, drafts: readonly Placed[]): boolean {
  const before = stepsBefore(drafts.map(draft => draft.step))
  const facts = factsAmong(problem, drafts)
  return (
    drafts.every(({ step }) => !before.get(step.id)?.has(step.id)) &&
    unmetFacts(facts, initialFacts(problem), before).length === 0
  )
}

/** Names the new steps anew where facts or `all` ports have changed the order, and puts what is finished before them. */
function finish(problem: Problem, drafts: readonly Placed[], wanted: Readonly<Record<string, Source>>): Wired {
  const ordered = inOrder(drafts.map(draft => draft.step))
  const fresh = freshIds(problem)
  const made = new Set(drafts.flatMap(({ step, candidate }) => (candidate ? [step.id] : [])))
  const names = new Map(ordered.flatMap(({ id }) => (made.has(id) ? [[id, fresh.next().value]] : [])))
  const name = (id: string) => names.get(id) ?? id
  const kept = ordered.every(({ id }) => name(id) === id)
  const origin = (datum: Origin): Origin => (datum.from === 'step' ? { ...datum, step: name(datum.step) } : datum)
  const renamed = (source: Source): Source =>
    source.from === 'first' ? { from: 'first', of: source.of.map(origin) } : origin(source)
  const steps = ordered.map(
    (step): Step => ({
      ...step,
      id: name(step.id),
      inputs: kept ? step.inputs : mapInputs(step, renamed),
      ...(step.when ? { when: { ...step.when, over: mapValues(step.when.over, renamed) } } : {}),
      after:
        step.after.length === 0
          ? []
          : [
              ...step.after.filter(id => isDone(problem, id)),
              ...ordered.flatMap(({ id }) => (step.after.includes(id) ? [name(id)] : [])),
            ],
    }),
  )
  const plan = sealPlan([...(problem.done ?? []).map(({ step }) => step), ...steps], mapValues(wanted, renamed))
  const candidates = drafts.flatMap(({ step, candidate }) => (candidate ? [[name(step.id), candidate] as const] : []))
  return { plan, origin: new Map(candidates) }
}

function mapInputs({ inputs }: Step, map: (source: Source) => Source): Step['inputs'] {
  return mapValues(inputs, input => ('from' in input ? map(input) : input.map(map)))
}

function mapValues<From, To>(record: Readonly<Record<string, From>>, map: (value: From) => To): Record<string, To> {
  return Object.fromEntries(Object.entries(record).map(([name, value]) => [name, map(value)]))
}
