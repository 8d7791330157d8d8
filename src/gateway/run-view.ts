/** A run as it is shown to callers: where it stands, what it asks, what each step came to. */
import type { RunState, RunStatus, RunSummary, StepState } from '../runtime/index.ts'

/** Where a run and everything about it can be read. */
export function linksOf(run: string) {
  const self = `/v1/runs/${run}`
  return {
    self,
    events: `${self}/events`,
    result: `${self}/result`,
    plan: `${self}/plan`,
    why: `${self}/why`,
  } as const
}

/** Where a run stands by its journal; the summary may be a moment behind. */
export function statusOf(summary: RunSummary, state: RunState): RunStatus {
  if (state.concluded !== undefined) return state.concluded.outcome
  const answered = summary.status === 'asking' && state.question === undefined
  return answered ? 'running' : summary.status
}

/** A run in full, without data: that is read as the result. Amounts are in micro-dollars, times in milliseconds since 1970. */
export function runView({ summary, state }: { readonly summary: RunSummary; readonly state: RunState }) {
  const { plan, revision, question, goal, outside, concluded } = state
  const open = [...state.approvals.values()].filter(({ outcome }) => outcome.status === 'open')
  return {
    run: state.run,
    status: statusOf(summary, state),
    objective: summary.objective,
    principal: state.principal.id,
    declaredAt: state.declaredAt,
    deadline: state.deadline,
    budget: state.budget,
    spent: state.spent,
    reserved: state.reserved,
    events: state.seq,
    goal,
    outside,
    question: question && { ...question.question, expiresAt: question.expiresAt },
    approvals: open.map(({ id, step, to, text, expiresAt }) => ({ id, step, to, text, expiresAt })),
    plan: plan && { digest: plan.digest, revision, steps: plan.steps.length },
    steps: [...state.steps.values()].map(stepView),
    reason: concluded?.reason,
    links: linksOf(state.run),
  }
}

function stepView({ step, parent, status, attempts }: StepState) {
  const { id, capability } = step
  const shown = { id, capability, parent, attempts, status: status.kind }
  switch (status.kind) {
    case 'pending':
    case 'asking':
      return shown
    case 'assigned':
      return { ...shown, agent: status.job.agent, node: status.job.node }
    case 'succeeded':
      return { ...shown, agent: status.agent }
    case 'dropped':
      return { ...shown, cause: status.cause, reason: status.reason }
  }
}
