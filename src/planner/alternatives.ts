/**
 * Alternatives for steps that may give nothing, because a condition of their own need not hold.
 * 1. Where something depends on what such a step gives, and others give the same from data that can be had without it,
 *    these stand behind it: those with a condition first, the lightest before the heavier, then one without.
 * 2. An alternative, and what is made for it alone, runs only when nothing before it has delivered.
 * 3. What would break a rule that plans must keep, such as a fact about the datum, is left out.
 */
import { type Concept, isKindOf } from '../core/index.ts'
import type { Candidate, StepCandidate } from './candidate.ts'
import { catalogueFor } from './catalogue.ts'
import { givesOf } from './loop.ts'
import { createOffers, type Offers } from './offers.ts'
import { inOrder, stepsBefore } from './order.ts'
import { type Origin, type Plan, sealPlan, type Source, type Step } from './plan.ts'
import type { Problem, StepReason } from './problem.ts'
import { added, extract, reach } from './reach.ts'
import type { Space } from './space.ts'
import { freshIds, keyOf, standingData } from './standing.ts'
import { verify } from './verify.ts'
import { closest, requestOf, type Wired } from './wire.ts'

// Behind one step: each makes the plan longer for less and less.
const mostAlternatives = 4

/** A plan with its alternatives, and why each of their steps is there. */
export interface Secured {
  readonly plan: Plan
  readonly why: readonly StepReason[]
}

/** Adds what stands in for steps of `wired` that may give nothing; the plan itself when there is nothing to add. */
export function addAlternatives({ plan, origin }: Wired, problem: Problem, space: Space): Secured {
  let secured: Secured = { plan, why: [] }
  for (const step of plan.steps) {
    const candidate = origin.get(step.id)
    if (candidate?.capability.when === undefined) continue
    for (const output of Object.keys(candidate.capability.gives)) {
      const more = secure(secured, { from: 'step', step: step.id, output }, candidate, origin, problem, space)
      if (more && verify(more.plan, problem).length === 0) secured = more
    }
  }
  return secured
}

type Output = Extract<Origin, { from: 'step' }>

function secure(
  { plan, why }: Secured,
  datum: Output,
  candidate: StepCandidate,
  origin: Wired['origin'],
  problem: Problem,
  space: Space,
): Secured | undefined {
  const uses = usesOf(plan, datum, candidate.capability.gives[datum.output], problem)
  if (uses.length === 0) return undefined
  const options = optionsFor(uses, candidate, space)
  if (options.length === 0) return undefined
  const build = layBuild(plan, datum, origin, problem, space)
  for (const option of options) {
    if (build.of.length > mostAlternatives) break
    const fitting = Object.entries(option.capability.gives).find(([, concept]) => fitsAll(concept, uses))
    const delivered = fitting && build.make(option)
    if (delivered === undefined) continue
    build.of.push({ from: 'step', step: delivered, output: fitting?.[0] ?? '' })
    if (option.capability.when === undefined) break
  }
  if (build.of.length === 1) return undefined
  const first: Source = { from: 'first', of: build.of }
  const replaced = (source: Source): Source => (keyOf(source) === keyOf(datum) ? first : source)
  const steps = [...plan.steps.map(step => replaceSources(step, replaced)), ...build.steps]
  const wanted = Object.entries(plan.wanted).map(([name, source]) => [name, replaced(source)])
  const because = build.steps.map(({ id }) => ({
    step: id,
    for: [`\`${datum.step}\` may give no \`${datum.output}\``],
    instead: [],
  }))
  return { plan: sealPlan(inOrder(steps), Object.fromEntries(wanted)), why: [...why, ...because] }
}

/** What the datum is taken for, by steps and as what is wanted. */
function usesOf(
  { steps, wanted }: Plan,
  datum: Output,
  own: Concept | undefined,
  problem: Problem,
): readonly Concept[] {
  const isIt = (source: Source) => keyOf(source) === keyOf(datum)
  const catalogue = catalogueFor(problem)
  const byGoal = problem.wanted.filter(({ name }) => wanted[name] && isIt(wanted[name]))
  const bySteps = steps.flatMap(({ capability, inputs, each }) =>
    Object.entries(inputs).flatMap(([port, input]) => {
      const taken = port === each?.port ? own : catalogue.entry(capability)?.capability.takes[port]
      if (!taken || ![input].flat().some(isIt)) return []
      return [taken.kind === 'all' ? taken.concept : taken]
    }),
  )
  return [...byGoal, ...bySteps]
}

function fitsAll(concept: Concept, uses: readonly Concept[]): boolean {
  return uses.every(use => isKindOf(concept, use))
}

/** What gives the same, in the order in which it is tried. Where facts are spoken of, it matters too much which datum it is. */
function optionsFor(uses: readonly Concept[], { id }: StepCandidate, { candidates }: Space): readonly StepCandidate[] {
  const rank = ({ capability }: StepCandidate) => (capability.when === undefined ? 1 : 0)
  return candidates
    .filter(isPlain)
    .filter(other => other.id !== id)
    .filter(({ capability }) => Object.values(capability.gives).some(concept => fitsAll(concept, uses)))
    .sort((a, b) => rank(a) - rank(b) || a.weight - b.weight || a.index - b.index)
}

function isPlain(candidate: Candidate): candidate is StepCandidate {
  if (candidate.capability === undefined || candidate.part || candidate.bound.size > 0) return false
  return candidate.capability.requires.length === 0 && candidate.capability.removes.length === 0
}

interface Build {
  /** The alternatives so far, the datum itself first. */
  readonly of: Origin[]
  readonly steps: Step[]
  /** Makes the step of a candidate, and what it needs; its id, or undefined when that cannot be had. */
  make(candidate: StepCandidate): string | undefined
}

/** Where alternatives for `datum` are built: from what is there without it. */
function layBuild(plan: Plan, datum: Output, origin: Wired['origin'], problem: Problem, space: Space): Build {
  const before = stepsBefore(plan.steps)
  const lost = (id: string) => id === datum.step || before.get(id)?.has(datum.step) === true
  const there = new Map<number, string>()
  const barred = new Set<number>()
  const offers = createOffers()
  for (const { source, concept } of standingData(problem)) offers.add({ source, concept })
  for (const step of plan.steps) {
    const index = origin.get(step.id)?.index
    if (index !== undefined && lost(step.id)) barred.add(index)
    if (lost(step.id) || step.when || (step.unless ?? []).length > 0) continue
    if (index !== undefined) there.set(index, step.id)
    offerAll(offers, step, problem)
  }
  const costOf = (index: number) => {
    const candidate = space.candidates[index]
    if (there.has(index)) return 0
    return candidate && !barred.has(index) && isPlain(candidate) ? candidate.weight : Infinity
  }
  const labels = reach(space, costOf, added)
  const ids = freshIds({ ...problem, used: [...(problem.used ?? []), ...plan.steps.map(({ id }) => id)] })
  const of: Origin[] = [datum]
  const steps: Step[] = []
  const make = (candidate: StepCandidate): string | undefined => {
    const known = there.get(candidate.index)
    if (known !== undefined) return known
    const needed = barred.has(candidate.index) ? undefined : extract(space, labels, candidate.needs)
    if (!needed) return undefined
    const behind = of.flatMap(one => (one.from === 'step' ? [one.step] : []))
    const open = [...needed].flatMap(index => {
      const one = there.has(index) ? undefined : space.candidates[index]
      return one && isPlain(one) ? [one] : []
    })
    const made = requestAll([...open, candidate], offers, problem, () => ids.next().value)
    if (!made) return undefined
    for (const { index, step } of made) {
      steps.push({ ...step, unless: behind })
      if (index === candidate.index) return step.id
    }
    return undefined
  }
  return { of, steps, make }
}

function offerAll(offers: Offers, step: Step, problem: Problem): void {
  for (const [output, concept] of Object.entries(givesOf(step, problem)))
    offers.add({ source: { from: 'step', step: step.id, output }, concept })
}

/** Requests of all of `candidates`, in an order in which they can run; undefined when they cannot. */
function requestAll(
  candidates: readonly StepCandidate[],
  offers: Offers,
  problem: Problem,
  nextId: () => string,
): readonly { readonly index: number; readonly step: Step }[] | undefined {
  const catalogue = catalogueFor(problem)
  const waiting = new Set(candidates)
  const own = createOffers()
  for (const offer of offers.list()) own.add(offer)
  const made: { readonly index: number; readonly step: Step }[] = []
  for (let moved = true; moved; ) {
    moved = false
    for (const candidate of waiting) {
      const ports = Object.entries(candidate.capability.takes)
      if (ports.some(([port, taken]) => taken.kind === 'concept' && !own.closest(taken, port))) continue
      const step = requestOf(problem, candidate, catalogue, nextId(), (port, taken) => closest(own, taken, port))
      waiting.delete(candidate)
      made.push({ index: candidate.index, step })
      offerAll(own, step, problem)
      moved = true
    }
  }
  return waiting.size === 0 ? made : undefined
}

function replaceSources(step: Step, to: (source: Source) => Source): Step {
  const inputs = Object.entries(step.inputs).map(([port, input]) => [port, 'from' in input ? to(input) : input.map(to)])
  return { ...step, inputs: Object.fromEntries(inputs) }
}
