/** The best set of candidates for an objective, and what bounds every other. */
import type { MicroUsd } from '../core/index.ts'
import { arrange } from './arrange.ts'
import { type Changing, findChanging, isChanging } from './changing.ts'
import { findCheapest } from './cheapest.ts'
import { type Course, rounding, setCourse, timeOf, weigh } from './course.ts'
import { earliestGoals } from './optimum/earliest.ts'
import { findOptimum, type Optimum } from './optimum/optimum.ts'
import type { Objective } from './objective.ts'
import type { Problem } from './problem.ts'
import type { Candidate } from './candidate.ts'
import type { Space } from './space.ts'
import { layTime, type Slot } from './timeline.ts'

/** The candidates of a plan in their time. */
export interface Best {
  readonly slots: readonly Slot[]
  /** No plan has a better value than this. */
  readonly bound: number
}

// Questions whether to go on, over the candidates: at most some hundred milliseconds for some hundred of them.
const mostWork = 1_000_000
// How much of the patience goes to short plans when any will do.
const shareForShort = 0.25

/**
 * The best plan for `objective` that was found; undefined when there is none. The optimum is sought with removed facts
 * and the budget left aside, which bounds every plan; when it breaks one of them, the cheapest that does not is taken.
 */
export function findBest(space: Space, problem: Problem, objective: Objective): Best | undefined {
  const course = setCourse(space, objective)
  const optimum = course && follow(course, space, problem)
  if (!course || !optimum) return undefined
  const weighed = () => ({
    ...space,
    candidates: space.candidates.map(candidate => ({ ...candidate, weight: weigh(candidate, objective) })),
  })
  const bound = course.best ?? optimum.lowerBound
  const isAffordable = priceOf(space, optimum.candidates) <= (problem.budget ?? Infinity)
  const lightest = isAffordable ? runOrder(space, optimum.candidates) : undefined
  const changing = lightest ? undefined : findAffordable(space, problem, objective)
  if (changing) {
    const isBest = changing.optimal && course.best === undefined
    return { slots: changing.slots, bound: isBest ? changing.weight : bound }
  }
  const order = lightest ?? findCheapest(weighed(), problem.budget)
  return order && { slots: layTime(space, order, candidate => timeOf(candidate, objective)), bound }
}

/** An order in which `candidates`, a plan where facts are never removed, run; undefined when removed facts allow none. */
function runOrder(space: Space, candidates: readonly number[]): readonly number[] | undefined {
  return isChanging(space) ? arrange(space, candidates) : candidates
}

/** A plan where steps remove facts, the lightest or else the cheapest; undefined where none is found or none removes any. */
function findAffordable(space: Space, { budget = Infinity }: Problem, objective: Objective): Changing | undefined {
  if (!isChanging(space)) return undefined
  const priced = ({ estimate }: Candidate) => estimate.price
  for (const weightOf of [(candidate: Candidate) => weigh(candidate, objective), priced]) {
    const changing = findChanging(space, weightOf)
    if (!changing) return undefined
    if (changing.slots.reduce((sum, { candidate }) => sum + candidate.estimate.price, 0) <= budget) return changing
  }
  return undefined
}

/** The lightest plan on `course`. Without a limit, short plans are looked at first: they are few, and light ones are among them. */
function follow(course: Course, space: Space, problem: Problem): Optimum | undefined {
  const { moves, goals, limit } = course
  const goOn = patienceOf(space, problem)
  const shortest = limit === Infinity && goOn() ? earliestGoals(moves, goals) : undefined
  if (shortest === undefined) return findOptimum(moves, goals, limit, goOn)
  const short = findOptimum(moves, goals, shortest + rounding, patienceOf(space, problem, shareForShort))
  return findOptimum(moves, goals, limit, goOn, short)
}

/** What `candidates` are expected to cost together. */
export function priceOf(space: Space, candidates: readonly number[]): MicroUsd {
  return candidates.reduce((sum, index) => sum + (space.candidates[index]?.estimate.price ?? 0), 0)
}

/** Says whether to go on, each time it is asked, for this share of the problem's patience. */
export function patienceOf({ candidates }: Space, { patience }: Problem, share = 1): () => boolean {
  if (patience) {
    const end = patience.clock.now() + patience.ms * share
    return () => patience.clock.now() < end
  }
  let left = (mostWork * share) / Math.max(1, candidates.length)
  return () => left-- > 0
}
