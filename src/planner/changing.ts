/**
 * Plans where steps remove facts that others require: the candidates are actions of a world, and one may stand in a plan
 * as often as facts demand. What makes data of which facts speak stands there once, for facts tell its data apart.
 */
import type { Candidate } from './candidate.ts'
import type { Space } from './space.ts'
import type { Slot } from './timeline.ts'
import { createTask, solve } from './world/index.ts'

/** The candidates of a plan in an order in which they run. */
export interface Changing {
  readonly slots: readonly Slot[]
  /** What they weigh together, and whether it is proved that no plan weighs less. */
  readonly weight: number
  readonly optimal: boolean
}

// Some hundred milliseconds at most.
const work = 8_000_000
// Actions of a world weigh whole numbers from 1; what is finer than this is not told apart.
const parts = 1_000

/** Whether any candidate removes what another needs, or the goal. */
export function isChanging({ candidates }: Space): boolean {
  return candidates.some(({ removes }) => removes.length > 0)
}

/** The lightest plan found; undefined when there is none, or none was found. */
export function findChanging(space: Space, weightOf: (candidate: Candidate) => number): Changing | undefined {
  const { atoms, candidates, initial, goals } = space
  const unused = new Map(
    candidates.filter(({ singular }) => singular).map(({ index }, at) => [index, atoms.length + at] as const),
  )
  const actions = candidates.map(candidate => {
    const { index, needs, gives, removes } = candidate
    const once = unused.has(index) ? [unused.get(index) ?? 0] : []
    return {
      name: `${index}`,
      needs: [...new Set(needs), ...once],
      adds: [...new Set(gives)].filter(atom => !needs.includes(atom)),
      removes: [...removes, ...once],
      weight: Math.max(1, Math.round(parts * weightOf(candidate))),
    }
  })
  const task = createTask({
    facts: [...atoms, ...[...unused.keys()].map(index => `unused ${index}`)],
    actions,
    initial: [...initial, ...unused.values()],
    goal: goals,
    hopeless: [],
  })
  const solution = solve(task, { work })
  if (solution.kind !== 'solved') return undefined
  const chosen = solution.plan.flatMap(name => candidates[Number(name)] ?? [])
  return {
    slots: apart(chosen, candidates.length).map((candidate, at) => ({ candidate, start: at, end: at })),
    weight: chosen.reduce((sum, candidate) => sum + weightOf(candidate), 0),
    optimal: solution.optimal,
  }
}

/** Gives whatever comes once more an index of its own, from `next` on, since every step of a plan is another. */
function apart(chosen: readonly Candidate[], next: number): readonly Candidate[] {
  const seen = new Set<number>()
  return chosen.map((candidate, at) => {
    if (seen.has(candidate.index)) return { ...candidate, index: next + at }
    seen.add(candidate.index)
    return candidate
  })
}
