/** How good a plan is, by each measure that an objective may name. */
import { inOrder } from './order.ts'
import { type Plan, predecessors, type Step } from './plan.ts'
import type { Objective } from './objective.ts'
import type { Problem } from './problem.ts'

/** The value of `plan`; `weightOf` says what a step weighs. */
export function measure(
  plan: Plan,
  { best }: Objective,
  estimate: Problem['estimate'],
  weightOf: (step: Step) => number,
): number {
  switch (best) {
    case 'weight':
      return plan.steps.reduce((sum, step) => sum + weightOf(step), 0)
    case 'size':
      return plan.steps.length
    case 'path':
      return longestChain(plan.steps, () => 1)
    case 'response-time':
      return longestChain(plan.steps, step => estimate(step.capability).time)
    case 'throughput':
      return Math.min(...plan.steps.map(step => estimate(step.capability).throughput ?? Infinity))
  }
}

/** The most that adds up along any chain of `steps` that wait for each other. */
export function longestChain(steps: readonly Step[], timeOf: (step: Step) => number): number {
  const ends = new Map<string, number>()
  for (const step of inOrder(steps)) {
    const start = Math.max(0, ...predecessors(step).map(id => ends.get(id) ?? 0))
    ends.set(step.id, start + timeOf(step))
  }
  return Math.max(0, ...ends.values())
}
