/**
 * Plans from nothing, step by step:
 * 1. any plan, soon;  2. when none comes, a proof that there is none;
 * 3. the best plan, when that is found within its share of the budget;  4. else a better one, part by part.
 */
import { type Budget, createBudget, partOf } from './budget.ts'
import { eliminate } from './eliminate.ts'
import { findPlan } from './greedy.ts'
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
  const first = findFirst(task, pairs, threats, budget)
  if (first.kind !== 'solved') return first
  const bound = createLowerBound(task, threats)
  const lean = eliminate(task, first.plan)
  const from = stateOf(task, task.initial)
  const errand = { from, goal: task.goal }
  const early = findRoute(task, bound, { ...errand, below: weigh(task, lean) }, worth, partOf(budget, budget.left >> 3))
  if (early.kind === 'found') return { kind: 'solved', plan: early.plan, optimal: true }
  if (early.kind === 'none') return { kind: 'solved', plan: lean, optimal: true }
  const better = improve(task, bound, lean, worth, partOf(budget, budget.left >> 1))
  if (weigh(task, better) <= early.atLeast) return { kind: 'solved', plan: better, optimal: true }
  const late = findRoute(task, bound, { ...errand, below: weigh(task, better) }, worth, budget)
  if (late.kind === 'found') return { kind: 'solved', plan: late.plan, optimal: true }
  return { kind: 'solved', plan: better, optimal: late.kind === 'none' }
}

/** A first plan, or why there is none. */
function findFirst(task: Task, pairs: Pairs | undefined, threats: Threats, budget: Budget): NumberedSolution {
  const [hopeless] = task.hopeless
  if (hopeless !== undefined) return { kind: 'unsolvable', reason: `nothing can bring about \`${hopeless}\`` }
  const from = stateOf(task, task.initial)
  for (const share of [budget.left >> 4, budget.left]) {
    const found = findPlan(task, threats, from, partOf(budget, share))
    if (found.kind === 'found') return { kind: 'solved', plan: found.plan, optimal: false }
    if (found.kind === 'exhausted') {
      return {
        kind: 'unsolvable',
        reason: `none of the ${found.states} states that can be reached, with a way on, is a goal`,
      }
    }
    const reason = pairs && proveImpossible(task, pairs, partOf(budget, budget.left >> 2))
    if (reason !== undefined) return { kind: 'unsolvable', reason }
  }
  return { kind: 'unknown' }
}
