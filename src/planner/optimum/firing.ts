/** What can be had, and when, as moves are allowed one by one; the last ones can be taken back. */
import type { Net } from './net.ts'

export interface Firing {
  allow(move: number): void
  /** Allows `move`, unless every goal would then be had within the limit; says whether it did. */
  allowShort(move: number): boolean
  /** Whether every goal is had within the limit. */
  done(): boolean
  /** When `atom` is had; infinite when it is not, or not within the limit. */
  at(atom: number): number
  /** A place to go back to. */
  mark(): number
  /** Forgets everything that was allowed after `mark`. */
  undo(mark: number): void
}

/** Nothing allowed yet. */
export function createFiring({ moves, goals, takers, limit }: Net): Firing {
  const had = new Float64Array(takers.length).fill(Infinity)
  const lacks = Int32Array.from(moves, move => move.needs.length)
  const allowed = new Uint8Array(moves.length)
  // What was changed: atoms and, below zero, moves that were allowed; with the times of the atoms before.
  const changed: number[] = []
  const times: number[] = []
  const limited = limit < Infinity
  let open = goals.length
  const isGoal = new Uint8Array(takers.length)
  for (const goal of goals) isGoal[goal] = 1

  const fire = (first: number, short: boolean) => {
    const queue = [first]
    // First in, first out: what is early settles before what is late.
    for (let next = 0; next < queue.length; next++) {
      if (short && open === 0) return
      const move = queue[next] ?? 0
      const known = moves[move]
      if (!known || (lacks[move] ?? 0) > 0) continue
      let end = 0
      for (const atom of known.needs) end = Math.max(end, had[atom] ?? Infinity)
      if (limited) end += known.time
      if (end > limit) continue
      for (const atom of known.gives) {
        const before = had[atom] ?? 0
        if (end >= before) continue
        changed.push(atom)
        times.push(before)
        had[atom] = end
        if (before === Infinity) open -= isGoal[atom] ?? 0
        for (const taker of takers[atom] ?? []) {
          if (before === Infinity) lacks[taker] = (lacks[taker] ?? 0) - 1
          if (allowed[taker]) queue.push(taker)
        }
      }
    }
  }

  const allow = (move: number, short: boolean) => {
    if (allowed[move]) return
    allowed[move] = 1
    changed.push(-1 - move)
    times.push(0)
    fire(move, short)
  }
  const undo = (mark: number) => {
    while (changed.length > mark) {
      const atom = changed.pop() ?? 0
      const before = times.pop() ?? 0
      if (atom < 0) {
        allowed[-1 - atom] = 0
        continue
      }
      had[atom] = before
      if (before < Infinity) continue
      open += isGoal[atom] ?? 0
      for (const taker of takers[atom] ?? []) lacks[taker] = (lacks[taker] ?? 0) + 1
    }
  }
  return {
    allow: move => {
      allow(move, false)
    },
    allowShort(move) {
      const mark = changed.length
      allow(move, true)
      if (open > 0) return true
      undo(mark)
      return false
    },
    done: () => open === 0,
    at: atom => had[atom] ?? Infinity,
    mark: () => changed.length,
    undo,
  }
}

/** A firing with all of `allowed`. */
export function fireAll(net: Net, allowed: Iterable<number>): Firing {
  const firing = createFiring(net)
  for (const move of allowed) firing.allow(move)
  return firing
}
