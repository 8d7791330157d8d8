/** The end of a run: judged by what was delivered, recorded once, and everything that was held given back. */
import { compileCondition, type DataRef, problemOf } from '../core/index.ts'
import { givenNameOf } from '../intent/index.ts'
import { withdraw } from '../policy/index.ts'
import { closing, openApprovalsOf } from './answers.ts'
import { openRefs, resolveSource } from './bind.ts'
import type { DropCause, Outcome } from './event.ts'
import { missedFacts } from './facts.ts'
import type { Flow } from './hall.ts'
import { giveBack } from './hold.ts'
import { afterAnswers } from './inbox.ts'
import type { RunState } from './run.ts'
import { refreshSummary } from './summary.ts'

/** How a run came out, before it is recorded. */
export interface Verdict {
  readonly outcome: Outcome
  readonly reason: string
  readonly outputs: Readonly<Record<string, DataRef>>
}

/** Judges a run whose steps have ended: what was wanted must be there, and the goal's own check must hold. */
export async function assess(flow: Flow): Promise<Verdict> {
  const { journal, store } = flow
  const { state } = journal
  const outputs: Record<string, DataRef> = {}
  const gone: string[] = []
  let denied = false
  for (const [concept, source] of Object.entries(state.plan?.wanted ?? {})) {
    const ref = resolveSource(state, source)
    if (ref !== undefined && 'digest' in ref) {
      outputs[concept] = ref
      continue
    }
    // Nothing to do is not a failure: the condition was part of the contract.
    if (ref?.cause === 'condition') continue
    denied ||= ref?.cause === 'denied'
    gone.push(`${concept}: ${ref?.gone ?? 'its step did not end'}`)
  }
  for (const { task, cause, reason } of undoneTasks(state)) {
    denied ||= cause === 'denied'
    gone.push(`${task}: ${reason}`)
  }
  for (const { cause, reason } of missedFacts(flow)) {
    if (cause === 'condition') continue
    denied ||= cause === 'denied'
    gone.push(reason)
  }
  if (state.cancelled !== undefined) return cancelledBy(state.cancelled, outputs)
  if (gone.length > 0) return { outcome: denied ? 'denied' : 'failed', reason: gone.join('; '), outputs }
  const success = state.goal?.success
  if (success === undefined) return { outcome: 'succeeded', reason: 'everything wanted was delivered', outputs }
  try {
    const values = await openRefs(store, outputs)
    const named = Object.fromEntries(
      Object.entries(values).map(([concept, value]) => [givenNameOf({ name: concept }), value]),
    )
    if (compileCondition(success).holds(named))
      return { outcome: 'succeeded', reason: `the check \`${success}\` holds`, outputs }
    return { outcome: 'failed', reason: `the check \`${success}\` does not hold`, outputs }
  } catch (error) {
    return {
      outcome: 'failed',
      reason: `the check \`${success}\` cannot be judged: ${problemOf(error).message}`,
      outputs,
    }
  }
}

/** Parts of tasks to perform that were not done, other than for a condition. */
function undoneTasks({ goal, plan, steps }: RunState): readonly { task: string; cause: DropCause; reason: string }[] {
  return (plan?.steps ?? []).flatMap(({ id, by = [] }) => {
    const task = by.map(({ path }) => path[0]?.task ?? '').find(name => goal?.perform?.includes(name))
    const status = steps.get(id)?.status
    if (task === undefined || status?.kind === 'succeeded') return []
    if (status?.kind !== 'dropped') return [{ task, cause: 'failed', reason: `step \`${id}\` did not end` }]
    return status.cause === 'condition' ? [] : [{ task, cause: status.cause, reason: status.reason }]
  })
}

/** The verdict on a run that somebody has cancelled. */
export function cancelledBy(
  { by, reason }: { readonly by: string; readonly reason: string },
  outputs: Verdict['outputs'] = {},
): Verdict {
  return { outcome: 'cancelled', reason: `\`${by}\` cancelled it: ${reason}`, outputs }
}

/** Records the end and gives everything back, in one write. Nothing happens when the run has ended. */
export function conclude(flow: Flow, verdict: Verdict): Promise<void> {
  const { journal, fence } = flow
  const { state } = journal
  return afterAnswers(flow, async () => {
    if (state.concluded !== undefined) return
    const taken = closing(openApprovalsOf(state).map(approval => withdraw(approval, 'the run ended')))
    const held = [...state.steps.values()].flatMap(({ status }) =>
      status.kind === 'assigned' ? giveBack(flow, status.job) : [],
    )
    await journal.append(
      [...taken.events, { type: 'run.concluded', ...verdict, spent: state.spent }],
      [
        ...taken.writes,
        ...held,
        ...(await refreshSummary(flow, verdict.outcome)),
        { kind: 'conclude', run: state.run, fence },
      ],
    )
  })
}
