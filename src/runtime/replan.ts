/**
 * Plans what is left once more: when a step was given up or refused, limits or data have changed, or what is left does not
 * fit them any more.
 * 1. Nothing runs meanwhile; what is finished stays, and what waits for people goes on waiting if it is still of use.
 * 2. What failed is not tried again on the same data until a person changes something; what was refused never is.
 * 3. While something may have changed the world and nobody knows what came of it, no other way is tried: that is for
 *    people to settle. What waits for their word on that stays in every revision.
 * 4. The plan, what has changed and why are one event; without another way the plan is kept, and that is an event too.
 */
import { isDeepStrictEqual } from 'node:util'
import {
  type Barred,
  differenceOf,
  type Finished,
  givesOf,
  type Plan,
  revise,
  type Step,
  verify,
} from '../planner/index.ts'
import { withdraw } from '../policy/index.ts'
import { closing, openApprovalsOf } from './answers.ts'
import type { RunEventBody } from './event.ts'
import { isUnsettled, mayHaveActed } from './doubt.ts'
import type { Flow } from './hall.ts'
import { afterAnswers } from './inbox.ts'
import { quotePlan } from './quote.ts'
import { openProblem } from './problem.ts'
import { reviewOf } from './review.ts'
import type { RunState } from './run.ts'
import type { StepState } from './step-state.ts'

/** Most revisions of a plan until a person changes something. */
const mostRevisions = 5

// Prices are learned by asking, so a revision may turn out too dear and be revised in turn.
const mostQuotes = 3

/** Adopts a revision of the plan `old`, or records why it is kept. */
export async function replan(flow: Flow, old: Plan): Promise<void> {
  const { journal, clock } = flow
  const { state } = journal
  const because = whyNow(state)
  const keep = (why: string) => journal.append([{ type: 'plan.kept', reason: `${because}; ${why}` }])
  if (clock.now() >= state.deadline) return keep('the deadline has passed')
  if (state.revisions >= mostRevisions) return keep(`the plan was changed ${mostRevisions} times already`)
  const unsure = [...state.steps.values()].find(step => mayHaveActed(flow, step))
  if (unsure !== undefined) {
    return keep(`\`${unsure.step.capability}\` may have changed something, so no other way is tried`)
  }
  const problem = problemLeft(flow, old)
  if ('unknown' in problem) return keep(`no capability here speaks of \`${problem.unknown}\``)
  const inTime = { ...problem, time: state.deadline - clock.now() }
  const fastest = revise(old, inTime)
  // Time is only reckoned with: what may be late is better than nothing.
  const limits = fastest.kind === 'unsolvable' ? problem : inTime
  let revised = fastest.kind === 'unsolvable' ? revise(old, problem) : fastest
  for (let quotes = 0; revised.kind === 'revised' && quotes < mostQuotes; quotes++) {
    const { plan, why } = revised
    const forecast = await quotePlan(flow, plan, problem, flow.signal)
    if (verify(plan, limits).length > 0) {
      revised = revise(old, limits)
      continue
    }
    const left = [...state.steps.values()].find(one => isUnsettled(flow, one) && !stands(state, one.step.id, plan))
    if (left !== undefined) {
      return keep(`\`${left.step.capability}\` may have changed something, and the other way does without it`)
    }
    const review = reviewOf(flow, plan, forecast)
    const difference = differenceOf(old, plan)
    return afterAnswers(flow, () => {
      const { events, writes } = closing(
        openApprovalsOf(state).flatMap(approval => {
          const moot = approval.step === undefined || !stands(state, approval.step, plan)
          return moot ? withdraw(approval, 'the plan has changed') : []
        }),
      )
      const revision = state.revision + 1
      return journal.append(
        [
          ...replaced(state, old, plan, revision),
          ...events,
          { type: 'plan.adopted', plan, revision, forecast, why, revised: { because, difference, review } },
        ],
        writes,
      )
    })
  }
  if (revised.kind === 'valid') return keep('the plan holds as it is')
  if (revised.kind === 'revised') return keep('every other way costs or takes too much')
  return keep(
    `there is no other way: ${revised.missing.map(one => `\`${one.what}\` cannot be had: ${one.because}`).join('; ')}`,
  )
}

function whyNow({ broken, changed, doubt, steps }: RunState): string {
  const given = [...broken].flatMap(id => {
    const status = steps.get(id)?.status
    return status?.kind === 'dropped'
      ? [`\`${id}\` ${status.cause === 'denied' ? 'was refused' : 'was given up'}: ${status.reason}`]
      : []
  })
  return [...(changed ? ['limits or data have changed'] : []), ...(doubt === undefined ? [] : [doubt]), ...given].join(
    '; ',
  )
}

/** The planning problem that is left; or the concept that nobody here knows. */
function problemLeft(flow: Flow, { steps }: Plan): ReturnType<typeof openProblem> {
  const { registry } = flow
  const { state } = flow.journal
  const asked = openProblem(flow)
  if ('unknown' in asked) return asked
  const ended = [...state.steps.values()].filter(({ plan, parent }) => plan !== undefined && parent === undefined)
  const done = steps
    .flatMap(({ id }) => state.steps.get(id) ?? [])
    .filter(isFinished)
    .toSorted((a, b) => (a.ended ?? 0) - (b.ended ?? 0))
    .map(({ step, status }): Finished => {
      if (status.kind !== 'succeeded') return { step, gives: hasChoice(step, steps) ? {} : givesOf(step, asked) }
      const gives = Object.entries(status.outputs).flatMap(([output, { concept }]) => {
        const known = registry.concept(concept)
        return known === undefined ? [] : [[output, known] as const]
      })
      return { step, gives: Object.fromEntries(gives) }
    })
  const lost = ended.filter(step => step.status.kind === 'dropped' && !isFinished(step))
  const without = lost.flatMap(({ step, status, ended = 0 }): readonly Barred[] => {
    if (status.kind !== 'dropped') return []
    const barred = status.cause === 'denied' || (status.cause === 'failed' && ended > state.changedAt)
    return barred ? [{ capability: step.capability, inputs: step.inputs }] : []
  })
  return { ...asked, done, without, used: lost.map(({ step }) => step.id) }
}

/** Nothing to do is a way of being finished. */
function isFinished({ status }: StepState): boolean {
  return status.kind === 'succeeded' || (status.kind === 'dropped' && status.cause === 'condition')
}

/** Whether a step has an alternative, or is one: that it was skipped does not mean that there is nothing to do. */
function hasChoice({ id, unless }: Step, steps: readonly Step[]): boolean {
  return unless !== undefined || steps.some(other => other.unless?.includes(id))
}

/** Whether a step, or the one that called it, is in `plan` just as it is. */
function stands(state: RunState, id: string, plan: Plan): boolean {
  const found = state.steps.get(id)
  if (found?.parent !== undefined) return stands(state, found.parent, plan)
  return plan.steps.some(step => isDeepStrictEqual(step, found?.step))
}

/** Steps that have not ended and that the revision does without. */
function replaced(state: RunState, old: Plan, plan: Plan, revision: number): readonly RunEventBody[] {
  const kept = new Set(plan.steps.map(({ id }) => id))
  return old.steps.flatMap(({ id }): readonly RunEventBody[] => {
    const kind = state.steps.get(id)?.status.kind
    if (kept.has(id) || kind === 'succeeded' || kind === 'dropped') return []
    return [
      { type: 'step.dropped', step: id, cause: 'replaced', reason: `revision ${revision} of the plan does without it` },
    ]
  })
}
