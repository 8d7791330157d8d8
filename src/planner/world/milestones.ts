/**
 * What must hold at some time on every way to a fact, however little is removed on the way: fact landmarks, complete for
 * the task without removals (Zhu and Givan 2003).
 */
import { factsOf, type State, type Task } from './task.ts'

/** For each fact that can be reached, the facts that must come to hold on the way to it, itself included; none for what holds. */
export interface Milestones {
  /** Whether the fact can be reached at all. */
  has(fact: number): boolean
  /** Adds what must come to hold on the way to `fact` to `into`. */
  unite(into: State, fact: number): void
  /** What it took to find them, in the units of a budget. */
  readonly work: number
}

/** Makes a function that finds the milestones on the ways from a state; it keeps its arrays from call to call. */
export function createMilestones(task: Task): (state: State) => Milestones {
  const words = Math.max(1, (task.facts.length + 31) >> 5)
  const sets = new Uint32Array(words * task.facts.length)
  const known = new Uint8Array(task.facts.length)
  const held = new Uint8Array(task.facts.length)
  const waits = new Uint8Array(task.actions.length)
  const needed = new Uint32Array(words)
  const unite = (into: State, fact: number) => {
    const start = fact * words
    for (let word = 0; word < words; word++) into[word] = (into[word] ?? 0) | (sets[start + word] ?? 0)
  }
  const comesBy = (fact: number, milestone: number): boolean =>
    (((sets[fact * words + (milestone >> 5)] ?? 0) >>> (milestone & 31)) & 1) === 1
  /** Takes in a way to `fact` by way of `needed`; says whether its set is new or smaller. */
  const take = (fact: number): boolean => {
    const start = fact * words
    const own = fact >> 5
    const bit = 1 << (fact & 31)
    let changed = known[fact] === 0
    for (let word = 0; word < words; word++) {
      const way = (needed[word] ?? 0) | (word === own ? bit : 0)
      const before = sets[start + word] ?? 0
      const now = known[fact] === 0 ? way : before & way
      if (now >>> 0 !== before) changed = true
      sets[start + word] = now
    }
    known[fact] = 1
    return changed
  }
  return state => {
    sets.fill(0)
    known.fill(0)
    held.fill(0)
    for (const fact of factsOf(state)) {
      known[fact] = 1
      held[fact] = 1
    }
    waits.fill(1)
    let ways = 0
    let queue = [...task.actions.keys()]
    while (queue.length > 0) {
      const next: number[] = []
      for (const number of queue) {
        waits[number] = 0
        const action = task.actions[number]
        if (!action || action.needs.some(need => known[need] === 0)) continue
        // Who needs a fact to bring it about is never the first to do so.
        const firsts = action.adds.filter(fact => held[fact] === 0 && !action.needs.some(need => comesBy(need, fact)))
        if (firsts.length === 0) continue
        ways += 1
        needed.fill(0)
        for (const need of action.needs) unite(needed, need)
        for (const fact of firsts) {
          if (!take(fact)) continue
          for (const taker of task.takers[fact] ?? []) {
            if (waits[taker] === 1) continue
            waits[taker] = 1
            next.push(taker)
          }
        }
      }
      queue = next
    }
    return { has: fact => known[fact] === 1, unite, work: task.actions.length + ((ways * words) >> 2) }
  }
}
