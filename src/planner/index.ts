/** The door of the planner: how. */
export { plan } from './compose.ts'
export { type Difference, differenceOf, sayDifference } from './difference.ts'
export {
  createDrafter,
  type Drafter,
  DraftRequest,
  type DrafterSettings,
  languageModelPlanner,
  matchingPart,
  outOfReach,
  PlanDraft,
  requestDraft,
  type Settled,
  settleDraft,
} from './drafting/index.ts'
export { drawPlan } from './draw.ts'
export { explainUse } from './explain.ts'
export { drawSvg, type StepNote } from './picture/index.ts'
export { lackingAtEnd, lackingFact } from './facts.ts'
export { forecast } from './forecast.ts'
export { type Choice, findFront } from './front.ts'
export { givesOf } from './loop.ts'
export type { Objective } from './objective.ts'
export {
  type Draft,
  type Origin,
  originsOf,
  type Plan,
  predecessors,
  sealPlan,
  type Source,
  type Step,
} from './plan.ts'
export type {
  Asked,
  Barred,
  Estimate,
  Finished,
  Forecast,
  Planned,
  PlanIssue,
  Problem,
  Range,
  StepForecast,
  StepReason,
} from './problem.ts'
export { revise } from './revise.ts'
export { sayUnlocked, saySupposition, suppose, type Supposition } from './suppose/index.ts'
export { verify } from './verify.ts'
export {
  commonOrder,
  createRepairer,
  type Domain,
  ground,
  type Instance,
  readDomain,
  readInstance,
  solve,
  type Task,
  toPartialOrder,
  validate,
} from './world/index.ts'
