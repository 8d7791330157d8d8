/**
 * Betters a plan part by part: a window of it is planned anew, for less, between the state before it and what the rest
 * needs (Siddiqui and Haslum 2015). To bring together what belongs together the plan is also put in other orders.
 */
import { type Budget, partOf } from './budget.ts'
import { commonOrder } from './common-order.ts'
import type { LowerBound } from './lm-cut.ts'
import { orderOf } from './partial-order.ts'
import { findRoute, type Worth } from './route.ts'
import { stateOf, statesAlong, type Task, weigh } from './task.ts'

const sizes = [6, 10, 14, 20, 28]

/** What a plan costs: its weight less what it keeps of the draft. */
export function costOf(task: Task, plan: readonly number[], { draft, unit, reward }: Worth): number {
  return unit * weigh(task, plan) - reward * commonOrder(plan, draft).filter(place => place >= 0).length
}

/** A plan that costs no more than `plan`. */
export function improve(
  task: Task,
  bound: LowerBound,
  plan: readonly number[],
  worth: Worth,
  budget: Budget,
): readonly number[] {
  let best = plan
  for (const size of sizes) {
    for (let better = true; better && budget.left > 0; ) {
      better = false
      // A draft says in which order things are to be kept.
      for (const arranged of worth.draft.length > 0 ? [best] : arrangements(task, best)) {
        const next = slide(task, bound, arranged, size, worth, budget)
        if (costOf(task, next, worth) >= costOf(task, best, worth)) continue
        best = next
        better = true
      }
    }
    if (size >= best.length) break
  }
  return best
}

/** Slides a window along the plan. */
function slide(
  task: Task,
  bound: LowerBound,
  plan: readonly number[],
  size: number,
  worth: Worth,
  budget: Budget,
): readonly number[] {
  let best = plan
  const share = Math.floor(budget.left / 12)
  for (let at = 0; at < best.length && budget.left > 0; ) {
    const next = replan(task, bound, best, at, Math.min(best.length, at + size), worth, partOf(budget, share))
    if (next) {
      best = next
      at = Math.max(0, at - size)
    } else if (at + size >= best.length) break
    else at += Math.max(1, size >> 2)
  }
  return best
}

/** The plan with what stands from `start` to `end` planned anew for less; undefined when there is nothing cheaper. */
function replan(
  task: Task,
  bound: LowerBound,
  plan: readonly number[],
  start: number,
  end: number,
  worth: Worth,
  budget: Budget,
): readonly number[] | undefined {
  const from = statesAlong(task, stateOf(task, task.initial), plan.slice(0, start))?.at(-1)
  if (!from) return undefined
  const places = commonOrder(plan, worth.draft)
  const shared = (of: readonly number[]) => of.filter(place => place >= 0)
  const free = worth.draft.slice((shared(places.slice(0, start)).at(-1) ?? -1) + 1, shared(places.slice(end))[0])
  const window = plan.slice(start, end)
  const below = worth.unit * weigh(task, window) - worth.reward * shared(places.slice(start, end)).length
  const goal = neededBy(task, plan.slice(end))
  const route = findRoute(task, bound, { from, goal, below }, { ...worth, draft: free }, budget)
  return route.kind === 'found' ? [...plan.slice(0, start), ...route.plan, ...plan.slice(end)] : undefined
}

/** The facts that must hold for `rest` to be doable and to end in the goal. */
function neededBy(task: Task, rest: readonly number[]): readonly number[] {
  const needed = new Set(task.goal)
  for (const number of rest.toReversed()) {
    for (const fact of task.actions[number]?.adds ?? []) needed.delete(fact)
    for (const fact of task.actions[number]?.needs ?? []) needed.add(fact)
  }
  return [...needed]
}

/** The plan as it is, and in two orders that keep together what depends on each other: from the front, from the back. */
function arrangements(task: Task, plan: readonly number[]): readonly (readonly number[])[] {
  const before = orderOf(task, plan)
  const after = plan.map((_, at) => new Set([...plan.keys()].filter(other => before[other]?.has(at))))
  const pick = (order: readonly number[]) => order.map(at => plan[at] ?? -1)
  return [plan, pick(depthFirst(before)), pick(depthFirst(after).toReversed())]
}

/** An order that goes on with what the last step has made possible, as long as there is any. */
function depthFirst(before: readonly ReadonlySet<number>[]): readonly number[] {
  const missing = before.map(({ size }) => size)
  // When the last of those before a step was placed.
  const recency = before.map(() => -1)
  const waiting = new Set(before.keys())
  const order: number[] = []
  while (waiting.size > 0) {
    let next = -1
    for (const at of waiting) {
      if (missing[at] === 0 && (next < 0 || (recency[at] ?? -1) > (recency[next] ?? -1))) next = at
    }
    if (!waiting.delete(next)) break
    for (const at of waiting) {
      if (!before[at]?.has(next)) continue
      missing[at] = (missing[at] ?? 0) - 1
      recency[at] = order.length
    }
    order.push(next)
  }
  return order
}
