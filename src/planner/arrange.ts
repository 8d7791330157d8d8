/** Whether a set of candidates makes a plan, and in which order it runs. */
import type { Candidate } from './candidate.ts'
import type { Space } from './space.ts'

// States that are looked at where steps remove facts; up to nine such steps are tried in every order that matters.
const mostStates = 1_000

/** What of `chosen` can run when facts are never removed, in waves, and everything that is had then. */
export function fire(
  space: Space,
  chosen: Iterable<number>,
): { readonly order: readonly number[]; readonly had: ReadonlySet<number> } {
  const had = new Set(space.initial)
  const order: number[] = []
  let waiting = candidatesOf(space, chosen)
  for (;;) {
    const wave: Candidate[] = []
    const rest: Candidate[] = []
    for (const candidate of waiting) (candidate.needs.every(atom => had.has(atom)) ? wave : rest).push(candidate)
    if (wave.length === 0) return { order, had }
    for (const { index, gives } of wave) {
      order.push(index)
      for (const atom of gives) had.add(atom)
    }
    waiting = rest
  }
}

/**
 * An order in which what can run of `chosen` does run and brings about every goal, as far in waves as removed facts
 * allow; undefined when there is none.
 */
export function arrange(space: Space, chosen: Iterable<number>): readonly number[] | undefined {
  const { order, had } = fire(space, chosen)
  if (!space.goals.every(goal => had.has(goal))) return undefined
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

function candidatesOf(space: Space, chosen: Iterable<number>): readonly Candidate[] {
  return [...chosen].sort((a, b) => a - b).flatMap(index => space.candidates[index] ?? [])
}
