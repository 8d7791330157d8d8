/**
 * The best way from a state to a goal: A* (Hart, Nilsson and Raphael 1968) under the LM-cut bound. It may follow a
 * draft: what a way shares with it, in order, counts for less, so that the best way keeps what it can.
 * 1. A node is a state and how much of the draft lies behind it.
 * 2. `weight · unit − reward` is above 0 for every action, so a way never grows cheaper by growing longer.
 */
import type { Budget } from './budget.ts'
import type { LowerBound } from './lm-cut.ts'
import { createQueue } from './queue.ts'
import { createStates } from './states.ts'
import { holdAll, perform, type State, type Task } from './task.ts'

/** What a way is worth. */
export interface Worth {
  /** Actions to keep, in order; none where a plan is made from nothing. */
  readonly draft: readonly number[]
  /** What a unit of weight costs. */
  readonly unit: number
  /** What each action kept takes off; less than `unit`. */
  readonly reward: number
}

/** Between which states, and cheaper than what. */
export interface Errand {
  readonly from: State
  readonly goal: readonly number[]
  /** Only a way that costs less is of use. */
  readonly below: number
}

/** `none` is a proof that nothing cheaper is there. */
export type Route =
  | { readonly kind: 'found'; readonly plan: readonly number[]; readonly cost: number }
  | { readonly kind: 'none' }
  /** The budget ended; nothing costs less than `atLeast`. */
  | { readonly kind: 'spent'; readonly atLeast: number }

// Leaves room in the key of a node for the bound, by which nodes of equal promise are told apart.
const finer = 65_536

/** Finds the cheapest way of an errand. */
export function findRoute(task: Task, bound: LowerBound, errand: Errand, worth: Worth, budget: Budget): Route {
  const { draft, unit, reward } = worth
  const { goal, below } = errand
  const placesOf = Map.groupBy(draft.keys(), place => draft[place] ?? -1)
  const states = createStates(errand.from.length)
  const bounds: number[] = []
  const state = errand.from.slice()
  const next = errand.from.slice()
  const ids = new Map<number, number>()
  const nodes: {
    readonly state: number
    readonly place: number
    cost: number
    parent: number
    via: number
    closed: number
  }[] = []
  const queue = createQueue()
  const applicableIn = createApplicable(task)

  /** The least that is still to pay, and the bound by itself. */
  const toGo = (number: number, place: number, at: State): number => {
    const known = bounds[number]
    const left = known ?? bound.of(at, goal)
    if (known === undefined) {
      bounds[number] = left
      spendable = budget.spend(bound.work)
    }
    return unit * left - reward * Math.min(left, draft.length - place)
  }
  let spendable = true
  const visit = (at: State, place: number, cost: number, parent: number, via: number) => {
    const number = states.numberOf(at)
    const key = number * (draft.length + 1) + place
    const known = ids.get(key)
    const node = known === undefined ? undefined : nodes[known]
    if (node && node.cost <= cost) return
    const promise = cost + toGo(number, place, at)
    if (!(promise < below)) return
    const id = known ?? nodes.length
    if (node) Object.assign(node, { cost, parent, via })
    else {
      ids.set(key, id)
      nodes.push({ state: number, place, cost, parent, via, closed: Infinity })
    }
    queue.push(id, promise * finer + Math.min(bounds[number] ?? 0, finer - 1))
  }
  visit(state, 0, 0, -1, -1)
  while (spendable) {
    const id = queue.pop()
    const node = nodes[id ?? -1]
    if (id === undefined || !node) return { kind: 'none' }
    if (node.closed <= node.cost) continue
    node.closed = node.cost
    spendable = budget.spend(task.facts.length)
    states.read(node.state, state)
    if (holdAll(state, goal)) {
      const plan: number[] = []
      for (let at = nodes[id]; at && at.parent >= 0; at = nodes[at.parent]) plan.push(at.via)
      return { kind: 'found', plan: plan.reverse(), cost: node.cost }
    }
    for (const number of applicableIn(state)) {
      const action = task.actions[number]
      if (!action || !spendable) continue
      next.set(state)
      perform(next, action)
      const cost = node.cost + unit * action.weight
      visit(next, node.place, cost, id, number)
      const kept = placesOf.get(number)?.find(place => place >= node.place)
      if (kept !== undefined) visit(next, kept + 1, cost - reward, id, number)
    }
  }
  return { kind: 'spent', atLeast: Math.floor(queue.key / finer) }
}

/** Which actions can be done in a state. */
function createApplicable(task: Task): (state: State) => readonly number[] {
  const counts = new Int32Array(task.actions.length)
  const needCount = Int32Array.from(task.actions, ({ needs }) => needs.length)
  const needless = [...needCount.keys()].filter(number => needCount[number] === 0)
  return state => {
    const applicable = needless.slice()
    counts.fill(0)
    for (let word = 0; word < state.length; word++) {
      for (let rest = state[word] ?? 0; rest !== 0; rest &= rest - 1) {
        for (const number of task.takers[word * 32 + 31 - Math.clz32(rest & -rest)] ?? []) {
          const count = (counts[number] ?? 0) + 1
          counts[number] = count
          if (count === needCount[number]) applicable.push(number)
        }
      }
    }
    return applicable
  }
}
