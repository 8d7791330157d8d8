/** One turn of a conversation: an answer to the question that was asked last, or a new goal. */
import type { Muster, Run } from '../../coordinator.ts'
import { MusterError, type Principal } from '../../core/index.ts'
import type { RunState } from '../../runtime/index.ts'
import { choiceOf, questionText } from './question.ts'
import type { Turn } from './request.ts'
import { type Said, speak } from './speak.ts'

/** What is said in a turn, and by which run. */
export interface Conversation {
  readonly run: string
  readonly said: (signal: AbortSignal) => AsyncIterable<Said>
}

/** Begins a turn; when this resolves, the answer or the goal is on disk. Throws what declaring throws. */
export async function converse(
  muster: Muster,
  turn: Turn,
  options: { readonly as: Principal; readonly idempotencyKey?: string },
): Promise<Conversation> {
  const asked = turn.asking === undefined ? undefined : await findAsking(muster, turn.asking, options.as)
  if (asked === undefined) {
    const run = await muster.declare({ text: turn.text }, options)
    return { run: run.id, said: signal => speak(run, 0, signal) }
  }
  const { run, question, seq } = asked
  const choice = choiceOf(question.choices, turn.text)
  if (choice === undefined) return { run: run.id, said: () => repeat(run, question) }
  await run.answer(question.id, choice)
  return { run: run.id, said: signal => speak(run, seq, signal) }
}

type Asking = NonNullable<RunState['question']>['question']

async function* repeat(run: Run, question: Asking): AsyncGenerator<Said> {
  yield { kind: 'last', text: `I am not sure which one you mean. ${questionText(question, run.id)}` }
}

// What the client sends as the assistant's words is not trusted: the run must be the caller's own, and must be asking.
async function findAsking(muster: Muster, id: string, as: Principal) {
  try {
    const { summary, state } = await muster.state(id, as)
    if (summary.principal !== as.id || state.question === undefined || state.concluded !== undefined) return undefined
    return { run: await muster.run(id, as), question: state.question.question, seq: state.seq }
  } catch (error) {
    if (error instanceof MusterError && error.code === 'not-found') return undefined
    throw error
  }
}
