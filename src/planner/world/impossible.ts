/**
 * Proves that a task has no plan, where no search through its states would end: by facts that never hold together, and
 * by a search back from the goal that such facts cut off.
 */
import type { Budget } from './budget.ts'
import { clashIn, type Pairs } from './pairs.ts'
import type { Task } from './task.ts'

/** Why there is no plan, in words; undefined when this proves nothing. */
export function proveImpossible(task: Task, pairs: Pairs, budget: Budget): string | undefined {
  const clash = clashIn(task.goal, pairs)
  if (clash) {
    const [one, two] = clash.map(fact => task.facts[fact] ?? '')
    return one === two ? `\`${one}\` can never hold` : `\`${one}\` and \`${two}\` can never hold together`
  }
  return regressionEnds(task, pairs, budget)
    ? 'whatever is done last, it needs facts that never hold together with the rest of the goal'
    : undefined
}

/** Whether the search back from the goal ends without meeting the initial state. */
function regressionEnds(task: Task, pairs: Pairs, budget: Budget): boolean {
  const initial = new Set(task.initial)
  const seen = new Set<string>()
  const open: (readonly number[])[] = [task.goal]
  for (let wanted = open.pop(); wanted; wanted = open.pop()) {
    if (wanted.every(fact => initial.has(fact))) return false
    const now = new Set(wanted)
    for (const number of new Set(wanted.flatMap(fact => task.givers[fact] ?? []))) {
      const action = task.actions[number]
      if (!action || action.removes.some(fact => now.has(fact))) continue
      if (!budget.spend(wanted.length * wanted.length)) return false
      const before = [...now.difference(new Set(action.adds)).union(new Set(action.needs))].toSorted((a, b) => a - b)
      const key = before.join()
      if (seen.has(key) || clashIn(before, pairs)) continue
      seen.add(key)
      open.push(before)
    }
  }
  return true
}
