/** The public door of Muster. */
export {
  type Agent,
  type BidContext,
  type Capability,
  defineAgent,
  defineCapability,
  defineMethod,
  defineTask,
  httpAgent,
  languageModelAgent,
  type Method,
  type MethodDefinition,
  type ModelSpec,
  type Offer,
  onnxAgent,
  openaiAgent,
  openaiModel,
  serveAgent,
  Talk,
  type Task,
  type Tensor,
  type WorkContext,
} from './agents/index.ts'
export { defineConfig, type MusterConfig, type Person, type Policies } from './config.ts'
export {
  createMuster,
  type DeclareOptions,
  type Muster,
  type MusterParts,
  type Run,
  type TypedResult,
} from './coordinator.ts'
export {
  all,
  type All,
  type Clock,
  type Concept,
  concept,
  type ErrorCode,
  type Ids,
  type LanguageModel,
  MusterError,
  type PortValue,
  type PortValues,
  type Principal,
  type Problem,
  type RunId,
  type Schema,
  type Sensitivity,
} from './core/index.ts'
export { defineGoal, defineInterpreter, type Goal, type Interpreter, Reading, type TypedGoal } from './intent/index.ts'
export { DraftRequest, languageModelPlanner, PlanDraft } from './planner/index.ts'
export type { Approval, AuditReport, Decision } from './policy/index.ts'
export type {
  Declaration,
  Outcome,
  Preview,
  RunEvent,
  RunResult,
  RunState,
  RunStatus,
  RunSummary,
} from './runtime/index.ts'
