/** The door of the runtime: the way of a goal. */
export type { Accuracy } from './accuracy.ts'
export { listAccuracies, openAccuracies } from './accuracies.ts'
export { openRefs } from './bind.ts'
export { decideApproval, findRun, listApprovals, readApproval, sendSignal } from './decide.ts'
export { createEstimates, createRecords } from './estimate.ts'
export type { DropCause, Outcome, Question, RunEvent, RunEventBody } from './event.ts'
export {
  type Explanation,
  explainRun,
} from './explain.ts'
export { runWords, stepWords } from './explain-words.ts'
export { followRun, readResult, type RunResult, whenEnded, whenIdle } from './follow.ts'
export { followApprovals } from './follow-approvals.ts'
export type { Hall } from './hall.ts'
export { admitGoal, type Declaration } from './intake.ts'
export { openEvent, readEvents, readRun } from './journal.ts'
export { outturnOf } from './outturn.ts'
export { previewPicture, runPicture } from './picture.ts'
export { type PlanExplanation, type Preview, type PreviewedStep, previewGoal } from './preview.ts'
export type { RunState, StepState } from './run.ts'
export { listRuns, type RunStatus, type RunSummary } from './summary.ts'
export type { TouchedData } from './touched.ts'
export { startWorker } from './worker.ts'
