/** The door of the core: words that every layer shares. */
export { type Clock, duration, sleep, systemClock, withDeadline } from './clock.ts'
export {
  type All,
  all,
  ancestry,
  type Concept,
  concept,
  isKindOf,
  type Port,
  type PortValue,
  type PortValues,
  sensitivities,
  type Sensitivity,
} from './concept.ts'
export { compileCondition } from './condition.ts'
export { type DataRef, joinLabels, type Labels, openData, sealData } from './data.ts'
export { type ErrorCode, errorOf, errorTable, MusterError, type Problem, problemOf } from './error.ts'
export {
  type ApprovalId,
  canonicalJson,
  createIds,
  type Digest,
  digestBytes,
  digestOf,
  type Ids,
  type RunId,
  runId,
} from './id.ts'
export type { Generated, Generation, LanguageModel, Message, Tool, ToolCall } from './language-model.ts'
export { formatUsd, type MicroUsd, microUsd } from './money.ts'
export type { Principal } from './principal.ts'
export { lacking, type ResourceKind, resourceKinds, type Resources } from './resources.ts'
export { check, jsonSchema, parse, type Schema } from './schema.ts'
