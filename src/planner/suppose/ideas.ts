/** Ideas for a better plan, the most promising first: where a plan spends steps, one might do without them. */
import type { Capability } from '../../agents/index.ts'
import { type Concept, isKindOf } from '../../core/index.ts'
import { catalogueOf } from '../catalogue.ts'
import { stepsBefore } from '../order.ts'
import { type Origin, originsOf, type Plan, predecessors, type Step, takenBy } from '../plan.ts'
import type { Problem } from '../problem.ts'
import { type Idea, ifFact, ifGiven, ifOffered } from './idea.ts'

/** What might make `plan` shorter or cheaper. */
export function ideasFor(plan: Plan, problem: Problem): readonly Idea[] {
  const capabilityOf = ({ capability }: Step) => catalogueOf(problem.capabilities).entry(capability)?.capability
  const spared = plan.steps
    .map(step => ({ step, spares: onlyFor(step, plan) }))
    .sort((a, b) => b.spares - a.spares || place(plan, a.step) - place(plan, b.step))
  const isWanted = (concept: Concept) => problem.wanted.some(wanted => isKindOf(concept, wanted))
  const given = spared.flatMap(({ step }) =>
    usedOutputs(step, plan, capabilityOf(step))
      .filter(concept => !isWanted(concept))
      .map(concept => ifGiven(problem, [concept])),
  )
  const others: readonly Idea[] = [
    { supposed: [{ kind: 'best', best: 'size' }], problem: { ...problem, objective: { best: 'size' } } },
    {
      supposed: [{ kind: 'best', best: 'response-time' }],
      problem: { ...problem, objective: { best: 'response-time' } },
    },
    ...(problem.budget === undefined ? [] : [{ supposed: [], problem: { ...problem, budget: Infinity } }]),
  ]
  return [...others, ...alternate(given, [...facts(plan, problem), ...shortcuts(plan, problem)])]
}

function place({ steps }: Plan, step: Step): number {
  return steps.indexOf(step)
}

/** How many steps would fall away with `step`: those that nothing else has a use for. */
function onlyFor(step: Step, { steps, wanted }: Plan): number {
  const gone = new Set([step.id])
  const ends = new Set(
    Object.values(wanted)
      .flatMap(originsOf)
      .flatMap(one => (one.from === 'step' ? [one.step] : [])),
  )
  for (const other of steps.toReversed()) {
    if (gone.has(other.id) || ends.has(other.id)) continue
    const users = steps.filter(one => predecessors(one).includes(other.id))
    if (users.length > 0 && users.every(({ id }) => gone.has(id))) gone.add(other.id)
  }
  return gone.size
}

/** What others of the plan take of `step`. */
function usedOutputs({ id }: Step, { steps }: Plan, capability: Capability | undefined): readonly Concept[] {
  const used = steps.flatMap(takenBy).flatMap(source => (isOf(source, id) ? [source.output] : []))
  return [...new Set(used)].flatMap(output => capability?.gives[output] ?? [])
}

function isOf(source: Origin, step: string): source is Extract<Origin, { from: 'step' }> {
  return source.from === 'step' && source.step === step
}

/** Facts that steps of the plan require of given data and that do not hold at first. */
function facts({ steps }: Plan, problem: Problem): readonly Idea[] {
  const known = new Set((problem.facts ?? []).map(({ fact, about }) => JSON.stringify([fact, about])))
  const found = new Map<string, Idea>()
  for (const step of steps) {
    const required = catalogueOf(problem.capabilities).entry(step.capability)?.capability.requires ?? []
    for (const { fact, about } of required) {
      const names = about.flatMap(port => originsOf(step.inputs[port] ?? [])).flatMap(givenName)
      const key = JSON.stringify([fact, names])
      if (names.length === about.length && !known.has(key)) found.set(key, ifFact(problem, fact, names))
    }
  }
  return [...found.values()]
}

function givenName(source: Origin): readonly string[] {
  return source.from === 'given' ? [source.name] : []
}

/** Ways past at least two steps, straight to what is wanted from something that there is earlier in the plan. */
function shortcuts(plan: Plan, problem: Problem): readonly Idea[] {
  const before = stepsBefore(plan.steps)
  const capabilityAt = (id: string) => {
    const step = plan.steps.find(one => one.id === id)
    return step && catalogueOf(problem.capabilities).entry(step.capability)?.capability
  }
  const others = plan.steps.flatMap(({ id }) => capabilityAt(id) ?? [])
  const given = Object.values(problem.given)
  return problem.wanted.flatMap(concept => {
    const source = plan.wanted[concept.name]
    if (source?.from !== 'step') return []
    const last = plan.steps.find(({ id }) => id === source.step)
    const earlier = [...(before.get(source.step) ?? [])]
    if (earlier.length < 2) return []
    const made = earlier
      .filter(id => earlier.length - (before.get(id)?.size ?? 0) >= 2)
      .flatMap(id => Object.values(capabilityAt(id)?.gives ?? {}))
    return [...given, ...made].map(taken => ifOffered(problem, others, concept, [taken], last?.capability))
  })
}

function alternate<T>(some: readonly T[], others: readonly T[]): readonly T[] {
  return Array.from({ length: Math.max(some.length, others.length) }, (_, at) =>
    [some[at], others[at]].filter(one => one !== undefined),
  ).flat()
}
