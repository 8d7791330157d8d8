/**
 * Plans from nothing, step by step:
 * 1. any plan, soon;
 * 2. when none comes, a proof that there is none;
 * 3. a better one, taken as a whole;
 * 4. the best one, when it is found or proved in little time;
 * 5. else a better one, part by part.
 */
import { sweep } from './beam.ts'
import { type Budget, createBudget, partOf } from './budget.ts'
import { eliminate } from './eliminate.ts'
import { findPlan, type Pace } from './greedy.ts'
import { proveImpossible } from './impossible.ts'
import { createLowerBound } from './lm-cut.ts'
import { type Pairs, pairsOf } from './pairs.ts'
import { findRoute, type Worth } from './route.ts'
import { stateOf, type Task, weigh } from './task.ts'
import { createThreats, type Threats } from './threats.ts'
import { improve } from './windows.ts'

/** The answer of the planner. */
export type Solution =
  | {
      readonly kind: 'solved'
      /** Actions such as `(stack a b)`. */
      readonly plan: readonly string[]
      /** Whether it is proved that no plan weighs less. */
      readonly optimal: boolean
    }
  | { readonly kind: 'unsolvable'; readonly reason: string }
  /** The budget ended before a plan or a proof was found. */
  | { readonly kind: 'unknown' }

/** How much may be done. */
export interface Effort {
  /** In units of a budget. */
  readonly work: number
  /** Asked in between: no more is done once it says so. */
  readonly stopped?: () => boolean
}

// A plan is bettered for as long as it took to find one, twice over, and at least for this much work.
const leastPolish = 1_500_000

const worth: Worth = { draft: [], unit: 1, reward: 0 }

/** Solves a task. The same task and work give the same plan. */
export function solve(task: Task, { work, stopped }: Effort = { work: 60_000_000 }): Solution {
  const answer = solveNumbered(task, createBudget(work, stopped))
  if (answer.kind !== 'solved') return answer
  return { ...answer, plan: answer.plan.map(number => task.actions[number]?.name ?? '') }
}

/** A solution in numbers of actions. */
export type NumberedSolution =
  | Exclude<Solution, { kind: 'solved' }>
  | { readonly kind: 'solved'; readonly plan: readonly number[]; readonly optimal: boolean }

/** Solves a task within a budget. */
export function solveNumbered(task: Task, budget: Budget): NumberedSolution {
  const pairs = pairsOf(task)
  const threats = createThreats(task, pairs)
  const before = budget.left
  const first = findFirst(task, pairs, threats, budget)
  if (first.kind !== 'solved') return first
  const polish = partOf(budget, Math.max(leastPolish, 2 * (before - budget.left)))
  const bound = createLowerBound(task, threats)
  const lean = eliminate(task, first.plan)
  const from = stateOf(task, task.initial)
  const atLeast = bound.of(from, task.goal)
  const swept = sweep(task, threats, lean, atLeast, partOf(polish, (polish.left * 5) >> 3))
  if (weigh(task, swept) <= atLeast) return { kind: 'solved', plan: swept, optimal: true }
  const errand = { from, goal: task.goal, below: weigh(task, swept) }
  const route = findRoute(task, bound, errand, worth, partOf(polish, polish.left >> 2))
  if (route.kind === 'found') return { kind: 'solved', plan: route.plan, optimal: true }
  if (route.kind === 'none') return { kind: 'solved', plan: swept, optimal: true }
  const better = improve(task, bound, swept, worth, polish)
  return { kind: 'solved', plan: better, optimal: weigh(task, better) <= route.atLeast }
}

/** A first plan, or why there is none. */
function findFirst(task: Task, pairs: Pairs | undefined, threats: Threats, budget: Budget): NumberedSolution {
  const [hopeless] = task.hopeless
  if (hopeless !== undefined) return { kind: 'unsolvable', reason: `nothing can bring about \`${hopeless}\`` }
  const from = stateOf(task, task.initial)
  // What brings good plans may be too slow for large tasks; the last try looks at most states in its time.
  const tries: readonly (readonly [Threats, Pace, number])[] = [
    [threats, 'steps', budget.left >> 2],
    [threats, 'leaps', budget.left >> 2],
    [createThreats(task, undefined), 'leaps', budget.left],
  ]
  for (const [mind, pace, share] of tries) {
    const found = findPlan(task, mind, from, partOf(budget, share), pace)
    if (found.kind === 'found') return { kind: 'solved', plan: found.plan, optimal: false }
    if (found.kind === 'exhausted') {
      return {
        kind: 'unsolvable',
        reason: `none of the ${found.states} states that can be reached, with a way on, is a goal`,
      }
    }
    const reason = pairs && proveImpossible(task, pairs, partOf(budget, budget.left >> 3))
    if (reason !== undefined) return { kind: 'unsolvable', reason }
  }
  return { kind: 'unknown' }
}
