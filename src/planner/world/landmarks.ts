/**
 * Landmarks: facts that hold at some time in every plan (Zhu and Givan 2003; counted as LAMA does, Richter and Westphal
 * 2010). They are exact for the task in which nothing is ever removed, hence sound for the task itself.
 */
import { type State, type Task, factsOf, holds, include, stateOf } from './task.ts'

/** Counts what is left to do, along one way to a state. */
export interface LandmarkCount {
  /** The landmarks that have held at the start. */
  start(state: State): State
  /** Those that have held once `state` is reached after `before`. */
  advance(before: State, state: State): State
  /** How many have not held yet, or must hold again. */
  remaining(reached: State, state: State): number
  /** Whether an action adds a landmark that has not held yet. */
  serves(action: number, reached: State): boolean
}

// Past this product of actions and facts the landmarks cost more than they help.
const mostWork = 40_000_000

/** The landmarks of a task from its initial state; undefined when the task is too large for them. */
export function countLandmarks(task: Task): LandmarkCount | undefined {
  if (task.actions.length * task.facts.length > mostWork) return undefined
  const before = propagate(task)
  const all = stateOf(task, [])
  for (const fact of task.goal) unite(all, before[fact])
  const landmarks = factsOf(all)
  const goal = new Set(task.goal)
  // A landmark that has held must hold again when it is a goal, or needed for the first time of one yet to come.
  const leadsTo = new Map(landmarks.map(fact => [fact, [] as number[]]))
  for (const later of landmarks) {
    const first = (task.givers[later] ?? []).filter(number =>
      task.actions[number]?.needs.every(need => {
        const own = before[need]
        return own !== undefined && !holds(own, later)
      }),
    )
    const [one, ...others] = first.map(number => task.actions[number]?.needs ?? [])
    const shared = (one ?? []).filter(need => others.every(needs => needs.includes(need)))
    if (!task.initial.includes(later)) for (const need of shared) leadsTo.get(need)?.push(later)
  }
  const advance = (reached: State, state: State): State =>
    reached.map((word, at) => word | ((state[at] ?? 0) & (all[at] ?? 0)))
  return {
    start: state => advance(stateOf(task, []), state),
    advance,
    remaining(reached, state) {
      let count = 0
      for (const fact of landmarks) {
        if (!holds(reached, fact)) count += 1
        else if (!holds(state, fact) && (goal.has(fact) || leadsTo.get(fact)?.some(later => !holds(reached, later)))) {
          count += 1
        }
      }
      return count
    },
    serves: (action, reached) =>
      task.actions[action]?.adds.some(fact => holds(all, fact) && !holds(reached, fact)) ?? false,
  }
}

/** For each fact that can be reached, every fact that holds before it or with it, whatever is done. */
function propagate(task: Task): readonly (State | undefined)[] {
  const before: (State | undefined)[] = task.facts.map(() => undefined)
  for (const fact of task.initial) before[fact] = stateOf(task, [fact])
  const initial = new Set(task.initial)
  const waiting = new Set(task.actions.keys())
  for (const number of waiting) {
    waiting.delete(number)
    const action = task.actions[number]
    if (!action || !action.needs.every(need => before[need])) continue
    const needed = stateOf(task, [])
    for (const need of action.needs) unite(needed, before[need])
    for (const fact of action.adds) {
      if (initial.has(fact)) continue
      const known = before[fact]
      const next = known ? narrowed(known, needed, fact) : needed.slice()
      if (!next) continue
      include(next, fact)
      before[fact] = next
      for (const taker of task.takers[fact] ?? []) waiting.add(taker)
    }
  }
  return before
}

function unite(into: State, from: State | undefined): void {
  if (from) for (const [at, word] of from.entries()) into[at] = (into[at] ?? 0) | word
}

/** What is in both sets, or is `fact`; undefined when that is no less than `known`. */
function narrowed(known: State, other: State, fact: number): State | undefined {
  const next = known.map((word, at) => word & (other[at] ?? 0))
  include(next, fact)
  return next.some((word, at) => word !== known[at]) ? next : undefined
}
