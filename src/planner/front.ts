/** The plans between which response time, throughput and size leave a choice. */
import { arrange } from './arrange.ts'
import { patienceOf, priceOf } from './best.ts'
import { allMoves, rounding, throughputOf, timeOf } from './course.ts'
import { earliestGoals } from './optimum/earliest.ts'
import type { Move } from './optimum/net.ts'
import { findOptimum, isProved } from './optimum/optimum.ts'
import type { Plan } from './plan.ts'
import type { Problem } from './problem.ts'
import { findRelevance } from './relevance.ts'
import { layOut } from './space.ts'
import { layTime } from './timeline.ts'
import { wire } from './wire.ts'

/** A plan to which no other is better in one respect and no worse in the others. */
export interface Choice {
  readonly plan: Plan
  /** Milliseconds along the slowest chain of steps. */
  readonly responseTime: number
  /** Calls a minute that the narrowest step can take. */
  readonly throughput: number
  /** The number of steps. */
  readonly size: number
}

/** All choices, or those found when patience ended; the fastest first. */
export interface Front {
  readonly choices: readonly Choice[]
  readonly complete: boolean
}

interface Point extends Omit<Choice, 'plan'> {
  readonly candidates: readonly number[]
}

const byTime = { best: 'response-time' } as const

/**
 * The front of `problem`; no choice when it has no plan. Plans that would remove a required fact or cost more than the
 * budget are left out, and the front is then not complete.
 */
export function findFront(problem: Problem): Front {
  const space = layOut(problem, findRelevance(problem))
  const { moves, goals } = allMoves(space, byTime)
  const throughput = (move: Move) => throughputOf(space, move)
  const goOn = patienceOf(space, problem)
  const solved = new Map<number, Point>()
  const points: Point[] = []
  let complete = true
  const smallest = (wide: readonly Move[], limit: number): Point | undefined => {
    const found = findOptimum(wide, goals, limit, goOn)
    if (!found) return undefined
    complete &&= isProved(found)
    const used = wide.filter(({ candidate }) => found.candidates.includes(candidate))
    return {
      candidates: found.candidates,
      size: found.candidates.length,
      responseTime: earliestGoals(used, goals) ?? Infinity,
      throughput: Math.min(...used.map(throughput)),
    }
  }
  // Wider and wider, and at each width faster and faster. What was smallest among more is smallest among fewer.
  for (let above = -Infinity, widest = false; !widest; ) {
    const wide = moves.filter(move => throughput(move) > above)
    let narrowest = Infinity
    for (let limit = Infinity; limit >= 0; ) {
      const known = solved.get(limit)
      const point = known && known.throughput > above ? known : smallest(wide, limit)
      if (!point) break
      solved.set(limit, point)
      points.push(point)
      narrowest = Math.min(narrowest, point.throughput)
      limit = point.responseTime - rounding
    }
    widest = narrowest === Infinity
    above = narrowest
  }
  const best = points.filter((point, at) => !points.some((other, place) => beats(other, point, place < at)))
  const choices = best.flatMap(({ candidates, ...choice }): Choice[] => {
    const order = priceOf(space, candidates) <= (problem.budget ?? Infinity) ? arrange(space, candidates) : undefined
    if (!order) return []
    const { plan } = wire(
      problem,
      layTime(space, order, candidate => timeOf(candidate, byTime)),
    )
    return [{ plan, ...choice }]
  })
  return {
    choices: choices.sort((a, b) => a.responseTime - b.responseTime || b.throughput - a.throughput),
    complete: complete && choices.length === best.length,
  }
}

/** Whether `one` makes `other` needless; of two that are alike the first stays. */
function beats(one: Point, other: Point, first: boolean): boolean {
  if (one === other) return first
  const noWorse =
    one.size <= other.size && one.responseTime <= other.responseTime + rounding && one.throughput >= other.throughput
  const alike =
    noWorse &&
    one.size === other.size &&
    one.throughput === other.throughput &&
    Math.abs(one.responseTime - other.responseTime) <= rounding
  return noWorse && (!alike || first)
}
