/**
 * Mends a plan that somebody else has drafted, a language model above all: the plan that comes out works, is about as
 * short as can be, and keeps as many of the draft's actions, in order, as a plan of its length can.
 * 1. A draft that works is given back untouched.
 * 2. Starting points: a plan from nothing, and what works of the draft with a way on from there.
 * 3. Where the budget allows, the best plan of all; else the best starting point, bettered part by part.
 */
import { type Budget, createBudget, partOf } from './budget.ts'
import type { Domain, Instance } from './domain.ts'
import { eliminate } from './eliminate.ts'
import { findPlan } from './greedy.ts'
import { createLowerBound } from './lm-cut.ts'
import { pairsOf } from './pairs.ts'
import { findRoute, type Worth } from './route.ts'
import { type Effort, type NumberedSolution, type Solution, solveNumbered } from './solve.ts'
import { holdAll, perform, stateOf, type Task } from './task.ts'
import { createThreats, type Threats } from './threats.ts'
import { canonical, type Flaw, validate } from './validate.ts'
import { costOf, improve } from './windows.ts'

/** What became of a draft. */
export type Repair =
  | { readonly kind: 'valid'; readonly plan: readonly string[] }
  | { readonly kind: 'repaired'; readonly plan: readonly string[]; readonly flaws: readonly Flaw[] }
  | (Exclude<Solution, { kind: 'solved' }> & { readonly flaws: readonly Flaw[] })

/** What is to be repaired. */
export interface RepairRequest {
  readonly domain: Domain
  readonly instance: Instance
  /** The same instance, grounded. */
  readonly task: Task
  /** Actions such as `(stack a b)`; they need not exist. */
  readonly draft: readonly string[]
}

/** Repairs a draft. The same request and work give the same plan. */
export function repair(request: RepairRequest, { work, stopped }: Effort = { work: 20_000_000 }): Repair {
  const { domain, instance, task } = request
  const verdict = validate(domain, instance, request.draft)
  if (verdict.valid) return { kind: 'valid', plan: request.draft }
  const { flaws } = verdict
  const budget = createBudget(work, stopped)
  const scratch = solveNumbered(task, partOf(budget, work >> 2))
  if (scratch.kind !== 'solved') return { ...scratch, flaws }
  const draft = request.draft.flatMap(action => task.numbers.get(canonical(action)) ?? [])
  const plan = mend(task, draft, scratch, budget)
  return { kind: 'repaired', plan: plan.map(number => task.actions[number]?.name ?? ''), flaws }
}

function mend(
  task: Task,
  draft: readonly number[],
  scratch: NumberedSolution & { kind: 'solved' },
  budget: Budget,
): readonly number[] {
  // An action kept is never worth an action more.
  const worth: Worth = { draft, unit: draft.length + 1, reward: 1 }
  const cost = (plan: readonly number[]) => costOf(task, plan, worth)
  const threats = createThreats(task, pairsOf(task))
  const bound = createLowerBound(task, threats)
  const starts = [scratch.plan, ...followed(task, threats, draft, budget)]
  const best = starts.reduce((one, two) => (cost(two) < cost(one) ? two : one))
  const from = stateOf(task, task.initial)
  const whole = findRoute(
    task,
    bound,
    { from, goal: task.goal, below: cost(best) },
    worth,
    partOf(budget, budget.left >> 1),
  )
  if (whole.kind === 'found') return whole.plan
  return whole.kind === 'none' ? best : improve(task, bound, best, worth, budget)
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
