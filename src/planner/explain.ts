/** Why each step is in a plan: what needs it, and why nothing else stands there. */
import { formatUsd } from '../core/index.ts'
import { fire } from './arrange.ts'
import { catalogueOf } from './catalogue.ts'
import { prune } from './cheapest.ts'
import type { Plan } from './plan.ts'
import type { Problem, StepReason } from './problem.ts'
import { purposesIn } from './purposes.ts'
import { added, extract, type Labels, reach } from './reach.ts'
import type { Had, Relevance } from './relevance.ts'
import type { Candidate, StepCandidate } from './candidate.ts'
import type { Space } from './space.ts'
import type { Wired } from './wire.ts'

// Alternatives named for a step: those that people would think of first, and not hundreds.
const mostAlternatives = 3
// Steps of plans in which alternatives are compared; longer ones take seconds.
const mostCompared = 60

/** The reasons for every step of `wired`. */
export function explain(problem: Problem, wired: Wired, relevance: Relevance, space: Space): readonly StepReason[] {
  const { plan, origin } = wired
  const needs = purposesIn(plan, problem, step => origin.get(step.id)?.capability)
  // The ends of tasks weigh nothing; those that are of no use go when what would change is worked out.
  const ends = space.candidates.filter(({ capability }) => capability === undefined)
  const chosen = new Set([...origin.values(), ...ends].map(candidate => candidate.index))
  const had = relevance.had()
  return plan.steps.flatMap(step => {
    const candidate = origin.get(step.id)
    if (!candidate) return []
    // What a method asks for cannot be exchanged for anything else; another method can, as a whole.
    if (step.by) return [{ step: step.id, for: needs.get(step.id) ?? [], instead: [] }]
    const instead = [
      ...comparable(candidate, chosen, space),
      ...unavailable(candidate, chosen, space, relevance, had),
    ].slice(0, mostAlternatives)
    return [{ step: step.id, for: needs.get(step.id) ?? [], instead }]
  })
}

/** The reasons for every step of a plan that was not composed: what needs it. What it was weighed against is not known. */
export function explainUse(plan: Plan, problem: Problem): readonly StepReason[] {
  const catalogue = catalogueOf(problem.capabilities)
  const needs = purposesIn(plan, problem, ({ capability }) => catalogue.entry(capability)?.capability)
  return plan.steps.map(({ id }) => ({ step: id, for: needs.get(id) ?? [], instead: [] }))
}

/** What others of the plan, or the goal, need of `candidate`. */
function needed(candidate: Candidate, chosen: ReadonlySet<number>, space: Space): readonly number[] {
  const taken = (atom: number) =>
    space.takers[atom]?.some(index => index !== candidate.index && chosen.has(index)) ?? false
  return candidate.gives.filter(atom => (space.goals.includes(atom) || taken(atom)) && !space.initial.includes(atom))
}

/** Others that could run, the lightest first, with what the plan would then cost. */
function comparable(candidate: Candidate, chosen: ReadonlySet<number>, space: Space): StepReason['instead'] {
  const atoms = needed(candidate, chosen, space)
  const others = new Map<string, StepCandidate>()
  for (const atom of atoms) {
    for (const index of space.givers[atom] ?? []) {
      const other = space.candidates[index]
      if (other?.capability === undefined || other.id === candidate.id || chosen.has(index)) continue
      if (!others.has(other.id)) others.set(other.id, other)
    }
  }
  const lightest = [...others.values()]
    .sort((a, b) => a.weight - b.weight || a.index - b.index)
    .slice(0, mostAlternatives)
  if (chosen.size > mostCompared)
    return lightest.map(({ id }) => ({ capability: id, because: 'the plan is too long to say what would change' }))
  const rest = chosen.difference(new Set([candidate.index]))
  const support = supporter(candidate, rest, space)
  return lightest.map(other => ({
    capability: other.id,
    because: compare(other, candidate, atoms, rest, support(other.needs), space),
  }))
}

/** What must be added to `rest` for needs, without `candidate`; undefined when they cannot be had so. */
function supporter(candidate: Candidate, rest: ReadonlySet<number>, space: Space) {
  const { had } = fire(space, rest)
  const costOf = (index: number) =>
    index === candidate.index ? Infinity : rest.has(index) ? 0 : (space.candidates[index]?.weight ?? Infinity)
  let labels: Labels | undefined
  return (needs: readonly number[]) => {
    if (needs.every(atom => had(atom))) return new Set<number>()
    labels ??= reach(space, costOf, added)
    return extract(space, labels, needs)
  }
}

function compare(
  other: Candidate,
  candidate: Candidate,
  atoms: readonly number[],
  rest: ReadonlySet<number>,
  support: ReadonlySet<number> | undefined,
  space: Space,
): string {
  if (!support) return `it needs what only \`${candidate.id}\` gives`
  const instead = prune(space, rest.union(support).add(other.index))
  if (!instead) {
    return atoms.every(atom => other.gives.includes(atom))
      ? 'the facts that steps require would not hold in any order'
      : `it gives only a part of what is needed here`
  }
  return difference(totals(rest.union(new Set([candidate.index])), space), totals(instead, space))
}

interface Totals {
  readonly price: number
  readonly time: number
  readonly steps: number
}

function totals(set: ReadonlySet<number>, space: Space): Totals {
  const members = [...set].flatMap(index => {
    const candidate = space.candidates[index]
    return candidate?.capability ? [candidate] : []
  })
  return {
    price: members.reduce((sum, { estimate }) => sum + estimate.price, 0),
    time: members.reduce((sum, { estimate }) => sum + estimate.time, 0),
    steps: members.length,
  }
}

function difference(now: Totals, then: Totals): string {
  const parts = [
    { by: then.price - now.price, words: (by: number) => formatUsd(by) },
    { by: then.time - now.time, words: (by: number) => `${Math.round(by)} ms of work` },
    { by: then.steps - now.steps, words: (by: number) => `${by} ${by === 1 ? 'step' : 'steps'}` },
  ]
  const more = parts.filter(({ by }) => by > 0).map(({ by, words }) => words(by))
  const less = parts.filter(({ by }) => by < 0).map(({ by, words }) => words(-by))
  if (more.length === 0 && less.length === 0) return 'it is no better'
  return `the plan would take ${[
    ...(more.length > 0 ? [`${more.join(', ')} more`] : []),
    ...(less.length > 0 ? [`${less.join(', ')} less`] : []),
  ].join(' and ')}`
}

/** Others that would give what is needed but cannot run here. */
function unavailable(
  candidate: Candidate,
  chosen: ReadonlySet<number>,
  space: Space,
  { catalogue, useful }: Relevance,
  { concepts, facts }: Had,
): StepReason['instead'] {
  const known = new Set(useful)
  const names = needed(candidate, chosen, space).map(atom => space.atoms[atom] ?? '')
  const others = new Set(names.flatMap(name => catalogue.giversOf(catalogue.key('concept', name)))).difference(known)
  return [...others].slice(0, mostAlternatives).flatMap(({ id, takes, requires }) => {
    const lacks = [...takes.filter(name => !concepts.has(name)), ...requires.filter(name => !facts.has(name))]
    return lacks.length === 0
      ? []
      : [{ capability: id, because: `it needs \`${lacks.join('` and `')}\`, which cannot be had` }]
  })
}
