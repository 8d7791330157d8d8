/** When each step of a plan would start and end: an input takes nothing that is made later than the step could start. */
import { createHeap } from './heap.ts'
import type { Candidate } from './candidate.ts'
import type { Space } from './space.ts'

/** A step in its time. */
export interface Slot {
  readonly candidate: Candidate
  readonly start: number
  readonly end: number
}

/**
 * `order`, in which the candidates run, as early as each can be. Where facts are removed the order itself is kept, one
 * after the other.
 */
export function layTime(
  space: Space,
  order: readonly number[],
  timeOf: (candidate: Candidate) => number,
): readonly Slot[] {
  const candidates = order.flatMap(index => space.candidates[index] ?? [])
  if (candidates.some(({ removes }) => removes.length > 0))
    return candidates.map((candidate, at) => ({ candidate, start: at, end: at }))
  const had = new Uint8Array(space.atoms.length)
  for (const atom of space.initial) had[atom] = 1
  const lacks = new Int32Array(space.candidates.length)
  const heap = createHeap()
  const starts = new Map<number, number>()
  const ready = (candidate: Candidate, start: number) => {
    starts.set(candidate.index, start)
    heap.push(candidate.index, start + timeOf(candidate))
  }
  for (const candidate of candidates) {
    let open = 0
    for (const atom of candidate.needs) if (!had[atom]) open++
    lacks[candidate.index] = open
    if (open === 0) ready(candidate, 0)
  }
  const slots: Slot[] = []
  for (let next = heap.pop(); next; next = heap.pop()) {
    const candidate = space.candidates[next.item]
    if (!candidate) continue
    slots.push({ candidate, start: starts.get(next.item) ?? 0, end: next.cost })
    for (const atom of candidate.gives) {
      if (had[atom]) continue
      had[atom] = 1
      for (const taker of space.takers[atom] ?? []) {
        const left = (lacks[taker] ?? 0) - 1
        lacks[taker] = left
        const waiting = left === 0 ? space.candidates[taker] : undefined
        if (waiting) ready(waiting, next.cost)
      }
    }
  }
  // By start, since what is bound first must not see what is made meanwhile; the sort is stable.
  return slots.sort((a, b) => a.start - b.start)
}
