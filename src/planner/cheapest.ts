/**
 * The cheapest set of candidates that makes a plan.
 * 1. `findCheapest` returns only sets from which nothing can be dropped.
 * 2. A first set follows the labels, is pruned, and is improved by doing without each of its steps in turn.
 * 3. Branch and bound then looks for a cheaper one. Below its limit the answer is the cheapest there is; with 14
 *    candidates or fewer, none of which removes a required fact, the limit is never met.
 */
import type { MicroUsd } from '../core/index.ts'
import { arrange, fire } from './arrange.ts'
import { added, extract, greatest, type Labels, reach } from './reach.ts'
import type { Space } from './space.ts'

// Work that branch and bound may do, over the square of the candidates: some tens of milliseconds.
const mostWork = 4_000_000
// What it counts, in nodes, to look for an order in vain.
const vainOrder = 50
// Sets that `improve` may try.
const mostImprovements = 400
// Sums of weights in different orders differ by less.
const rounding = 1e-6

/** A set that makes a plan within `budget` at the least weight found, in an order in which it runs. */
export function findCheapest(space: Space, budget: MicroUsd = Infinity): readonly number[] | undefined {
  const price = (candidate: number) => space.candidates[candidate]?.estimate.price ?? 0
  const firsts = [
    (candidate: number) => weightOf(space, [candidate]),
    ...(budget < Infinity ? [(candidate: number) => price(candidate) + 1e-6 * weightOf(space, [candidate])] : []),
  ]
  let best: ReadonlySet<number> | undefined
  for (const cost of firsts) {
    const found = extract(space, reach(space, cost, added), space.goals)
    const set = found && prune(space, found)
    if (!set || sum(set, price) > budget) continue
    if (!best || weightOf(space, set) < weightOf(space, best) - rounding) best = set
  }
  if (best) best = improve(space, best, budget)
  best = branchAndBound(space, best, budget) ?? best
  return best && arrange(space, best)
}

function weightOf(space: Space, set: Iterable<number>): number {
  return sum(set, candidate => space.candidates[candidate]?.weight ?? 0)
}

function sum(set: Iterable<number>, of: (candidate: number) => number): number {
  let total = 0
  for (const candidate of set) total += of(candidate)
  return total
}

/** Drops whatever can be dropped, the heaviest first; undefined when the set makes no plan. */
export function prune(space: Space, set: ReadonlySet<number>): ReadonlySet<number> | undefined {
  const first = arrange(space, set)
  if (!first) return undefined
  let kept: ReadonlySet<number> = new Set(first)
  for (let dropped = true; dropped; ) {
    dropped = false
    for (const candidate of [...kept].sort((a, b) => weightOf(space, [b]) - weightOf(space, [a]) || b - a)) {
      if (!kept.has(candidate) || isSoleGiver(space, candidate, kept)) continue
      const order = arrange(space, kept.difference(new Set([candidate])))
      if (!order) continue
      kept = new Set(order)
      dropped = true
    }
  }
  return kept
}

/** Whether another of `set`, or the goal, needs what nothing else of `set` gives. */
function isSoleGiver(space: Space, candidate: number, set: ReadonlySet<number>): boolean {
  const inSet = (indices: readonly number[] | undefined) =>
    indices?.some(index => index !== candidate && set.has(index)) ?? false
  return (space.candidates[candidate]?.gives ?? []).some(
    atom =>
      (space.goals.includes(atom) || inSet(space.takers[atom])) &&
      !inSet(space.givers[atom]) &&
      !space.initial.includes(atom),
  )
}

/** Does without each member in turn, the others free, as long as that makes the plan cheaper. */
function improve(space: Space, start: ReadonlySet<number>, budget: MicroUsd): ReadonlySet<number> {
  let best = start
  let tries = mostImprovements
  for (let better = true; better; ) {
    better = false
    for (const member of best) {
      if (tries-- <= 0) return best
      const rest = best.difference(new Set([member]))
      const cost = (candidate: number) =>
        candidate === member ? Infinity : rest.has(candidate) ? 0 : weightOf(space, [candidate])
      const found = extract(space, reach(space, cost, added), space.goals)
      const set = found && prune(space, found.union(rest))
      if (!set || weightOf(space, set) >= weightOf(space, best) - rounding) continue
      if (sum(set, index => space.candidates[index]?.estimate.price ?? 0) > budget) continue
      best = set
      better = true
      break
    }
  }
  return best
}

/**
 * Every plan that contains `chosen` and nothing of `banned` must contain a candidate that gives what is lacking: that
 * is the choice at each node, and what an earlier branch has taken, later ones do without. The bound is the greatest
 * cost of any need, with `chosen` free.
 */
function branchAndBound(
  space: Space,
  start: ReadonlySet<number> | undefined,
  budget: MicroUsd,
): ReadonlySet<number> | undefined {
  let best = start
  let least = start ? weightOf(space, start) : Infinity
  let nodes = mostWork / space.candidates.length ** 2
  const visit = (chosen: ReadonlySet<number>, banned: ReadonlySet<number>): void => {
    if (nodes-- <= 0) return
    const weight = weightOf(space, chosen)
    if (weight >= least - rounding) return
    if (sum(chosen, index => space.candidates[index]?.estimate.price ?? 0) > budget) return
    const cost = (index: number) => (banned.has(index) ? Infinity : chosen.has(index) ? 0 : weightOf(space, [index]))
    const labels = reach(space, cost, greatest)
    const needs = [...space.goals, ...[...chosen].flatMap(index => space.candidates[index]?.needs ?? [])]
    if (weight + Math.max(0, ...needs.map(atom => labels.cost[atom] ?? Infinity)) >= least - rounding) return
    const { had } = fire(space, chosen)
    const lacking = [...new Set(needs)].filter(atom => !had(atom))
    if (lacking.length === 0) {
      if (arrange(space, chosen)) {
        best = prune(space, chosen) ?? chosen
        least = weightOf(space, best)
        return
      }
      nodes -= vainOrder
    }
    const without = new Set(banned)
    for (const option of options(space, labels, lacking, chosen, banned)) {
      visit(chosen.union(new Set([option])), new Set(without))
      without.add(option)
    }
  }
  visit(new Set(), new Set())
  return best
}

/** Candidates of which every plan with `chosen` and without `banned` has one, the most promising first. */
function options(
  space: Space,
  labels: Labels,
  lacking: readonly number[],
  chosen: ReadonlySet<number>,
  banned: ReadonlySet<number>,
): readonly number[] {
  const free = (indices: readonly number[]) => indices.filter(index => !chosen.has(index) && !banned.has(index))
  const reached = (index: number) =>
    weightOf(space, [index]) +
    Math.max(0, ...(space.candidates[index]?.needs ?? []).map(atom => labels.cost[atom] ?? Infinity))
  const lone = lacking
    .filter(atom => !(space.givers[atom] ?? []).some(index => chosen.has(index)))
    .map(atom => free(space.givers[atom] ?? []))
    .sort((a, b) => a.length - b.length)[0]
  // Without a lone atom the lacking ones wait for each other: another giver of some of them must break the circle. When
  // nothing is lacking, the order is at fault, and any other candidate may mend it.
  const open =
    lone ??
    (lacking.length > 0
      ? [...new Set(lacking.flatMap(atom => free(space.givers[atom] ?? [])))]
      : free(space.candidates.map(candidate => candidate.index)))
  return [...open].sort((a, b) => reached(a) - reached(b) || a - b)
}
