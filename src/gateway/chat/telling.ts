/** A run told as a conversation: what it does on the way, what it waits for, what it asks, how it came out. */
import type { Muster, Run } from '../../coordinator.ts'
import type { Principal } from '../../core/index.ts'
import type { Question, RunEvent, RunResult } from '../../runtime/index.ts'
import { questionText } from './conversation.ts'

/** A piece of what is told: `thought` is progress that a client may show or not, `said` is the answer itself. */
export interface Told {
  readonly kind: 'thought' | 'said'
  readonly text: string
}

/** Tells a run from event `after` on, until it has ended or asks the one who declared it. */
export async function* tellRun(run: Run, after: number, signal: AbortSignal): AsyncGenerator<Told> {
  for await (const event of run.events({ after, signal })) {
    const thought = thoughtOf(event)
    if (thought !== undefined) yield { kind: 'thought', text: `${thought}\n` }
    if (event.type === 'approval.requested') {
      const { to, text } = event.approval
      yield { kind: 'said', text: `(waiting for ${to} to approve: ${text})\n\n` }
    }
    if (event.type === 'question.asked') return yield { kind: 'said', text: questionText(event.question, run.id) }
    if (event.type === 'run.concluded') return yield { kind: 'said', text: answerOf(await run.result) }
  }
}

/** The run that a turn starts or goes on with, and the event after which there is news of it. */
export async function turnRun(
  muster: Muster,
  turn: { readonly text: string; readonly asking: string | undefined },
  options: { readonly as: Principal; readonly idempotencyKey?: string },
  choose: (question: Question, text: string) => string | undefined,
): Promise<{ readonly run: Run; readonly after: number }> {
  const { as } = options
  if (turn.asking !== undefined) {
    const asked = await muster.state(turn.asking, as).catch(() => undefined)
    const question = asked?.state.question?.question
    const choice = question && choose(question, turn.text)
    if (asked !== undefined && question !== undefined && choice !== undefined) {
      const run = await muster.run(turn.asking, as)
      await run.answer(question.id, choice)
      return { run, after: asked.state.seq }
    }
  }
  return { run: await muster.declare({ text: turn.text }, options), after: 0 }
}

function thoughtOf(event: RunEvent): string | undefined {
  if (event.type === 'goal.interpreted') return `understood: ${event.understood.map(({ intent }) => intent).join(', ')}`
  if (event.type === 'plan.adopted') return `plan: ${event.plan.steps.map(({ capability }) => capability).join(' → ')}`
  if (event.type === 'step.assigned')
    return `${event.step}: ${event.agent} on ${event.placement.node}/${event.placement.device}`
  if (event.type === 'step.dropped') return `${event.step}: ${event.reason}`
  return undefined
}

// A text among the delivered values is the answer; without one the values themselves are.
function answerOf({ status, reason, outputs }: RunResult): string {
  const texts = Object.values(outputs).flatMap(value =>
    typeof value === 'object' && value !== null && 'text' in value && typeof value.text === 'string'
      ? [value.text]
      : [],
  )
  const delivered = texts[0] ?? (Object.keys(outputs).length === 0 ? '' : JSON.stringify(outputs, null, 2))
  if (status === 'succeeded' && delivered !== '') return delivered
  if (status === 'outside') return reason
  return [delivered, `(${status}: ${reason})`].filter(part => part !== '').join('\n\n')
}
