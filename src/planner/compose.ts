/**
 * Composes the cheapest plan for a goal: relevance, space, cheapest set, wiring, reasons. Pure: the same problem, the
 * same answer.
 */
import { formatUsd, type MicroUsd } from '../core/index.ts'
import { addAlternatives } from './alternatives.ts'
import { doneName } from './atoms.ts'
import { findBest } from './best.ts'
import { findCheapest } from './cheapest.ts'
import { explain } from './explain.ts'
import { explainMissing, type Missing, type Want } from './missing.ts'
import { turnsOf } from './loop.ts'
import { measure } from './measure.ts'
import type { Objective, Proof } from './objective.ts'
import type { Planned, Problem } from './problem.ts'
import { findRelevance, type Relevance } from './relevance.ts'
import { layOut, type Space } from './space.ts'
import { sparesOf } from './spare.ts'
import { explainTask } from './tasks/missing-task.ts'
import { wire, type Wired } from './wire.ts'

// Sums in different orders differ by less.
const rounding = 1e-6

/**
 * Finds the best plan for `problem`, or says what is missing. A plan verifies without an issue, and no step of it can be
 * dropped. What may give nothing has alternatives behind it; its proof, which leaves them aside, says whether there can be
 * a better one; when patience ends first, it is the best so far. The order of the capabilities makes no difference.
 */
export function plan(problem: Problem): Planned {
  const relevance = findRelevance(problem)
  const space = layOut(problem, relevance)
  const objective = problem.objective ?? { best: 'weight' }
  const best = findBest(space, { ...problem, budget: budgetLeft(problem) }, objective)
  if (!best) return { kind: 'unsolvable', missing: whatIsMissing(problem, relevance, space) }
  const wired = wire(problem, best.slots)
  const secured = addAlternatives(wired, problem, space)
  return {
    kind: 'planned',
    plan: secured.plan,
    proof: prove(wired, problem, objective, best.bound, space.complete),
    why: () => [...explain(problem, wired, relevance, space), ...secured.why],
  }
}

/** What is left of the budget for more than the steps that are kept. */
function budgetLeft({ budget = Infinity, kept = [], estimate }: Problem): MicroUsd {
  const spares = sparesOf(kept)
  const due = kept.filter(({ id }) => !spares.has(id))
  return due.reduce((left, step) => left - estimate(step.capability).price * turnsOf(step), budget)
}

function prove(
  { plan, origin }: Wired,
  problem: Problem,
  objective: Objective,
  bound: number,
  complete: boolean,
): Proof {
  const made = { ...plan, steps: plan.steps.filter(({ id }) => origin.has(id)) }
  const value = measure(made, objective, problem.estimate, ({ id }) => origin.get(id)?.weight ?? 0)
  const optimal = objective.best === 'throughput' ? value >= bound - rounding : value <= bound + rounding
  return { optimal: optimal && complete, value, bound }
}

function whatIsMissing(problem: Problem, relevance: Relevance, space: Space): readonly Missing[] {
  const had = new Set([...space.initial, ...space.candidates.flatMap(candidate => candidate.gives)])
  const lost = space.goals.filter(goal => !had.has(goal))
  if (lost.length > 0) {
    const { catalogue } = relevance
    const { concepts, facts, barred } = relevance.had()
    const without = new Set(space.atoms.filter((_, atom) => !had.has(atom)))
    const known = { catalogue, concepts: concepts.difference(without), facts, barred }
    const names = new Set(lost.map(goal => space.atoms[goal] ?? ''))
    const undone = [...new Set(problem.perform)].filter(name => names.has(doneName(name)))
    return [
      ...explainMissing(
        wantsOf(problem).filter(({ what }) => names.has(what)),
        known,
      ),
      ...undone.map(task => ({ what: task, because: explainTask(task, problem, known, space.complete) })),
    ]
  }
  const byPrice = space.candidates.map(candidate => ({ ...candidate, weight: candidate.estimate.price }))
  const cheapest = findCheapest({ ...space, candidates: byPrice })
  if (cheapest && problem.budget !== undefined) {
    const price = cheapest.reduce((sum, index) => sum + (space.candidates[index]?.estimate.price ?? 0), 0)
    const left = Math.max(0, budgetLeft(problem))
    const [cost, budget] = [formatUsd(price), formatUsd(left)]
    return [
      { what: 'budget', because: `the cheapest plan found is expected to cost ${cost} and the budget is ${budget}` },
    ]
  }
  const removed = new Set(space.candidates.flatMap(candidate => candidate.removes))
  return [...removed]
    .filter(atom => (space.takers[atom] ?? []).length > 0 || space.goals.includes(atom))
    .map(atom => ({
      what: space.atoms[atom] ?? '',
      because: space.goals.includes(atom)
        ? 'whatever the order, it is removed before the end, or so is what it needs'
        : 'it is removed before every step that requires it could run',
    }))
}

function wantsOf({ wanted, achieve = [] }: Problem): readonly Want[] {
  return [
    ...wanted.map(({ name }): Want => ({ what: name, kind: 'concept', name })),
    ...achieve.map(({ fact, about }): Want => ({ what: `${fact}(${about.join(', ')})`, kind: 'fact', name: fact })),
  ]
}
