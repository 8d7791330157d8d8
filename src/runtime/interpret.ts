/** From text to goal, for a claimed run: the reading is a step like any other, what it means is decided by the interpreter. */
import { capabilityId } from '../agents/index.ts'
import { MusterError, parse } from '../core/index.ts'
import { interpret, limitsOf, Reading } from '../intent/index.ts'
import { budgetPool, moneyAmount } from '../policy/index.ts'
import { openRef } from './bind.ts'
import { cancelledBy, type Verdict } from './conclude.ts'
import type { Flow } from './hall.ts'
import { recordedGoal, sealGiven } from './intake.ts'
import { pursue } from './pursue.ts'

/** What came of it: the goal is in the journal, somebody must answer, or the run ends here. */
export type Interpreted =
  | { readonly kind: 'clear' }
  | { readonly kind: 'waiting'; readonly until: number }
  | { readonly kind: 'end'; readonly verdict: Verdict }

const readStep = 'read'

/** Makes sure that the run has a typed goal. */
export async function interpretGoal(flow: Flow): Promise<Interpreted> {
  const { journal, interpreter, store, clock } = flow
  const { state } = journal
  const end = (outcome: Verdict['outcome'], reason: string): Interpreted => ({
    kind: 'end',
    verdict: { outcome, reason, outputs: {} },
  })
  const clear = (): Interpreted =>
    state.dryRun ? end('succeeded', 'a dry run: the text was read and nothing was done') : { kind: 'clear' }
  if (state.goal !== undefined) return clear()
  if (interpreter === undefined || state.text === undefined)
    return end('failed', 'nothing here turns a text into a goal')
  if (!state.steps.has(readStep)) {
    const step = { id: readStep, capability: capabilityId(interpreter.capability), inputs: {}, after: [] }
    const [port = 'text'] = Object.keys(interpreter.capability.takes)
    await journal.append([{ type: 'step.called', step, parent: undefined, inputs: { [port]: state.text } }])
  }
  const pursuit = await pursue(flow, [readStep])
  if (pursuit.kind === 'waiting') return pursuit
  if (state.cancelled !== undefined) return { kind: 'end', verdict: cancelledBy(state.cancelled) }
  const status = state.steps.get(readStep)?.status
  if (status?.kind !== 'succeeded') {
    const reason = status?.kind === 'dropped' ? status.reason : 'the text was not read'
    return end(status?.kind === 'dropped' && status.cause === 'denied' ? 'denied' : 'failed', reason)
  }

  const [output] = Object.values(status.outputs)
  if (output === undefined) throw new MusterError('internal', 'the reading has no output')
  const text = String(await openRef(store, state.text))
  const reading = await parse(Reading.schema, await openRef(store, output), 'the reading')
  const found = interpret(interpreter, { text, reading, answers: state.answers, principal: state.principal })
  if (found.kind === 'outside') return end('outside', found.text)
  if (found.kind === 'unclear') {
    if (clock.now() >= state.deadline) return end('failed', 'nobody answered the question in time')
    if (state.question === undefined)
      await journal.append([{ type: 'question.asked', question: found.question, expiresAt: state.deadline }])
    return { kind: 'waiting', until: state.deadline }
  }
  const vouched = new Set(Object.keys(interpreter.given(state.principal)))
  const { refs, blobs } = sealGiven(found.goal.given, state.principal, vouched)
  const limits = limitsOf(found.goal)
  await journal.append(
    [
      {
        type: 'goal.interpreted',
        goal: recordedGoal(found.goal),
        given: refs,
        understood: found.understood,
        outside: found.outside,
        deadline: Math.max(state.deadline, state.declaredAt + limits.deadline),
        budget: limits.budget,
      },
    ],
    [...blobs, { kind: 'pool', pool: budgetPool(state.run), capacity: moneyAmount(limits.budget) }],
  )
  return clear()
}
