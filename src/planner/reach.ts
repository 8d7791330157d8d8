/**
 * Forward reach: what having each atom costs, from what is given. Generalised Dijkstra (Knuth, 1977) over candidates.
 */
import { createHeap } from './heap.ts'
import type { Space } from './space.ts'

/**
 * The cost of each atom (infinite: out of reach), and the candidate that gives it at that cost (-1: given, or none).
 */
export interface Labels {
  readonly cost: readonly number[]
  readonly by: readonly number[]
}

/** How the costs of several needs become one: added they guide well, their maximum is never more than the truth. */
export type Combine = (a: number, b: number) => number

export const added: Combine = (a, b) => a + b
export const greatest: Combine = (a, b) => Math.max(a, b)

/** Labels every atom. `costOf` says what a candidate costs here; an infinite cost forbids it. */
export function reach(space: Space, costOf: (candidate: number) => number, combine: Combine): Labels {
  const cost = space.atoms.map(() => Infinity)
  const by = space.atoms.map(() => -1)
  const lacks = space.candidates.map(candidate => candidate.needs.length)
  const sum = space.candidates.map(() => 0)
  const heap = createHeap()
  const ready = (candidate: number) => {
    const total = costOf(candidate) + (sum[candidate] ?? 0)
    if (total < Infinity) heap.push(candidate, total)
  }
  const settle = (atom: number, at: number, candidate: number) => {
    if ((cost[atom] ?? 0) < Infinity) return
    cost[atom] = at
    by[atom] = candidate
    for (const taker of space.takers[atom] ?? []) {
      sum[taker] = combine(sum[taker] ?? 0, at)
      const left = (lacks[taker] ?? 0) - 1
      lacks[taker] = left
      if (left === 0) ready(taker)
    }
  }
  for (const atom of space.initial) settle(atom, 0, -1)
  for (const candidate of space.candidates) if (candidate.needs.length === 0) ready(candidate.index)
  for (let next = heap.pop(); next; next = heap.pop())
    for (const atom of space.candidates[next.item]?.gives ?? []) settle(atom, next.cost, next.item)
  return { cost, by }
}

/** The candidates by which `atoms` are had at the labelled cost; undefined when one is out of reach. */
export function extract(space: Space, labels: Labels, atoms: readonly number[]): ReadonlySet<number> | undefined {
  const chosen = new Set<number>()
  const seen = new Set<number>()
  const queue = [...atoms]
  for (let atom = queue.pop(); atom !== undefined; atom = queue.pop()) {
    if (seen.has(atom)) continue
    seen.add(atom)
    if ((labels.cost[atom] ?? Infinity) === Infinity) return undefined
    const candidate = space.candidates[labels.by[atom] ?? -1]
    if (!candidate || chosen.has(candidate.index)) continue
    chosen.add(candidate.index)
    queue.push(...candidate.needs)
  }
  return chosen
}
