/**
 * Proves that a task has no plan, where no search through its states would end: pairs of facts that never hold together
 * (h², Haslum and Geffner 2000), then a search back from the goal that such pairs cut off.
 */
import type { Budget } from './budget.ts'
import { type Task } from './task.ts'

/** Why there is no plan, in words; undefined when this proves nothing. */
export function proveImpossible(task: Task, budget: Budget): string | undefined {
  const together = pairsOf(task, budget)
  if (!together) return undefined
  const clash = clashIn(task.goal, together)
  if (clash) {
    const [one, two] = clash.map(fact => task.facts[fact] ?? '')
    return one === two ? `\`${one}\` can never hold` : `\`${one}\` and \`${two}\` can never hold together`
  }
  return regressionEnds(task, together, budget)
    ? 'whatever is done last, it needs facts that never hold together with the rest of the goal'
    : undefined
}

/** Whether two facts may hold together in some state that can be reached. */
type Together = (one: number, two: number) => boolean

// Pairs are kept in a square; past so many facts it is too large.
const mostFacts = 3000

function pairsOf(task: Task, budget: Budget): Together | undefined {
  const count = task.facts.length
  if (count > mostFacts) return undefined
  const pairs = new Uint8Array(count * count)
  const together: Together = (one, two) => pairs[one * count + two] === 1
  let grown = false
  const join = (one: number, two: number) => {
    if (together(one, two)) return
    pairs[one * count + two] = 1
    pairs[two * count + one] = 1
    grown = true
  }
  for (const one of task.initial) for (const two of task.initial) join(one, two)
  do {
    grown = false
    for (const { needs, adds, removes } of task.actions) {
      if (clashIn(needs, together)) continue
      for (const one of adds) for (const two of adds) join(one, two)
      for (let fact = 0; fact < count; fact++) {
        if (!together(fact, fact) || removes.includes(fact) || adds.every(added => together(added, fact))) continue
        if (needs.every(need => together(need, fact))) for (const added of adds) join(added, fact)
      }
      if (!budget.spend(count)) return undefined
    }
  } while (grown)
  return together
}

function clashIn(facts: readonly number[], together: Together): readonly [number, number] | undefined {
  for (const one of facts) for (const two of facts) if (!together(one, two)) return [one, two]
  return undefined
}

/** Whether the search back from the goal ends without meeting the initial state. */
function regressionEnds(task: Task, together: Together, budget: Budget): boolean {
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
      if (seen.has(key) || clashIn(before, together)) continue
      seen.add(key)
      open.push(before)
    }
  }
  return true
}
