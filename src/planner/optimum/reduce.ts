/**
 * A smaller net with the same least weight (Imai & Fukunaga, 2015). Every reduction keeps a best plan:
 * 1. a move that cannot run, or not in time, or that leads to no goal, is dropped;
 * 2. a move never gives first what it must have had before, and it need not ask for what its other needs imply;
 * 3. of two moves the one that asks for no more than is had when the other runs, gives no less, weighs no more and
 *    takes no longer, is enough.
 */
import { createHeap } from '../heap.ts'
import { createFiring } from './firing.ts'
import { findLandmarks, type Landmarks } from './landmarks.ts'
import { layNet, type Move, type Net } from './net.ts'

// Each round can make room for another; later ones find little.
const mostRounds = 5
// Sums of times in different orders differ by less.
const rounding = 1e-6

/**
 * Reduces the net of `moves`; undefined when the goals cannot be had within `limit`. `goOn` is asked once a round: false
 * leaves it as it then is.
 */
export function reduce(
  moves: readonly Move[],
  goals: readonly number[],
  limit: number,
  goOn: () => boolean,
): Net | undefined {
  let net = trim(moves, goals, limit)
  for (let round = 0; net && round < mostRounds && goOn(); round++) {
    const before = size(net)
    net = dropDominated(net)
    if (size(net) === before) break
    net = trim(net.moves, net.goals, limit)
  }
  return net
}

function size(net: Net): number {
  return net.moves.reduce((sum, { needs, gives }) => sum + 1 + needs.length + gives.length, 0)
}

/** Drops what cannot run in time and what leads nowhere. */
export function trim(moves: readonly Move[], goals: readonly number[], limit: number): Net | undefined {
  const all = layNet(moves, goals, limit)
  const firing = createFiring(all)
  all.moves.forEach((_, at) => {
    firing.allow(at)
  })
  if (!firing.done()) return undefined
  const start = all.moves.map(({ needs }) => needs.reduce((last, atom) => Math.max(last, firing.at(atom)), 0))
  const tails = tailsOf(all)
  let changed = false
  const kept = all.moves.flatMap((move, at) => {
    const ends = (start[at] ?? Infinity) + move.time
    const gives = move.gives.filter(atom => ends + (tails[atom] ?? Infinity) < limit + rounding)
    const dropped = gives.length === 0
    if (!dropped && gives.length === move.gives.length) return [move]
    changed = true
    return dropped ? [] : [{ ...move, gives }]
  })
  return changed ? layNet(kept, all.goals, limit) : all
}

/**
 * Drops what is in no plan lighter than `most`, where all plans share a weight that is not counted in `residual`, the
 * rest of each move's weight: every way through a move adds that up. Undefined when nothing is left.
 */
export function squeeze(net: Net, residual: (move: number) => number, most: number): Net | undefined {
  const times = new Map(net.moves.map(move => [move.candidate, move.time]))
  const priced = net.moves.map((move, at) => ({ ...move, time: residual(at) }))
  const cheap = trim(priced, net.goals, most - 2 * rounding)
  if (!cheap) return undefined
  const moves = cheap.moves.map(move => ({ ...move, time: times.get(move.candidate) ?? 0 }))
  return net.limit === Infinity ? { ...cheap, moves, limit: Infinity } : trim(moves, cheap.goals, net.limit)
}

/** What is at least added behind each atom on the way to a goal; infinite: none leads there. */
function tailsOf({ moves, goals, givers }: Net): Float64Array {
  const tails = new Float64Array(givers.length).fill(Infinity)
  const heap = createHeap()
  const reach = (atom: number, tail: number) => {
    if (tail >= (tails[atom] ?? 0)) return
    tails[atom] = tail
    heap.push(atom, tail)
  }
  for (const goal of goals) reach(goal, 0)
  for (let next = heap.pop(); next; next = heap.pop()) {
    if (next.cost > (tails[next.item] ?? 0)) continue
    for (const giver of givers[next.item] ?? []) {
      const move = moves[giver]
      for (const need of move?.needs ?? []) reach(need, next.cost + (move?.time ?? 0))
    }
  }
  return tails
}

function dropDominated(net: Net): Net {
  const landmarks = findLandmarks(net)
  const stripped = net.moves.map((move, at) => ({
    ...move,
    needs: move.needs.filter(atom => !move.needs.some(other => other !== atom && landmarks.of(other, atom))),
    gives: move.gives.filter(atom => !landmarks.before(at, atom)),
  }))
  const forced = forcedMoves(net, landmarks)
  const alive = stripped.map(move => move.gives.length > 0)
  const dominates = (one: number, other: number) => {
    const [better, worse] = [stripped[one], stripped[other]]
    return (
      one !== other &&
      alive[one] === true &&
      better !== undefined &&
      worse !== undefined &&
      (better.weight <= worse.weight || forced.has(one)) &&
      better.time <= worse.time &&
      worse.gives.every(atom => better.gives.includes(atom)) &&
      better.needs.every(atom => landmarks.before(other, atom))
    )
  }
  stripped.forEach((move, at) => {
    if (!alive[at]) return
    const [rarest] = move.gives.toSorted((a, b) => (net.givers[a]?.length ?? 0) - (net.givers[b]?.length ?? 0))
    alive[at] = !(net.givers[rarest ?? -1] ?? []).some(other => dominates(other, at))
  })
  return layNet(
    stripped.filter((_, at) => alive[at]),
    net.goals,
    net.limit,
  )
}

/** Moves that every plan has: the only giver of what is had on every way to a goal. */
function forcedMoves({ goals, givers }: Net, landmarks: Landmarks): ReadonlySet<number> {
  const sole = givers.flatMap((known, atom) => {
    const [only, second] = known
    const forced = second === undefined && goals.some(goal => landmarks.of(goal, atom))
    return forced && only !== undefined ? [only] : []
  })
  return new Set(sole)
}
