/**
 * Takes needless order out of a plan, so that what can run side by side does (Bäckström 1998).
 * 1. Each need keeps the last producer before it.
 * 2. Whoever removes a fact stays before every later producer of it, and behind every earlier step in need of it.
 */
import { MusterError } from '../../core/index.ts'
import { holdAll, perform, stateOf, type Task } from './task.ts'

/** A step of a plan without needless order. */
export interface OrderedStep {
  readonly action: string
  /** Indices of the steps that must have ended before; none that follows from others. */
  readonly after: readonly number[]
}

/** A plan, given as actions such as `(stack a b)`, without needless order. Throws `plan-invalid` when it is not a plan of the task. */
export function toPartialOrder(task: Task, plan: readonly string[]): readonly OrderedStep[] {
  const numbers = plan.map(action => task.numbers.get(action) ?? -1)
  const state = stateOf(task, task.initial)
  for (const [at, number] of numbers.entries()) {
    const action = task.actions[number]
    if (!action || !holdAll(state, action.needs)) {
      throw new MusterError('plan-invalid', `step ${at + 1}, \`${plan[at] ?? ''}\`, cannot be done`, {
        hint: 'repair the plan first',
      })
    }
    perform(state, action)
  }
  if (!holdAll(state, task.goal)) {
    throw new MusterError('plan-invalid', 'the plan misses the goal', { hint: 'repair the plan first' })
  }
  const before = orderOf(task, numbers)
  return plan.map((action, at) => ({ action, after: direct(before, at) }))
}

/** For each action of a plan that works, the indices of all that must come before it. */
export function orderOf(task: Task, plan: readonly number[]): readonly ReadonlySet<number>[] {
  const before: Set<number>[] = []
  const producers = new Map<number, number>()
  const removers: number[][] = task.facts.map(() => [])
  const takers: number[][] = task.facts.map(() => [])
  for (const [at, number] of plan.entries()) {
    const action = task.actions[number]
    const { needs = [], adds = [], removes = [] } = action ?? {}
    const direct = [
      ...[...needs, ...removes].flatMap(fact => producers.get(fact) ?? []),
      ...removes.flatMap(fact => takers[fact] ?? []),
      ...adds.flatMap(fact => removers[fact] ?? []),
    ]
    before.push(new Set(direct.flatMap(one => [one, ...(before[one] ?? [])])))
    for (const fact of needs) takers[fact]?.push(at)
    for (const fact of removes) removers[fact]?.push(at)
    for (const fact of adds) producers.set(fact, at)
  }
  return before
}

/** Those before `at` that are not before another one before it. */
function direct(before: readonly ReadonlySet<number>[], at: number): readonly number[] {
  const all = [...(before[at] ?? [])]
  return all.filter(one => !all.some(other => before[other]?.has(one))).toSorted((one, two) => one - two)
}
