/** Takes out the messages that wait for a run. Each is recorded and removed in one write, so that it counts exactly once. */
import { checkInput } from '../agents/index.ts'
import { type DataRef, type Labels, MusterError, problemOf, sealData } from '../core/index.ts'
import { type Approval, expire } from '../policy/index.ts'
import type { Write } from '../store/index.ts'
import { closing, openApprovalsOf } from './ask.ts'
import type { Refs, RunEventBody } from './event.ts'
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

/** Closes the approvals whose time is over: no answer is no. */
export function expireApprovals(flow: Flow): Promise<void> {
  const { journal, clock } = flow
  return afterAnswers(flow, async () => {
    const now = clock.now()
    const late = openApprovalsOf(journal.state).filter(({ expiresAt }) => expiresAt <= now)
    if (late.length === 0) return
    const { events, writes } = closing(late.map(approval => expire(approval, now)))
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
    case 'vote':
      return recordVote(flow, signal.approval)
  }
}

async function recordVote(flow: Flow, approval: Approval): Promise<Recorded> {
  const voted: RunEventBody = { type: 'approval.voted', approval }
  const { outcome, step } = approval
  if (outcome.status !== 'edited' || step === undefined) return { events: [voted], writes: [] }
  const stepState = flow.journal.state.steps.get(step)
  const capability = stepState && flow.registry.capability(stepState.step.capability)
  if (capability === undefined) return { events: [voted], writes: [] }
  try {
    const values = await checkInput(capability, { ...approval.input, ...outcome.edits })
    const labels: Labels = { trusted: true, origins: [outcome.by], sensitivity: 'internal' }
    const inputs: Record<string, DataRef | readonly DataRef[]> = {}
    const writes: Write[] = []
    for (const port of Object.keys(outcome.edits)) {
      const takes = capability.takes[port]
      if (takes?.kind !== 'concept') continue
      const { ref, bytes } = sealData(takes.name, values[port], { ...labels, sensitivity: takes.sensitivity })
      inputs[port] = ref
      writes.push({ kind: 'blob', digest: ref.digest, bytes })
    }
    const edited: Refs = inputs
    return {
      events: [voted, { type: 'step.edited', step, inputs: edited, by: outcome.by, reason: outcome.reason }],
      writes,
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
