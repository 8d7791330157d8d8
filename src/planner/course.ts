/** What an objective makes of a space: which candidates may be used, how they count, and within which limit. */
import { earliestGoals } from './optimum/earliest.ts'
import type { Move } from './optimum/net.ts'
import type { Objective } from './objective.ts'
import type { Candidate } from './candidate.ts'
import type { Space } from './space.ts'

/** Moves of which the lightest plan within the limit is the best plan. */
export interface Course {
  readonly moves: readonly Move[]
  readonly goals: readonly number[]
  readonly limit: number
  /** The best value that any plan has, where it is known at once; else the least weight bounds it. */
  readonly best: number | undefined
}

/** Sums of times in different orders differ by less. */
export const rounding = 1e-6

/** The course to `objective`; undefined when the goals cannot be had, facts that are removed left aside. */
export function setCourse(space: Space, objective: Objective): Course | undefined {
  const { moves: all, goals } = allMoves(space, objective)
  const throughput = (move: Move) => throughputOf(space, move)
  const widest = objective.best === 'throughput' ? mostThroughput(all, goals, throughput) : undefined
  const moves = widest === undefined ? all : all.filter(move => throughput(move) >= widest)
  const chained = objective.best === 'path' || objective.best === 'response-time'
  if (!chained && !('within' in objective)) return { moves, goals, limit: Infinity, best: widest }
  const shortest = earliestGoals(moves, goals)
  if (shortest === undefined) return undefined
  return { moves, goals, limit: shortest + rounding, best: chained ? shortest : widest }
}

/** Every candidate as a move, and the goals, without what is given. */
export function allMoves(space: Space, objective: Objective): Pick<Course, 'moves' | 'goals'> {
  const given = new Uint8Array(space.atoms.length)
  for (const atom of space.initial) given[atom] = 1
  const open = (atoms: readonly number[]) => atoms.filter(atom => given[atom] === 0)
  const moves = space.candidates.map(candidate => ({
    candidate: candidate.index,
    needs: open(candidate.needs),
    gives: open(candidate.gives),
    weight: weigh(candidate, objective),
    time: timeOf(candidate, objective),
  }))
  return { moves, goals: open(space.goals) }
}

/** Calls a minute that a move can take. */
export function throughputOf(space: Space, { candidate }: Move): number {
  return space.candidates[candidate]?.estimate.throughput ?? Infinity
}

/** What a candidate adds along a chain: a step, or its time. */
export function timeOf({ estimate, capability }: Candidate, { best }: Objective): number {
  if (capability === undefined) return 0
  return best === 'response-time' ? estimate.time : 1
}

/** What a candidate adds to the weight of a plan. */
export function weigh({ weight }: Candidate, { best }: Objective): number {
  return best === 'weight' ? weight : Math.min(1, weight)
}

/** The most that every move of some plan can take; undefined when there is no plan. */
function mostThroughput(
  moves: readonly Move[],
  goals: readonly number[],
  throughput: (move: Move) => number,
): number | undefined {
  const levels = [...new Set(moves.map(throughput))].sort((a, b) => b - a)
  let [low, high] = [0, levels.length]
  while (low < high) {
    const middle = (low + high) >> 1
    const wide = moves.filter(move => throughput(move) >= (levels[middle] ?? 0))
    if (earliestGoals(wide, goals) === undefined) low = middle + 1
    else high = middle
  }
  return levels[low] ?? (goals.length === 0 ? Infinity : undefined)
}
