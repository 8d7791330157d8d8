/** Questions put to people: an escalation of the guard, or an effect of which nobody knows whether it happened. */
import { type ApprovalId, digestOf } from '../core/index.ts'
import { type Approval, type GuardRequest, openApprovals, type Ruling } from '../policy/index.ts'
import type { Write } from '../store/index.ts'
import type { RunEventBody } from './event.ts'
import type { Flow } from './hall.ts'
import type { StepState } from './step-state.ts'

type Escalated = Extract<Ruling, { decision: 'escalate' }>

/** The rule by which people are asked about an effect of which nobody knows whether it happened. */
export const outcomeUnknown = 'outcome-unknown'

/** The space of the store in which approvals can be found across runs, by id; grouped by tenant and whether they are open. */
export const approvalSpace = 'approval'

/** The group under which approvals of a tenant are listed. */
export function approvalGroup({ tenant, outcome }: Pick<Approval, 'tenant' | 'outcome'>): string {
  return `${tenant}/${outcome.status === 'open' ? 'open' : 'closed'}`
}

/** The write that keeps an approval where it can be found; `version` is the one it replaces. */
export function approvalWrite(approval: Approval, version: number): Write {
  const { id } = approval
  return {
    kind: 'record',
    space: approvalSpace,
    key: id,
    version,
    group: approvalGroup(approval),
    value: JSON.stringify(approval),
  }
}

/** The approval, closing no later than `deadline`: nobody needs an answer after that. */
export function endBy(approval: Approval, deadline: number): Approval {
  return { ...approval, expiresAt: Math.min(approval.expiresAt, deadline) }
}

/** Puts an escalated step to people, in the write that says so; the step sleeps until they have answered. */
export async function askPeople(
  flow: Flow,
  { step, editedBy }: StepState,
  asked: GuardRequest,
  ruling: Escalated,
  before: readonly RunEventBody[] = [],
  writes: readonly Write[] = [],
): Promise<'asking'> {
  const { clock, ids, journal } = flow
  const { principal, deadline } = journal.state
  const approvals = openApprovals(ruling, asked, { ids, askedBy: [principal.id, ...editedBy], askedAt: clock.now() })
  const ruled: RunEventBody = { type: 'step.ruled', step: step.id, agent: asked.agent?.id, ruling }
  return request(
    flow,
    approvals.map(approval => endBy(approval, deadline)),
    [...before, ruled],
    writes,
  )
}

/** Asks whether an effect whose outcome is unknown may be tried again. No answer is no. */
export async function askOutcome(
  flow: Flow,
  { step }: StepState,
  input: Readonly<Record<string, unknown>>,
  job: { readonly id: string; readonly agent: string },
  reason: string,
  before: readonly RunEventBody[],
  writes: readonly Write[],
): Promise<'asking'> {
  const { clock, ids, journal, tenant } = flow
  const { run, deadline } = journal.state
  const approval: Approval = {
    id: ids.next('approval') as ApprovalId,
    run,
    tenant,
    step: step.id,
    scope: 'home',
    rule: outcomeUnknown,
    to: 'operator',
    quorum: 1,
    digest: digestOf({ run, step: step.id, job: job.id }),
    text: `${reason}; find out from \`${job.agent}\` whether it happened: approve to do it again, reject when it has happened or must not`,
    capability: step.capability,
    input,
    askedBy: [],
    askedAt: clock.now(),
    expiresAt: deadline,
    votes: [],
    outcome: { status: 'open' },
  }
  return request(flow, [approval], before, writes)
}

async function request(
  flow: Flow,
  approvals: readonly Approval[],
  before: readonly RunEventBody[],
  writes: readonly Write[],
): Promise<'asking'> {
  const requested = approvals.map(approval => ({ type: 'approval.requested', approval }) as const)
  await flow.journal.append(
    [...before, ...requested],
    [...writes, ...approvals.map(approval => approvalWrite(approval, 0))],
  )
  return 'asking'
}
