/** What a new holder of a run does first: jobs that nobody does any more are ended, and what they held is given back. */
import type { Problem } from '../core/index.ts'
import { askOutcome } from './ask.ts'
import { bindInputs } from './bind.ts'
import type { Flow } from './hall.ts'
import { giveBack } from './hold.ts'
import { nextMove } from './next-move.ts'

/** Interruptions that weigh as much as one failure: a process that ends says little about the work, unless it always does. */
const interruptionsPerFailure = 10

const interrupted: Problem = { code: 'closed', message: 'the process that ran it ended' }

/**
 * Ends the attempts that an earlier process left open. Work that changes nothing, and work whose provider honours keys,
 * is done again; of other work nobody knows whether it happened, and a person is asked.
 */
export async function recover(flow: Flow): Promise<void> {
  const { journal, registry, store } = flow
  for (const stepState of journal.state.steps.values()) {
    const { status, step } = stepState
    if (status.kind !== 'assigned') continue
    const { job } = status
    const capability = registry.capability(step.capability)
    const next =
      capability === undefined
        ? ({ kind: 'give-up', reason: `nobody offers \`${step.capability}\` here` } as const)
        : nextMove({
            capability,
            problem: interrupted,
            attempts: Math.floor(job.attempt / interruptionsPerFailure),
            others: true,
          })
    // Being interrupted says nothing about the agent: it may bid again.
    const move =
      next.kind === 'elsewhere' ? ({ kind: 'retry', same: false, reason: 'the work was interrupted' } as const) : next
    const event = { type: 'step.failed', step: step.id, job: job.id, problem: interrupted, next: move } as const
    if (move.kind === 'ask') {
      const bound = await bindInputs(store, journal.state, stepState)
      await askOutcome(
        flow,
        stepState,
        'gone' in bound ? {} : bound.values,
        job,
        move.reason,
        [event],
        giveBack(flow, job),
      )
    } else if (move.kind === 'give-up') {
      await journal.append(
        [event, { type: 'step.dropped', step: step.id, cause: 'failed', reason: move.reason }],
        giveBack(flow, job),
      )
    } else {
      await journal.append([event], giveBack(flow, job))
    }
  }
}
