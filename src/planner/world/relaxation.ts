/**
 * How far a goal is when nothing is ever removed: the FF heuristic (Hoffmann and Nebel 2001) over the cheapest additive
 * supporters (Keyder and Geffner 2008). Where it finds no way there is none.
 */
import { createBuckets } from './queue.ts'
import { type State, type Task, factsOf } from './task.ts'
import type { Threats } from './threats.ts'

/** What a state looks like when nothing is ever removed. */
export interface Outlook {
  /** How many actions a relaxed plan has; 0 exactly in a state where the goal holds. */
  readonly distance: number
  /** What that relaxed plan weighs. */
  readonly weight: number
  /** Actions that can be done at once, and those of them that the relaxed plan begins with. */
  readonly applicable: readonly number[]
  readonly preferred: readonly number[]
  /** The relaxed plan: its actions, what is cheaper to get at first. */
  readonly ahead: () => readonly number[]
}

/** A function that looks ahead from states; undefined when no plan leads on from there. */
export function createOutlook(task: Task, threats: Threats): (state: State) => Outlook | undefined {
  const { actions, takers, goal } = task
  const needCount = Int32Array.from(actions, ({ needs }) => needs.length)
  const needless = [...actions.keys()].filter(number => needCount[number] === 0)
  const missing = new Int32Array(actions.length)
  const base = new Int32Array(actions.length)
  const costs = new Int32Array(task.facts.length)
  const supporters = new Int32Array(task.facts.length)
  const isGoal = new Uint8Array(task.facts.length)
  for (const fact of goal) isGoal[fact] = 1
  // What the look in progress has marked or chosen carries its number.
  const marked = new Int32Array(task.facts.length)
  const picked = new Int32Array(actions.length)
  let turn = 0
  const queue = createBuckets()
  let applicable: number[] = []

  const reach = (number: number) => {
    const before = base[number] ?? 0
    if (before === 0) applicable.push(number)
    for (const fact of actions[number]?.adds ?? []) {
      const known = costs[fact] ?? -1
      if (known >= 0 && known <= before + 1) continue
      costs[fact] = before + 1
      supporters[fact] = number
      queue.push(fact, before + 1)
    }
  }
  const explore = (state: State, whole: boolean): boolean => {
    costs.fill(-1)
    missing.set(needCount)
    base.fill(0)
    queue.clear()
    applicable = []
    for (const fact of factsOf(state)) {
      costs[fact] = 0
      queue.push(fact, 0)
    }
    for (const number of needless) reach(number)
    let open = goal.length
    for (let fact = queue.pop(); fact !== undefined; fact = queue.pop()) {
      const cost = costs[fact] ?? 0
      if (cost !== queue.key) continue
      // All that can be done at once is known by then.
      if (isGoal[fact] === 1) open -= 1
      if (open === 0 && cost > 0 && !whole) return true
      for (const number of takers[fact] ?? []) {
        base[number] = (base[number] ?? 0) + cost
        missing[number] = (missing[number] ?? 0) - 1
        if (missing[number] === 0) reach(number)
      }
    }
    return open === 0
  }
  const cheapestGiver = (fact: number): number | undefined => {
    let cheapest: number | undefined
    for (const giver of task.givers[fact] ?? []) {
      if (missing[giver] !== 0) continue
      if (cheapest === undefined || (base[giver] ?? 0) < (base[cheapest] ?? 0)) cheapest = giver
    }
    return cheapest
  }
  return state => {
    const threatened = threats.in(state, goal)
    if (!explore(state, threatened.length > 0)) return undefined
    turn += 1
    const chosen: number[] = []
    const open = [...goal]
    const choose = (number: number) => {
      if (picked[number] !== turn) chosen.push(number)
      picked[number] = turn
      for (const need of actions[number]?.needs ?? []) open.push(need)
    }
    for (const fact of threatened) {
      const giver = cheapestGiver(fact)
      if (giver === undefined) return undefined
      choose(giver)
    }
    for (let fact = open.pop(); fact !== undefined; fact = open.pop()) {
      if (marked[fact] === turn || costs[fact] === 0) continue
      marked[fact] = turn
      choose(supporters[fact] ?? 0)
    }
    let weight = 0
    const preferred: number[] = []
    for (const number of chosen) {
      weight += actions[number]?.weight ?? 0
      if (base[number] === 0) preferred.push(number)
    }
    const ahead = () => chosen.toSorted((one, two) => (base[one] ?? 0) - (base[two] ?? 0))
    return { distance: chosen.length, weight, applicable, preferred, ahead }
  }
}
