/** What people do to runs from outside: decide approvals, answer questions, cancel, pause, resume. Each is one write, and the run is told. */
import { checkInput } from '../agents/index.ts'
import { MusterError, type Principal, type RunId } from '../core/index.ts'
import { type Approval, type Decision, decide } from '../policy/index.ts'
import { approvalGroup, approvalSpace, approvalWrite, outcomeUnknown } from './ask.ts'
import type { Hall } from './hall.ts'
import { queueSubject } from './intake.ts'
import { readRun } from './journal.ts'
import type { Write } from '../store/index.ts'
import { type RunSignal, signalSubject, signalWrite } from './signal.ts'
import { maySee, maySeeApproval } from './sight.ts'
import { readSummary, type RunSummary } from './summary.ts'

/**
 * Decides an approval for `by` and tells its run. Throws `not-found`, `forbidden` when it is not theirs to decide,
 * `conflict` when it is closed or its digest differs, `expired`, and `bad-input` for edits that do not fit.
 */
export async function decideApproval(hall: Hall, id: string, decision: Decision, by: Principal): Promise<Approval> {
  const { store, clock, registry } = hall
  const { approval, version } = await keptApproval(hall, id, one => one.tenant === by.tenant)
  const decided = decide(approval, decision, by, clock.now())
  if (decided.outcome.status === 'edited') {
    const capability = approval.rule === outcomeUnknown ? undefined : registry.capability(approval.capability)
    if (capability === undefined) {
      throw new MusterError('bad-input', `the arguments of \`${approval.capability}\` cannot be edited`, {
        hint: 'approve or reject it',
      })
    }
    await checkInput(capability, { ...approval.input, ...decided.outcome.edits })
  }
  const { ids } = hall
  await store.commit([
    approvalWrite(decided, version),
    signalWrite(approval.run, ids.next('signal'), { kind: 'vote', approval: decided }),
  ])
  tell(hall, approval.run)
  return decided
}

/** An approval that `by` may see. Throws `not-found`. */
export async function readApproval(hall: Pick<Hall, 'store'>, id: string, by: Principal): Promise<Approval> {
  return (await keptApproval(hall, id, one => maySeeApproval(one, by))).approval
}

async function keptApproval(
  { store }: Pick<Hall, 'store'>,
  id: string,
  shown: (approval: Approval) => boolean,
): Promise<{ approval: Approval; version: number }> {
  const record = await store.records.get(approvalSpace, id)
  const approval: Approval | undefined = record && JSON.parse(record.value)
  if (record === undefined || approval === undefined || !shown(approval)) {
    throw new MusterError('not-found', `there is no approval \`${id.slice(0, 80)}\``, {
      hint: 'list what waits with `muster approvals`',
    })
  }
  return { approval, version: record.version }
}

// Records that are read at once while looking for those that somebody may see.
const pageSize = 200

/** The approvals that `by` may see, newest first: those that wait, or those that are closed. */
export async function listApprovals(
  { store }: Pick<Hall, 'store'>,
  by: Principal,
  page: { readonly status: 'open' | 'closed'; readonly after?: string; readonly limit: number },
): Promise<readonly Approval[]> {
  const outcome = page.status === 'open' ? ({ status: 'open' } as const) : ({ status: 'expired' } as const)
  const group = approvalGroup({ tenant: by.tenant, outcome })
  const seen: Approval[] = []
  for (let { after } = page; ; ) {
    const from = { limit: pageSize, descending: true, ...(after === undefined ? {} : { after }) }
    const records = await store.records.list(approvalSpace, group, from)
    for (const { value } of records) {
      const approval: Approval = JSON.parse(value)
      if (maySeeApproval(approval, by)) seen.push(approval)
      if (seen.length === page.limit) return seen
    }
    after = records.at(-1)?.key
    if (records.length < pageSize) return seen
  }
}

/** The summary of a run that `by` may see. Throws `not-found`. */
export async function findRun({ store }: Pick<Hall, 'store'>, run: RunId, by: Principal): Promise<RunSummary> {
  const kept = await readSummary(store, run)
  if (kept === undefined || !maySee(kept.summary, by)) {
    throw new MusterError('not-found', `there is no run \`${run}\``, { hint: 'list runs with `muster runs`' })
  }
  return kept.summary
}

/** Leaves a message for a run of `by`'s own that has not ended; operators may for any. Throws `not-found`, and `conflict` when it has ended. */
export async function sendSignal(
  hall: Hall,
  run: RunId,
  by: Principal,
  signal: RunSignal,
  writes: readonly Write[] = [],
): Promise<void> {
  const { store, ids } = hall
  await findRun(hall, run, by)
  const read = await readRun(store, run)
  if (read?.fold.state.concluded !== undefined) {
    throw new MusterError('conflict', `run \`${run}\` has ended: ${read.fold.state.concluded.outcome}`, {
      hint: 'declare a new goal',
    })
  }
  if (signal.kind === 'answer') checkAnswer(read?.fold.state.question?.question, signal)
  await store.commit([...writes, signalWrite(run, ids.next('signal'), signal)])
  tell(hall, run)
}

function checkAnswer(
  question: { readonly id: string; readonly choices: readonly { readonly id: string }[] } | undefined,
  answer: Extract<RunSignal, { kind: 'answer' }>,
): void {
  if (question?.id !== answer.question) {
    throw new MusterError('conflict', `question \`${answer.question}\` does not wait for an answer`, {
      hint: 'look at the run for the question that waits',
    })
  }
  if (question.choices.some(({ id }) => id === answer.choice)) return
  const choices = question.choices.map(({ id }) => `\`${id}\``).join(', ')
  throw new MusterError('bad-input', `\`${answer.choice.slice(0, 80)}\` is none of the choices`, {
    hint: `answer with one of ${choices}`,
  })
}

function tell({ bus }: Hall, run: RunId): void {
  bus.publish(signalSubject(run), {})
  bus.publish(queueSubject, { run })
}
