/**
 * Mends plans that somebody else has drafted, a language model above all: the plan that comes out works, is about as
 * short as can be, and keeps as many of the draft's actions, in order, as a plan of its length can.
 * 1. A draft that works is given back untouched.
 * 2. Starting points: a plan from nothing, which all drafts for a task share, and what works of the draft with a way on.
 * 3. Where the budget allows, the best plan of all; else the best starting point, bettered part by part.
 */
import { type Budget, createBudget, partOf } from './budget.ts'
import type { Domain, Instance } from './domain.ts'
import { eliminate } from './eliminate.ts'
import { findPlan } from './greedy.ts'
import { createLowerBound } from './lm-cut.ts'
import { type Pairs, pairsOf } from './pairs.ts'
import { orderOf } from './partial-order.ts'
import { findRoute, type Worth } from './route.ts'
import { type Effort, type Solution, solveNumbered } from './solve.ts'
import { holdAll, perform, stateOf, type Task } from './task.ts'
import { createThreats, type Threats } from './threats.ts'
import { canonical, type Flaw, validate } from './validate.ts'
import { costOf, improve } from './windows.ts'

/** What became of a draft. */
export type Repair =
  | { readonly kind: 'valid'; readonly plan: readonly string[] }
  | { readonly kind: 'repaired'; readonly plan: readonly string[]; readonly flaws: readonly Flaw[] }
  | (Exclude<Solution, { kind: 'solved' }> & { readonly flaws: readonly Flaw[] })

/** What drafts are for. */
export interface Workshop {
  readonly domain: Domain
  readonly instance: Instance
  /** The same instance, grounded. */
  readonly task: Task
}

const mending = 400_000

/**
 * Makes the function that repairs drafts for an instance. A draft is a list of actions such as `(stack a b)`; they need
 * not exist. The same draft and work give the same plan, whatever was repaired before.
 */
export function createRepairer(
  { domain, instance, task }: Workshop,
  { work, stopped }: Effort = { work: 60_000_000 },
): (draft: readonly string[]) => Repair {
  let shared: { readonly pairs: Pairs | undefined; readonly solution: ReturnType<typeof solveNumbered> } | undefined
  return draft => {
    const verdict = validate(domain, instance, draft)
    if (verdict.valid) return { kind: 'valid', plan: draft }
    const { flaws } = verdict
    shared ??= { pairs: pairsOf(task), solution: solveNumbered(task, createBudget(work, stopped)) }
    const { pairs, solution } = shared
    if (solution.kind !== 'solved') return { ...solution, flaws }
    const known = draft.flatMap(action => task.numbers.get(canonical(action)) ?? [])
    const plan = mend(task, createThreats(task, pairs), known, solution.plan, createBudget(mending, stopped))
    return { kind: 'repaired', plan: plan.map(number => task.actions[number]?.name ?? ''), flaws }
  }
}

function mend(
  task: Task,
  threats: Threats,
  draft: readonly number[],
  scratch: readonly number[],
  budget: Budget,
): readonly number[] {
  // An action kept is never worth an action more.
  const worth: Worth = { draft, unit: draft.length + 1, reward: 1 }
  const cost = (plan: readonly number[]) => costOf(task, plan, worth)
  const cheaper = (one: readonly number[], two: readonly number[]) => (cost(two) < cost(one) ? two : one)
  const alike = (plan: readonly number[]) => cheaper(plan, inOrderOf(task, plan, draft))
  const bound = createLowerBound(task, threats)
  const best = [scratch, ...followed(task, threats, draft, budget)].map(alike).reduce(cheaper)
  const from = stateOf(task, task.initial)
  const errand = { from, goal: task.goal, below: cost(best) }
  const whole = findRoute(task, bound, errand, worth, partOf(budget, budget.left >> 1))
  if (whole.kind === 'found') return whole.plan
  return whole.kind === 'none' ? best : alike(improve(task, bound, best, worth, budget))
}

/** What of the draft can be done, with a way on to the goal, and without what does not serve it. */
function followed(
  task: Task,
  threats: Threats,
  draft: readonly number[],
  budget: Budget,
): readonly (readonly number[])[] {
  const state = stateOf(task, task.initial)
  const done = draft.filter(number => {
    const action = task.actions[number]
    if (!action || !holdAll(state, action.needs)) return false
    perform(state, action)
    return true
  })
  const on = findPlan(task, threats, state, partOf(budget, budget.left >> 3))
  return on.kind === 'found' ? [eliminate(task, [...done, ...on.plan])] : []
}

/** The same steps in an order that leans on the draft's, as far as they need no other. */
function inOrderOf(task: Task, plan: readonly number[], draft: readonly number[]): readonly number[] {
  const before = orderOf(task, plan)
  const places = new Map(draft.map((number, place) => [number, place]))
  const waiting = new Set(plan.keys())
  const order: number[] = []
  while (waiting.size > 0) {
    const ready = [...waiting].filter(at => !before[at]?.values().some(one => waiting.has(one)))
    const placeOf = (at: number) => places.get(plan[at] ?? -1) ?? -1
    const next = ready.reduce((one, two) => (placeOf(two) < placeOf(one) ? two : one))
    waiting.delete(next)
    order.push(plan[next] ?? -1)
  }
  return order
}
