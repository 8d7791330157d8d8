/** Action elimination (Nakhost and Müller 2010): leaves out actions, with all that depends on them, while the plan still works. */
import { holdAll, perform, stateOf, type Task } from './task.ts'

/** The plan without what it can do without; at best `plan` itself. */
export function eliminate(task: Task, plan: readonly number[]): readonly number[] {
  let rest = plan
  for (let at = 0; at < rest.length; ) {
    const less = without(task, rest, at)
    if (less) rest = less
    else at += 1
  }
  return rest
}

/** The plan without the action at `left` and without those that cannot be done then; undefined when the goal is missed. */
function without(task: Task, plan: readonly number[], left: number): readonly number[] | undefined {
  const state = stateOf(task, task.initial)
  const kept = plan.filter((number, at) => {
    const action = task.actions[number]
    if (at === left || !action || !holdAll(state, action.needs)) return false
    perform(state, action)
    return true
  })
  return holdAll(state, task.goal) ? kept : undefined
}
