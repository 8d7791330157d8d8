/**
 * Facts while a plan runs: a plan counts on what its steps bring about, and a step may be dropped. What has succeeded is
 * taken in the order of the plan, which every order in which it may run agrees with.
 */
import { lackingAtEnd, lackingBefore, type Step } from '../planner/index.ts'
import type { DropCause } from './event.ts'
import type { Flow } from './hall.ts'
import type { RunState } from './run.ts'

/** A fact that does not hold where the plan counted on it, and how what needs it ends because of that. */
export interface Lack {
  readonly cause: DropCause
  readonly reason: string
}

type View = Pick<Flow, 'registry'> & { readonly journal: { readonly state: RunState } }

/** The first fact that a step of the plan requires and that does not hold. */
export function whyLacking(flow: View, step: Step): Lack | undefined {
  const { state } = flow.journal
  const steps = state.plan?.steps ?? []
  const at = steps.findIndex(({ id }) => id === step.id)
  if (at < 0) return undefined
  const earlier = steps.slice(0, at)
  return lackOf(
    flow,
    earlier,
    lackingBefore(
      { ...step, inputs: withoutGone(state, step) },
      worldOf(flow),
      earlier.filter(({ id }) => hasSucceeded(state, id)),
    ),
  )[0]
}

/** The wanted facts that do not hold at the end. */
export function missedFacts(flow: View): readonly Lack[] {
  const { state } = flow.journal
  const steps = state.plan?.steps ?? []
  const done = steps.filter(({ id }) => hasSucceeded(state, id))
  return lackOf(flow, steps, lackingAtEnd(worldOf(flow), done))
}

function worldOf({ registry, journal: { state } }: View) {
  const { facts = [], achieve = [] } = state.goal ?? {}
  return { capabilities: registry.capabilities, facts, achieve }
}

function hasSucceeded(state: RunState, id: string): boolean {
  return state.steps.get(id)?.status.kind === 'succeeded'
}

/** A list goes on without the data that will not come. */
function withoutGone(state: RunState, { inputs }: Step): Step['inputs'] {
  return Object.fromEntries(
    Object.entries(inputs).map(([port, input]) => [
      port,
      'from' in input ? input : input.filter(source => source.from === 'given' || hasSucceeded(state, source.step)),
    ]),
  )
}

function lackOf(flow: View, earlier: readonly Step[], lacking: ReturnType<typeof lackingAtEnd>): readonly Lack[] {
  const { steps } = flow.journal.state
  return lacking.map(({ text, isBroughtBy }) => {
    const status = steps.get(earlier.findLast(isBroughtBy)?.id ?? '')?.status
    if (status?.kind !== 'dropped') return { cause: 'unreachable', reason: `\`${text}\` does not hold` }
    // Nothing to do stays nothing to do, and a no stays a no.
    const cause = status.cause === 'failed' ? 'unreachable' : status.cause
    return { cause, reason: `\`${text}\` does not hold: ${status.reason}` }
  })
}
