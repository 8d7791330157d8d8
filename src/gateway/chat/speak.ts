/** A run as a conversation: what is said while it goes on, and the last word: its answer, or a question back. */
import type { Run } from '../../coordinator.ts'
import { MusterError } from '../../core/index.ts'
import type { Approval } from '../../policy/index.ts'
import type { RunEvent } from '../../runtime/index.ts'
import { answerText } from './answer.ts'
import { questionText } from './question.ts'

/** Something to say. `progress` is for those who look behind the scenes, `note` for everybody, `last` ends the turn. */
export interface Said {
  readonly kind: 'progress' | 'note' | 'last'
  readonly text: string
}

/** Says what happens in `run` after event `after`, until the last word. Throws `closed` when `signal` aborts before. */
export async function* speak(run: Run, after: number, signal: AbortSignal): AsyncGenerator<Said> {
  for await (const event of run.events({ after, signal })) {
    if (event.type === 'run.concluded') return yield { kind: 'last', text: answerText(await run.result) }
    if (event.type === 'question.asked') return yield { kind: 'last', text: questionText(event.question, run.id) }
    const note = noteOf(event)
    if (note !== undefined) yield { kind: 'note', text: `(${note})` }
    const progress = progressOf(event)
    if (progress !== undefined) yield { kind: 'progress', text: progress }
  }
  throw new MusterError('closed', 'nobody waits for the answer any more', { hint: `read run \`${run.id}\` later` })
}

function noteOf(event: RunEvent): string | undefined {
  const { type } = event
  if (type === 'approval.requested') return `waiting for ${event.approval.to} to approve: ${event.approval.text}`
  if (type === 'approval.voted' || type === 'approval.closed') return decisionOf(event.approval)
  if (type === 'run.paused') return `paused: ${event.reason}`
  return type === 'run.resumed' ? 'going on' : undefined
}

function decisionOf({ to, outcome }: Approval): string | undefined {
  switch (outcome.status) {
    case 'open':
      return `${to}: one yes, another is needed`
    case 'approved':
      return `${to} approved`
    case 'rejected':
      return `${to} said no: ${outcome.reason}`
    case 'edited':
      return `${to} changed it: ${outcome.reason}`
    case 'expired':
      return `nobody of ${to} answered in time`
    case 'withdrawn':
      return undefined
  }
}

function progressOf(event: RunEvent): string | undefined {
  const { type } = event
  if (type === 'goal.interpreted') return `understood as ${event.understood.map(({ intent }) => intent).join(', ')}`
  if (type === 'plan.adopted') return `steps planned: ${event.plan.steps.length}`
  if (type === 'step.assigned')
    return `${event.bids.announcement.capability}: ${event.agent} on ${event.placement.node}`
  if (type === 'step.succeeded') return `${event.step} is done`
  if (type === 'step.failed') return `${event.step} failed: ${event.problem.message}`
  return type === 'step.dropped' ? `${event.step} will not be done: ${event.reason}` : undefined
}
