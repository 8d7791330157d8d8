/** A first plan of a net, at once: what labels lead to, with nothing in it that can be dropped. */
import { createHeap } from '../heap.ts'
import { createFiring, fireAll } from './firing.ts'
import { type Net, weightOf } from './net.ts'

/** A plan of `net`, the lighter of what is had cheapest and what is had earliest; undefined when there is none. */
export function firstPlan(net: Net): readonly number[] | undefined {
  const weight = (move: number) => net.moves[move]?.weight ?? 0
  const time = (move: number) => net.moves[move]?.time ?? 0
  const [first, ...rest] = [
    follow(net, weight, (a, b) => a + b),
    ...(net.limit < Infinity ? [follow(net, time, Math.max)] : []),
  ].flatMap(plan => (plan && isTimely(net, plan) ? [dropNeedless(net, plan)] : []))
  return first && rest.reduce((best, plan) => (weightOf(net, plan) < weightOf(net, best) ? plan : best), first)
}

function isTimely(net: Net, plan: readonly number[]): boolean {
  return net.limit === Infinity || fireAll(net, plan).done()
}

/**
 * The moves by which the goals are had at the least cost, the costs of several needs combined (Knuth, 1977); undefined
 * when a goal cannot be had.
 */
function follow(
  { moves, goals, takers }: Net,
  costOf: (move: number) => number,
  combine: (a: number, b: number) => number,
): readonly number[] | undefined {
  const by = new Int32Array(takers.length).fill(-1)
  const lacks = moves.map(move => move.needs.length)
  const sum = moves.map(() => 0)
  const heap = createHeap()
  moves.forEach((move, at) => {
    if (move.needs.length === 0) heap.push(at, costOf(at))
  })
  for (let next = heap.pop(); next; next = heap.pop()) {
    for (const atom of moves[next.item]?.gives ?? []) {
      if (by[atom] !== -1) continue
      by[atom] = next.item
      for (const taker of takers[atom] ?? []) {
        sum[taker] = combine(sum[taker] ?? 0, next.cost)
        lacks[taker] = (lacks[taker] ?? 0) - 1
        if (lacks[taker] === 0) heap.push(taker, costOf(taker) + (sum[taker] ?? 0))
      }
    }
  }
  if (goals.some(goal => by[goal] === -1)) return undefined
  const chosen = new Set<number>()
  const queue = [...goals]
  for (let atom = queue.pop(); atom !== undefined; atom = queue.pop()) {
    const move = by[atom] ?? -1
    if (move < 0 || chosen.has(move)) continue
    chosen.add(move)
    for (const need of moves[move]?.needs ?? []) queue.push(need)
  }
  return [...chosen]
}

/**
 * Drops what can be dropped of `plan`, the heaviest first: halves are tried with each other's needed part (Junker,
 * 2004), so that little is asked where little can go.
 */
export function dropNeedless(net: Net, plan: readonly number[]): readonly number[] {
  const weight = (move: number) => net.moves[move]?.weight ?? 0
  const firing = createFiring(net)
  const sure = findSure(net, plan)
  for (const move of sure) firing.allow(move)
  const needed = (moves: readonly number[]): readonly number[] => {
    if (firing.done() || moves.length === 0) return []
    if (moves.length === 1) return moves
    const [light, heavy] = [moves.slice(0, moves.length >> 1), moves.slice(moves.length >> 1)]
    const mark = firing.mark()
    for (const move of light) firing.allow(move)
    const ofHeavy = needed(heavy)
    firing.undo(mark)
    for (const move of ofHeavy) firing.allow(move)
    const ofLight = needed(light)
    firing.undo(mark)
    return [...ofLight, ...ofHeavy]
  }
  const unsure = plan.filter(move => !sure.has(move)).sort((a, b) => weight(a) - weight(b) || a - b)
  return [...sure, ...needed(unsure)]
}

/** Moves of `plan` that alone give what is then needed for sure. */
function findSure({ moves, goals, givers }: Net, plan: readonly number[]): ReadonlySet<number> {
  const members = new Uint8Array(moves.length)
  for (const move of plan) members[move] = 1
  const sure = new Set<number>()
  const asked = new Uint8Array(givers.length)
  const queue = [...goals]
  for (let atom = queue.pop(); atom !== undefined; atom = queue.pop()) {
    if (asked[atom]) continue
    asked[atom] = 1
    const [only, second] = (givers[atom] ?? []).filter(move => members[move] === 1)
    if (only === undefined || second !== undefined || sure.has(only)) continue
    sure.add(only)
    for (const need of moves[only]?.needs ?? []) queue.push(need)
  }
  return sure
}
