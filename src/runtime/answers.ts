/** What people have said so far to the questions of a run, and what of it still matters. */
import type { Approval } from '../policy/index.ts'
import type { Write } from '../store/index.ts'
import { approvalWrite, outcomeUnknown } from './ask.ts'
import type { DropCause, RunEventBody } from './event.ts'
import type { RunState } from './run.ts'
import type { StepState } from './step-state.ts'

/** The approvals of a run that wait for people. */
export function openApprovalsOf({ approvals }: RunState): readonly Approval[] {
  return [...approvals.values()].filter(({ outcome }) => outcome.status === 'open')
}

/** Whether a step waits for people: for an answer about itself or about a step that it called. */
export function waitsForPeople({ approvals }: RunState, { status }: StepState): boolean {
  return status.kind === 'asking' && status.approvals.some(id => approvals.get(id)?.outcome.status === 'open')
}

/** The first no about an asking step itself: of a person, or of time. One no is no, whatever others say. */
export function noTo(
  { approvals }: RunState,
  { status, step }: StepState,
): { readonly cause: DropCause; readonly reason: string } | undefined {
  if (status.kind !== 'asking') return undefined
  for (const id of status.approvals) {
    const approval = approvals.get(id)
    if (approval?.step !== step.id) continue
    const { outcome, rule, to, text } = approval
    const cause = rule === outcomeUnknown ? 'failed' : 'denied'
    if (outcome.status === 'rejected') return { cause, reason: `\`${outcome.by}\` said no: ${outcome.reason}` }
    if (outcome.status === 'expired') return { cause, reason: `nobody of \`${to}\` answered in time: ${text}` }
  }
  return undefined
}

/** Whether the answer to an open approval still matters: not when another answer has settled or changed the step. */
export function matters(state: RunState, { id, step }: Approval): boolean {
  const asked = step === undefined ? undefined : state.steps.get(step)
  if (asked === undefined) return step === undefined
  return asked.status.kind === 'asking' && asked.status.approvals.includes(id) && noTo(state, asked) === undefined
}

/** What closes approvals that were open. Refused as `conflict` when somebody has answered one of them meanwhile. */
export function closing(closed: readonly Approval[]): {
  readonly events: readonly RunEventBody[]
  readonly writes: readonly Write[]
} {
  return {
    events: closed.map(approval => ({ type: 'approval.closed', approval })),
    // An open approval was written once when it was asked and once for each vote.
    writes: closed.map(approval => approvalWrite(approval, 1 + approval.votes.length)),
  }
}
