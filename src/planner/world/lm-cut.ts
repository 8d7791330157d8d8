/**
 * A lower bound on what any plan weighs: LM-cut (Helmert and Domshlak 2009). Round by round it finds actions of which
 * every plan has at least one, counts the lightest, and takes that much off all of them.
 */
import { createBuckets, createQueue } from './queue.ts'
import { factsOf, type State, type Task } from './task.ts'
import type { Threats } from './threats.ts'

/** A bound on the weight of any way from `state` to `goal`; `Infinity` where there is none. */
export interface LowerBound {
  of(state: State, goal: readonly number[]): number
  /** Work of the last call, in the units of a budget. */
  readonly work: number
}

// Heavier than this, and buckets by weight would be mostly empty.
const heaviestForBuckets = 16

/** Makes the bound for a task, which counts what `threats` says must be brought about once more; it keeps its arrays. */
export function createLowerBound(task: Task, threats: Threats): LowerBound {
  const { actions } = task
  const facts = task.facts.length
  // One action and two facts more: the end, which all goals lead to, and what always holds, for actions without needs.
  const end = facts
  const always = facts + 1
  // A goal that must be brought about once more has a second number: this much more than its own.
  const again = facts + 2
  const width = again + facts
  const last = actions.length
  const needs: (readonly number[])[] = [
    ...actions.map(action => (action.needs.length > 0 ? action.needs : [always])),
    [],
  ]
  const adds: readonly (readonly number[])[] = [...actions.map(action => action.adds), [end]]
  const needless = [...actions.keys()].filter(number => actions[number]?.needs.length === 0)
  const takers: (readonly number[])[] = [...task.takers, [], needless, ...task.takers.map(() => [])]
  const givers: (readonly number[])[] = [...task.givers, [last], [], ...task.givers]
  const isGoal = new Uint8Array(width)
  const full = Float64Array.from([...actions.map(action => action.weight), 0])
  const weights = new Float64Array(last + 1)
  const costs = new Float64Array(width)
  const missing = new Int32Array(last + 1)
  const needCount = Int32Array.from(needs, list => list.length)
  /** For each action the dearest of its needs. */
  const supporter = new Int32Array(last + 1)
  const supported = new Float64Array(last + 1)
  const zone = new Uint8Array(width)
  const queue = full.some(weight => weight > heaviestForBuckets) ? createQueue() : createBuckets()
  let work = 0

  const lower = (fact: number, cost: number) => {
    if ((costs[fact] ?? 0) <= cost) return
    costs[fact] = cost
    queue.push(fact, cost)
  }
  const offer = (number: number, cost: number) => {
    for (const fact of adds[number] ?? []) {
      lower(fact, cost)
      if (isGoal[again + fact] === 1) lower(again + fact, cost)
    }
  }
  const arrive = (number: number, fact: number, cost: number) => {
    missing[number] = (missing[number] ?? 0) - 1
    if (missing[number] !== 0) return
    supporter[number] = fact
    supported[number] = cost
    offer(number, cost + (weights[number] ?? 0))
  }
  const explore = (held: readonly number[]) => {
    queue.clear()
    costs.fill(Infinity)
    missing.set(needCount)
    supported.fill(Infinity)
    for (const fact of held) {
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
  const cutOf = (held: readonly number[]): readonly number[] => {
    const cut: number[] = []
    const open: number[] = []
    for (const fact of held) {
      if (zone[fact] !== 0) continue
      zone[fact] = 2
      open.push(fact)
    }
    for (let fact = open.pop(); fact !== undefined; fact = open.pop()) {
      for (const number of takers[fact] ?? []) {
        if (supporter[number] === fact && supported[number] !== Infinity) crosses(number, cut, open)
      }
    }
    return cut
  }
  const crosses = (number: number, cut: number[], open: number[]) => {
    const given = adds[number] ?? []
    for (const added of given) {
      if (zone[added] !== 1 && zone[again + added] !== 1) continue
      cut.push(number)
      return
    }
    for (const added of given) {
      if (zone[added] !== 0) continue
      zone[added] = 2
      open.push(added)
    }
  }
  return {
    get work() {
      return work
    },
    of(state, goal) {
      isGoal.fill(0)
      const threatened = threats.in(state, goal)
      const ends = goal.map(fact => (threatened.includes(fact) ? again + fact : fact))
      for (const fact of ends) isGoal[fact] = 1
      needs[last] = ends
      needCount[last] = goal.length
      weights.set(full)
      work = threats.work + 2 * (facts + last)
      if (goal.length === 0) return 0
      const held = [...factsOf(state), always]
      explore(held)
      let total = 0
      while ((costs[end] ?? 0) > 0) {
        if (costs[end] === Infinity) return Infinity
        markEnd()
        const cut = cutOf(held)
        let lightest = Infinity
        for (const number of cut) lightest = Math.min(lightest, weights[number] ?? 0)
        for (const number of cut) weights[number] = (weights[number] ?? 0) - lightest
        total += lightest
        work += facts + last
        update(cut)
      }
      return total
    },
  }
}
