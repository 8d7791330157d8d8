/** What a plan is expected to take, before anything runs. */
import { MusterError } from '../core/index.ts'
import { catalogueOf } from './catalogue.ts'
import { inOrder } from './order.ts'
import { type Plan, predecessors } from './plan.ts'
import type { Estimate, Forecast, Problem, Range } from './problem.ts'
import { isDone } from './standing.ts'

// Bad luck that is reckoned with: attempts are counted until failure is this unlikely, up to the given number.
const remainingRisk = 0.01
const mostAttempts = 5

/**
 * The forecast of `plan`, of which finished steps are no part any more. Most likely every step is tried once; at best steps with a condition are skipped; at worst
 * each step is tried until failure is unlikely (1 %), five times at most. Throws `plan-invalid` when steps wait for each other.
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
  let success = 1
  for (const step of steps) {
    const estimate = problem.estimate(step.capability)
    const conditional = catalogue.entry(step.capability)?.capability.when !== undefined
    const times = { low: conditional ? 0 : 1, likely: 1, high: attempts(estimate) }
    for (const end of ['low', 'likely', 'high'] as const) {
      cost[end] += estimate.price * times[end]
      const last = lastOf(
        predecessors(step).filter(id => ends[end].has(id)),
        ends[end],
      )
      if (end === 'likely' && last !== undefined) behind.set(step.id, last)
      ends[end].set(step.id, (last === undefined ? 0 : (ends[end].get(last) ?? 0)) + estimate.time * times[end])
    }
    success *= estimate.reliability
  }
  const ids = steps.map(step => step.id)
  const span = (end: keyof Range) => Math.max(0, ...ends[end].values())
  const criticalPath: string[] = []
  for (let id = lastOf(ids, ends.likely); id !== undefined; id = behind.get(id)) criticalPath.unshift(id)
  return {
    cost,
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
