/**
 * Goals that hold but cannot stay: on every way to the rest of the goal something must come to hold that never holds
 * together with them, so they have to be brought about once more.
 */
import { createMilestones, type Milestones } from './milestones.ts'
import type { Pairs } from './pairs.ts'
import { holds, type State, stateOf, type Task } from './task.ts'

/** Finds the goals that hold in a state and cannot stay. */
export interface Threats {
  in(state: State, goal: readonly number[]): readonly number[]
  /** Work of the last call, in the units of a budget. */
  readonly work: number
}

// So many looks without a find, and the task is not of the kind where looking pays.
const patience = 64

/** Makes the finder of a task; without pairs it finds nothing. */
export function createThreats(task: Task, pairs: Pairs | undefined): Threats {
  if (!pairs) return { in: () => [], work: 0 }
  const milestonesIn = createMilestones(task)
  let inVain = 0
  let work = 0
  return {
    get work() {
      return work
    },
    in(state, goal) {
      work = 0
      const standing = goal.filter(fact => holds(state, fact))
      if (inVain >= patience || standing.length === 0 || standing.length === goal.length) return []
      const missing = goal.filter(fact => !holds(state, fact))
      const milestones = milestonesIn(state)
      work = milestones.work
      const found = threatened(task, pairs, milestones, standing, missing)
      inVain = found.length > 0 ? -Infinity : inVain + 1
      return found
    },
  }
}

function threatened(
  task: Task,
  pairs: Pairs,
  milestones: Milestones,
  standing: readonly number[],
  missing: readonly number[],
): readonly number[] {
  const required = stateOf(task, [])
  for (const fact of missing) milestones.unite(required, fact)
  const found: number[] = []
  for (let open = standing; ; ) {
    const struck = open.filter(fact => !isWithin(required, pairs[fact]))
    if (struck.length === 0) return found
    found.push(...struck)
    for (const fact of struck) requireAgain(task, milestones, fact, required)
    open = open.filter(fact => !struck.includes(fact))
  }
}

function isWithin(set: State, other: State | undefined): boolean {
  for (let word = 0; word < set.length; word++) if (((set[word] ?? 0) & ~(other?.[word] ?? 0)) !== 0) return false
  return true
}

/** Adds what every way of bringing about `fact` once more must come by. */
function requireAgain(task: Task, milestones: Milestones, fact: number, required: State): void {
  let shared: State | undefined
  for (const giver of task.givers[fact] ?? []) {
    const needs = task.actions[giver]?.needs ?? []
    if (!needs.every(need => milestones.has(need))) continue
    const way = stateOf(task, [])
    for (const need of needs) milestones.unite(way, need)
    shared = shared ? shared.map((word, at) => word & (way[at] ?? 0)) : way
  }
  if (shared) for (const [at, word] of shared.entries()) required[at] = (required[at] ?? 0) | word
}
