/** The door of the runtime: the way of a goal. */
export { openRefs } from './bind.ts'
export { type Change, changeRun } from './change.ts'
export { decideApproval, findRun, listApprovals, readApproval, sendSignal } from './decide.ts'
export { createEstimates, createRecords } from './estimate.ts'
export type { DropCause, Outcome, PlanOrigin, Question, Revision, RunEvent, RunEventBody } from './event.ts'
export {
  type Explanation,
  explainRun,
} from './explain.ts'
export { originWords, revisionWords, runWords, stepWords } from './explain-words.ts'
export { followRun, readResult, type RunResult, whenEnded, whenIdle } from './follow.ts'
export { followApprovals } from './follow-approvals.ts'
export type { Hall } from './hall.ts'
export { admitGoal, type Declaration } from './intake.ts'
export { openEvent, readEvents, readRun } from './journal.ts'
export { type Preview, type PreviewedStep, previewGoal } from './preview.ts'
export type { RunState, StepState } from './run.ts'
export { listRuns, type RunStatus, type RunSummary } from './summary.ts'
export { startWorker } from './worker.ts'
