/**
 * A lower bound on what any plan weighs: LM-cut (Helmert and Domshlak 2009). Round by round it finds actions of which
 * every plan has at least one, counts the lightest, and takes that much off all of them.
 */
import { createBuckets, createQueue } from './queue.ts'
import { factsOf, type State, type Task } from './task.ts'

/** A bound on the weight of any way from `state` to `goal`; `Infinity` where there is none. */
export interface LowerBound {
  of(state: State, goal: readonly number[]): number
  /** Work of the last call, in the units of a budget. */
  readonly work: number
}

// Heavier than this, and buckets by weight would be mostly empty.
const heaviestForBuckets = 16

/** Makes the bound for a task; it keeps its arrays from call to call. */
export function createLowerBound(task: Task): LowerBound {
  const { actions } = task
  const facts = task.facts.length
  // One action and two facts more: the end, which all goals lead to, and what always holds, for actions without needs.
  const end = facts
  const always = facts + 1
  const last = actions.length
  const needs: (readonly number[])[] = [
    ...actions.map(action => (action.needs.length > 0 ? action.needs : [always])),
    [],
  ]
  const adds: readonly (readonly number[])[] = [...actions.map(action => action.adds), [end]]
  const needless = [...actions.keys()].filter(number => actions[number]?.needs.length === 0)
  const takers: (readonly number[])[] = [...task.takers, [], needless]
  const givers: (readonly number[])[] = [...task.givers, [last], []]
  const isGoal = new Uint8Array(facts + 2)
  const full = Float64Array.from([...actions.map(action => action.weight), 0])
  const weights = new Float64Array(last + 1)
  const costs = new Float64Array(facts + 2)
  const missing = new Int32Array(last + 1)
  const needCount = Int32Array.from(needs, list => list.length)
  /** For each action the dearest of its needs. */
  const supporter = new Int32Array(last + 1)
  const supported = new Float64Array(last + 1)
  const zone = new Uint8Array(facts + 2)
  const queue = full.some(weight => weight > heaviestForBuckets) ? createQueue() : createBuckets()
  let work = 0

  const offer = (number: number, cost: number) => {
    for (const fact of adds[number] ?? []) {
      const known = costs[fact] ?? 0
      if (known <= cost) continue
      costs[fact] = cost
      queue.push(fact, cost)
    }
  }
  const arrive = (number: number, fact: number, cost: number) => {
    missing[number] = (missing[number] ?? 0) - 1
    if (missing[number] !== 0) return
    supporter[number] = fact
    supported[number] = cost
    offer(number, cost + (weights[number] ?? 0))
  }
  const explore = (state: State) => {
    queue.clear()
    costs.fill(Infinity)
    missing.set(needCount)
    supported.fill(Infinity)
    for (const fact of [...factsOf(state), always]) {
      costs[fact] = 0
      queue.push(fact, 0)
    }
    for (let fact = queue.pop(); fact !== undefined; fact = queue.pop()) {
      const cost = costs[fact] ?? 0
      if (cost !== queue.key) continue
      for (const number of takers[fact] ?? []) arrive(number, fact, cost)
      if (isGoal[fact] === 1) arrive(last, fact, cost)
    }
  }
  /** Brings the costs up to date after the weights of `cut` have fallen. */
  const update = (cut: readonly number[]) => {
    queue.clear()
    for (const number of cut) offer(number, (supported[number] ?? 0) + (weights[number] ?? 0))
    for (let fact = queue.pop(); fact !== undefined; fact = queue.pop()) {
      const cost = costs[fact] ?? 0
      if (cost !== queue.key) continue
      for (const number of takers[fact] ?? []) if (supporter[number] === fact) settle(number, cost)
      if (isGoal[fact] === 1 && supporter[last] === fact) settle(last, cost)
    }
  }
  const settle = (number: number, cost: number) => {
    const before = supported[number] ?? 0
    if (before <= cost) return
    let dearest = supporter[number] ?? 0
    for (const need of needs[number] ?? []) if ((costs[need] ?? 0) > (costs[dearest] ?? 0)) dearest = need
    const now = costs[dearest] ?? 0
    supporter[number] = dearest
    supported[number] = now
    if (now !== before) offer(number, now + (weights[number] ?? 0))
  }
  /** Marks what leads to the end for nothing. */
  const markEnd = () => {
    zone.fill(0)
    const open = [end]
    zone[end] = 1
    for (let fact = open.pop(); fact !== undefined; fact = open.pop()) {
      for (const number of givers[fact] ?? []) {
        const by = supporter[number] ?? 0
        if (weights[number] !== 0 || supported[number] === Infinity || zone[by] === 1) continue
        zone[by] = 1
        open.push(by)
      }
    }
  }
  /** The actions that cross into what leads to the end for nothing. */
  const cutOf = (state: State): readonly number[] => {
    const cut = new Set<number>()
    const open = [...factsOf(state), always].filter(fact => zone[fact] === 0)
    for (const fact of open) zone[fact] = 2
    for (let fact = open.pop(); fact !== undefined; fact = open.pop()) {
      for (const number of takers[fact] ?? []) {
        if (supporter[number] !== fact || supported[number] === Infinity) continue
        const given = adds[number] ?? []
        if (given.some(added => zone[added] === 1)) {
          cut.add(number)
          continue
        }
        for (const added of given) {
          if (zone[added] !== 0) continue
          zone[added] = 2
          open.push(added)
        }
      }
    }
    return [...cut]
  }
  return {
    get work() {
      return work
    },
    of(state, goal) {
      isGoal.fill(0)
      for (const fact of goal) isGoal[fact] = 1
      needs[last] = goal
      needCount[last] = goal.length
      weights.set(full)
      work = facts + last
      if (goal.length === 0) return 0
      explore(state)
      let total = 0
      while ((costs[end] ?? 0) > 0) {
        if (costs[end] === Infinity) return Infinity
        markEnd()
        const cut = cutOf(state)
        const lightest = Math.min(...cut.map(number => weights[number] ?? 0))
        for (const number of cut) weights[number] = (weights[number] ?? 0) - lightest
        total += lightest
        work += (facts + last) >> 1
        update(cut)
      }
      return total
    },
  }
}
