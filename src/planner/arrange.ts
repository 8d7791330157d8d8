/** Whether a set of candidates makes a plan, and in which order it runs. */
import type { Candidate } from './candidate.ts'
import type { Space } from './space.ts'

// States that are looked at where steps remove facts; up to nine such steps are tried in every order that matters.
const mostStates = 1_000

/** What of `chosen` can run when facts are never removed, in waves, and whether each atom is had then. */
export function fire(
  space: Space,
  chosen: Iterable<number>,
): { readonly order: readonly number[]; readonly had: (atom: number) => boolean } {
  const had = new Uint8Array(space.atoms.length)
  for (const atom of space.initial) had[atom] = 1
  // How many needs each one of `chosen` still lacks; below zero what is not one of them.
  const lacks = new Int32Array(space.candidates.length).fill(-1)
  const order: number[] = []
  let wave: number[] = []
  for (const index of chosen) {
    let open = 0
    for (const atom of space.candidates[index]?.needs ?? []) if (!had[atom]) open++
    lacks[index] = open
    if (open === 0) wave.push(index)
  }
  while (wave.length > 0) {
    const next: number[] = []
    for (const index of wave.sort((a, b) => a - b)) {
      order.push(index)
      for (const atom of space.candidates[index]?.gives ?? []) {
        if (had[atom]) continue
        had[atom] = 1
        for (const taker of space.takers[atom] ?? []) {
          const left = (lacks[taker] ?? 0) - 1
          lacks[taker] = left
          if (left === 0) next.push(taker)
        }
      }
    }
    wave = next
  }
  return { order, had: atom => had[atom] === 1 }
}

/**
 * An order in which what can run of `chosen` does run and brings about every goal, as far in waves as removed facts
 * allow; undefined when there is none.
 */
export function arrange(space: Space, chosen: Iterable<number>): readonly number[] | undefined {
  const { order, had } = fire(space, chosen)
  if (!space.goals.every(had)) return undefined
  const fired = order.flatMap(index => space.candidates[index] ?? [])
  return fired.some(({ removes }) => removes.length > 0) ? arrangeRemoving(space, fired) : order
}

function arrangeRemoving(space: Space, fired: readonly Candidate[]): readonly number[] | undefined {
  const seen = new Set<string>()
  const removable = [...new Set(fired.flatMap(({ removes }) => removes))]
  const visit = (waiting: readonly Candidate[], had: ReadonlySet<number>): readonly number[] | undefined => {
    if (waiting.length === 0) return space.goals.every(goal => had.has(goal)) ? [] : undefined
    const state = [...waiting.map(({ index }) => index), '|', ...removable.filter(atom => had.has(atom))].join(' ')
    if (seen.has(state) || seen.size >= mostStates) return undefined
    seen.add(state)
    for (const next of waiting) {
      if (!next.needs.every(atom => had.has(atom))) continue
      const after = had.difference(new Set(next.removes)).union(new Set(next.gives))
      const rest = visit(
        waiting.filter(other => other !== next),
        after,
      )
      if (rest) return [next.index, ...rest]
    }
    return undefined
  }
  return visit(fired, new Set(space.initial))
}
