/** Takes out of a plan what is of no use. */
import { type Plan, sealPlan } from './plan.ts'
import type { Problem } from './problem.ts'
import { isDone } from './standing.ts'
import { verify } from './verify.ts'

/** `old` without its useless steps; nothing waits for them any more. */
export function prune(old: Plan, problem: Problem): Plan {
  const useless = new Set(verify(old, problem).flatMap(({ kind, step }) => (kind === 'useless-step' && step) || []))
  if (useless.size === 0) return old
  const steps = old.steps
    .filter(({ id }) => !useless.has(id))
    .map(step => (isDone(problem, step.id) ? step : { ...step, after: step.after.filter(id => !useless.has(id)) }))
  return sealPlan(steps, old.wanted)
}
