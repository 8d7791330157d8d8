/**
 * The funnel. Every step of every plan, every reading of a text and every call that an agent makes passes `performStep`;
 * there is no other way to an agent.
 *
 * 1. Nothing is dispatched before the ruling that permits it, its award, its placement and its holds are on disk.
 * 2. A step that has ended is recalled, never run again.
 * 3. Whatever ends an attempt gives back what it held in the same write that says so.
 */
import type { Capability } from '../agents/index.ts'
import { MusterError, sensitivities, sleep } from '../core/index.ts'
import { noTo, waitsForPeople } from './answers.ts'
import { askPeople } from './ask.ts'
import { assignStep } from './assign.ts'
import { attempt, letOut } from './attempt.ts'
import { type Bound, bindInputs } from './bind.ts'
import { openCalls } from './call.ts'
import { whySkipped, whyUnmet } from './choice.ts'
import { drop, dropForbidden } from './drop.ts'
import { whyForestalled } from './forestall.ts'
import type { DropCause } from './event.ts'
import type { Flow } from './hall.ts'
import { hold } from './hold.ts'
import { performLoop } from './loop.ts'
import { isPaused, type RunState } from './run.ts'
import type { StepState } from './step-state.ts'

/** Milliseconds between two looks for room on a full node. */
const roomPause = 50

/**
 * How a pass through the funnel ended. An asking step comes back when its approvals are closed or the run is resumed, an
 * expanded one when the steps for its items have ended.
 */
export type StepEnd = 'settled' | 'asking' | 'expanded'

/** Takes a step through the funnel until it has ended or people must act. Rejects when it is `wanted` no more. */
export async function performStep(flow: Flow, id: string, wanted = flow.signal): Promise<StepEnd> {
  const { journal, store, registry, clock } = flow
  for (;;) {
    wanted.throwIfAborted()
    const stepState = stepOf(journal.state, id)
    if (stepState.status.kind === 'succeeded' || stepState.status.kind === 'dropped') return 'settled'
    const no = noTo(journal.state, stepState)
    if (no !== undefined) return drop(flow, id, no.cause, no.reason)
    if (waitsForPeople(journal.state, stepState) || isPaused(journal.state, clock.now())) return 'asking'
    if (journal.state.cancelled !== undefined) return drop(flow, id, 'failed', 'the run was cancelled')
    if (clock.now() >= journal.state.deadline)
      return drop(flow, id, 'failed', 'the deadline passed before it could run')

    const capability = registry.capability(stepState.step.capability)
    if (capability === undefined) return drop(flow, id, 'failed', `nobody offers \`${stepState.step.capability}\` here`)
    const skipped = await whySkipped(store, journal.state, stepState.step)
    if (skipped !== undefined) return drop(flow, id, skipped.cause, skipped.gone)
    const bound = await bindInputs(store, journal.state, stepState)
    if ('gone' in bound) return drop(flow, id, bound.cause, bound.gone)
    const forestalled = whyForestalled(flow, stepState, capability, bound)
    if (forestalled !== undefined) return drop(flow, id, forestalled.cause, forestalled.gone)
    if (stepState.step.each !== undefined) return performLoop(flow, stepState, capability, bound)
    if (stepState.worked !== undefined) return letOut(flow, stepState, capability, bound, stepState.worked)
    const unfit = whyUnfit(capability, bound)
    if (unfit !== undefined) return drop(flow, id, unfit.cause, unfit.reason)

    const assignment = await assignStep(flow, stepState, capability, bound)
    if (assignment.kind === 'nobody') return drop(flow, id, 'failed', assignment.reason)
    if (assignment.kind === 'ruled-out') {
      const { agent, request, ruling } = assignment
      if (ruling.decision === 'escalate') return askPeople(flow, stepState, request, ruling)
      return dropForbidden(flow, id, agent, ruling)
    }
    const job = assignment.kind === 'full' ? undefined : await hold(flow, stepState, bound, assignment)
    if (job === undefined || assignment.kind === 'full') {
      await sleep(clock, roomPause, wanted)
      continue
    }
    const caller = { id, capability, bound, agent: job.agent }
    const calls = openCalls(flow, caller, async (child, wanted) =>
      (await performStep(flow, child, wanted)) === 'settled' ? 'settled' : 'asking',
    )
    const end = await attempt(flow, stepState, capability, bound, job, calls)
    if (end !== 'again') return end
  }
}

function stepOf(state: RunState, id: string): StepState {
  const stepState = state.steps.get(id)
  if (stepState === undefined) throw new MusterError('internal', `run \`${state.run}\` has no step \`${id}\``)
  return stepState
}

function whyUnfit(capability: Capability, bound: Bound): { cause: DropCause; reason: string } | undefined {
  const { sensitivity } = bound.labels
  if (sensitivities.indexOf(sensitivity) > sensitivities.indexOf(capability.sees)) {
    return {
      cause: 'denied',
      reason: `\`${capability.name}\` may see ${capability.sees} data at most, and this is ${sensitivity}`,
    }
  }
  return capability.when === undefined ? undefined : whyUnmet(capability.when, bound.values)
}
