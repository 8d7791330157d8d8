/** What a plan is expected to take, before anything runs. */
import { MusterError } from '../core/index.ts'
import { catalogueOf } from './catalogue.ts'
import { turnsOf } from './loop.ts'
import { inOrder } from './order.ts'
import { type Plan, predecessors } from './plan.ts'
import type { Estimate, Forecast, Problem, Range } from './problem.ts'
import { sparesOf } from './spare.ts'
import { isDone } from './standing.ts'

// Bad luck that is reckoned with: attempts are counted until failure is this unlikely, up to the given number.
const remainingRisk = 0.01
const mostAttempts = 5

/**
 * The forecast of `plan`, of which finished steps are no part any more. Most likely every step is tried once, a loop for
 * some items, and no fallback is needed; at best steps with a condition are skipped and lists are empty; at worst
 * fallbacks run as well, lists are as long as they may be, and each step is tried until failure is unlikely (1 %), five
 * times at most. The items of a loop take no more time than one. The budget ends the cost of the worst. Throws
 * `plan-invalid` when steps wait for each other.
 */
export function forecast(plan: Plan, problem: Problem): Forecast {
  const catalogue = catalogueOf(problem.capabilities)
  const ordered = inOrder(plan.steps)
  if (ordered.length < plan.steps.length) {
    throw new MusterError('plan-invalid', 'steps of the plan wait for each other', { hint: 'verify the plan first' })
  }
  const steps = ordered.filter(({ id }) => !isDone(problem, id))
  const ends: Record<keyof Range, Map<string, number>> = { low: new Map(), likely: new Map(), high: new Map() }
  const cost = { low: 0, likely: 0, high: 0 }
  const behind = new Map<string, string>()
  const spares = sparesOf(steps)
  let success = 1
  for (const step of steps) {
    const estimate = problem.estimate(step.capability)
    const spare = spares.has(step.id)
    const conditional =
      spare || (step.when ?? catalogue.entry(step.capability)?.capability.when ?? step.each) !== undefined
    const times = { low: conditional ? 0 : 1, likely: spare ? 0 : 1, high: attempts(estimate) }
    const turns = { low: 1, likely: turnsOf(step), high: step.each?.most ?? 1 }
    for (const end of ['low', 'likely', 'high'] as const) {
      cost[end] += estimate.price * times[end] * turns[end]
      const last = lastOf(
        predecessors(step).filter(id => ends[end].has(id)),
        ends[end],
      )
      if (end === 'likely' && last !== undefined) behind.set(step.id, last)
      ends[end].set(step.id, (last === undefined ? 0 : (ends[end].get(last) ?? 0)) + estimate.time * times[end])
    }
    if (!spare) success *= estimate.reliability ** turns.likely
  }
  const ids = steps.map(step => step.id)
  const span = (end: keyof Range) => Math.max(0, ...ends[end].values())
  const criticalPath: string[] = []
  for (let id = lastOf(ids, ends.likely); id !== undefined; id = behind.get(id)) criticalPath.unshift(id)
  return {
    cost: { ...cost, high: Math.max(cost.likely, Math.min(cost.high, problem.budget ?? Infinity)) },
    time: { low: span('low'), likely: span('likely'), high: span('high') },
    risk: 1 - success,
    criticalPath,
  }
}

function attempts({ reliability }: Estimate): number {
  const failing = 1 - reliability
  if (failing <= remainingRisk) return 1
  return failing >= 1 ? mostAttempts : Math.min(mostAttempts, Math.ceil(Math.log(remainingRisk) / Math.log(failing)))
}

/** The step that ends last; the first of those that end together. */
function lastOf(ids: readonly string[], ends: ReadonlyMap<string, number>): string | undefined {
  return ids.reduce<string | undefined>(
    (last, id) => (last === undefined || (ends.get(id) ?? 0) > (ends.get(last) ?? 0) ? id : last),
    undefined,
  )
}
