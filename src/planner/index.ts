/** The door of the planner: how. */
export { type Plan, predecessors, sealPlan, type Source, sourcesOf, type Step } from './plan.ts'
export type { Estimate, Forecast, Planned, PlanIssue, Problem, Range, StepReason } from './problem.ts'
