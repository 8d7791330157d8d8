/**
 * Landmarks: atoms that every way to an atom passes (Keyder, Richter & Helmert, 2010), as sets of bits. Every atom of
 * the net can be had.
 */
import type { Net } from './net.ts'

/** Sets of atoms, by their owner. */
export interface Landmarks {
  /** Whether `atom` is had before `move` can run, whatever else is done. */
  before(move: number, atom: number): boolean
  /** Whether `landmark` is had whenever `atom` is. */
  of(atom: number, landmark: number): boolean
}

/** The landmarks of every atom and every move: the greatest fixed point, with whatever is in limits left aside. */
export function findLandmarks({ moves, givers, takers }: Net): Landmarks {
  const words = Math.ceil(givers.length / 32)
  const ofAtom: (Uint32Array | undefined)[] = givers.map(() => undefined)
  const ofMove: (Uint32Array | undefined)[] = moves.map(() => undefined)
  const lacks = moves.map(move => move.needs.length)
  const queued = new Uint8Array(moves.length)
  const queue: number[] = []
  const enqueue = (move: number) => {
    if (queued[move]) return
    queued[move] = 1
    queue.push(move)
  }
  moves.forEach((move, at) => {
    if (move.needs.length === 0) enqueue(at)
  })
  for (let next = 0; next < queue.length; next++) {
    const move = queue[next] ?? 0
    queued[move] = 0
    const known = moves[move]
    const union = new Uint32Array(words)
    for (const atom of known?.needs ?? []) join(union, ofAtom[atom])
    ofMove[move] = union
    for (const atom of known?.gives ?? []) {
      const marks = ofAtom[atom]
      const shrunk = marks ? intersect(marks, union, atom) : true
      if (!marks) {
        const first = union.slice()
        first[atom >> 5] = (first[atom >> 5] ?? 0) | (1 << (atom & 31))
        ofAtom[atom] = first
      }
      if (!shrunk) continue
      for (const taker of takers[atom] ?? []) {
        if (!marks) lacks[taker] = (lacks[taker] ?? 0) - 1
        if (lacks[taker] === 0) enqueue(taker)
      }
    }
  }
  const has = (marks: Uint32Array | undefined, atom: number) => (((marks?.[atom >> 5] ?? 0) >>> (atom & 31)) & 1) === 1
  return {
    before: (move, atom) => has(ofMove[move], atom),
    of: (atom, landmark) => has(ofAtom[atom], landmark),
  }
}

function join(into: Uint32Array, more: Uint32Array | undefined): void {
  if (more) for (let at = 0; at < into.length; at++) into[at] = (into[at] ?? 0) | (more[at] ?? 0)
}

/** Keeps in `marks` what `other` has too, and `own`; says whether anything went. */
function intersect(marks: Uint32Array, other: Uint32Array, own: number): boolean {
  let changed = false
  for (let at = 0; at < marks.length; at++) {
    const before = marks[at] ?? 0
    const kept = (before & ((other[at] ?? 0) | (at === own >> 5 ? 1 << (own & 31) : 0))) >>> 0
    if (kept === before) continue
    marks[at] = kept
    changed = true
  }
  return changed
}
