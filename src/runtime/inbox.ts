/** Takes out the messages that wait for a run. Each is recorded and removed in one write, so that it counts exactly once. */
import { checkInput } from '../agents/index.ts'
import { MusterError, problemOf } from '../core/index.ts'
import { type Approval, budgetPool, expire, moneyAmount, withdraw } from '../policy/index.ts'
import type { Write } from '../store/index.ts'
import { closing, matters, openApprovalsOf } from './answers.ts'
import { sealInputs } from './bind.ts'
import type { RunEventBody } from './event.ts'
import type { Flow } from './hall.ts'
import { openSignal, type RunSignal } from './signal.ts'

/** Records every waiting message; returns how many there were. */
export async function takeSignals(flow: Flow): Promise<number> {
  const { store, journal, fence } = flow
  const { run } = journal.state
  const signals = await store.queue.signals(run)
  for (const { id, body } of signals) {
    const { events, writes } = await record(flow, openSignal(body))
    await journal.append(events, [...writes, { kind: 'consume', run, fence, id }])
  }
  return signals.length
}

/**
 * Repeats a write that closes approvals while people answer them in that very moment: their answers come first. `write`
 * looks at the run anew each time.
 */
export async function afterAnswers(flow: Flow, write: () => Promise<void>): Promise<void> {
  for (;;) {
    try {
      return await write()
    } catch (error) {
      const answered = error instanceof MusterError && error.code === 'conflict' && (await takeSignals(flow)) > 0
      if (!answered) throw error
    }
  }
}

/** Closes the approvals whose time is over, for no answer is no, and those that another answer has made moot. */
export function closeApprovals(flow: Flow): Promise<void> {
  const { journal, clock } = flow
  const { state } = journal
  return afterAnswers(flow, async () => {
    const now = clock.now()
    const over = openApprovalsOf(state).flatMap(approval => {
      if (!matters(state, approval)) return withdraw(approval, 'another answer has settled it')
      return approval.expiresAt <= now ? expire(approval, now) : []
    })
    if (over.length === 0) return
    const { events, writes } = closing(over)
    await journal.append(events, writes)
  })
}

/** When the first open approval or question of a run ends, milliseconds since 1970. */
export function nextExpiry({ journal }: Pick<Flow, 'journal'>): number | undefined {
  const open = openApprovalsOf(journal.state).map(({ expiresAt }) => expiresAt)
  const { question } = journal.state
  if (question !== undefined) open.push(question.expiresAt)
  return open.length === 0 ? undefined : Math.min(...open)
}

interface Recorded {
  readonly events: readonly RunEventBody[]
  readonly writes: readonly Write[]
}

async function record(flow: Flow, signal: RunSignal): Promise<Recorded> {
  const { state } = flow.journal
  switch (signal.kind) {
    case 'answer':
      if (state.question?.question.id !== signal.question) return { events: [], writes: [] }
      return {
        events: [{ type: 'question.answered', question: signal.question, choice: signal.choice, by: signal.by }],
        writes: [],
      }
    case 'cancel':
      return {
        events: state.cancelled === undefined ? [{ type: 'run.cancelled', by: signal.by, reason: signal.reason }] : [],
        writes: [],
      }
    case 'pause':
      return { events: state.paused ? [] : [{ type: 'run.paused', by: signal.by, reason: signal.reason }], writes: [] }
    case 'resume':
      return { events: state.paused ? [{ type: 'run.resumed', by: signal.by }] : [], writes: [] }
    case 'change':
      return recordChange(flow, signal)
    case 'vote':
      return recordVote(flow, signal.approval)
  }
}

/** A budget never falls below what is spent and promised; the pool that keeps it changes with it. */
function recordChange({ journal }: Flow, change: Extract<RunSignal, { kind: 'change' }>): Recorded {
  const { run, spent, reserved } = journal.state
  const { by, reason, deadline, given } = change
  const budget = change.budget === undefined ? undefined : Math.max(change.budget, spent + reserved)
  return {
    events: [
      {
        type: 'run.changed',
        by,
        reason,
        ...(budget === undefined ? {} : { budget }),
        ...(deadline === undefined ? {} : { deadline }),
        ...(given === undefined ? {} : { given }),
      },
    ],
    writes: budget === undefined ? [] : [{ kind: 'pool', pool: budgetPool(run), capacity: moneyAmount(budget) }],
  }
}

async function recordVote(flow: Flow, approval: Approval): Promise<Recorded> {
  const voted: RunEventBody = { type: 'approval.voted', approval }
  const { outcome, step } = approval
  const edited = step === undefined ? undefined : flow.journal.state.steps.get(step)
  const capability = edited && flow.registry.capability(edited.step.capability)
  // Who edits a question that another answer has settled comes too late.
  const late = !matters(flow.journal.state, approval)
  if (outcome.status !== 'edited' || step === undefined || capability === undefined || late)
    return { events: [voted], writes: [] }
  try {
    const values = await checkInput(capability, { ...approval.input, ...outcome.edits })
    const changed = Object.fromEntries(Object.keys(outcome.edits).map(port => [port, values[port]]))
    const { refs, blobs } = sealInputs(capability.takes, changed, ({ sensitivity }) => ({
      trusted: true,
      origins: [outcome.by],
      sensitivity,
    }))
    return {
      events: [voted, { type: 'step.edited', step, inputs: refs, by: outcome.by, reason: outcome.reason }],
      writes: blobs,
    }
  } catch (error) {
    // Edits are checked where they come in; what still does not fit is a no.
    const rejected: Approval = {
      ...approval,
      outcome: { status: 'rejected', by: outcome.by, reason: problemOf(error).message },
    }
    return { events: [{ type: 'approval.voted', approval: rejected }], writes: [] }
  }
}
