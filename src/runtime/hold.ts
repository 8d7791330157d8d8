/** What a job holds while it runs: room on its node and money of its run. Taken in the write that assigns it, or not at all. */
import { capabilityId } from '../agents/index.ts'
import { type Digest, digestOf, MusterError } from '../core/index.ts'
import { holdAmounts, nodePool } from '../placement/index.ts'
import { budgetPool, moneyAmount } from '../policy/index.ts'
import type { Write } from '../store/index.ts'
import type { Assignment } from './assign.ts'
import type { Bound } from './bind.ts'
import type { Refs } from './event.ts'
import type { Flow } from './hall.ts'
import type { OpenJob, StepState } from './step-state.ts'

/** A job that holds what it needs, on disk. */
export interface HeldJob extends OpenJob {
  readonly device: string
  readonly giveUpAt: number
}

/** Least time that an attempt is given, in milliseconds, whatever it promised. */
const patience = 10_000

/** Records ruling, award and placement, and takes the holds with them; undefined when the room or the money is gone. */
export async function hold(
  { journal, clock, ids, drafter }: Flow,
  stepState: StepState,
  bound: Bound,
  { winner, ruling, placement, round }: Extract<Assignment, { kind: 'assigned' }>,
): Promise<HeldJob | undefined> {
  const { run, deadline } = journal.state
  const { agent, price, time } = winner.bid
  const step = stepState.step.id
  // Where nobody drafts a plan, it is composed.
  const drafts = drafter !== undefined && stepState.step.capability === capabilityId(drafter.capability)
  const job: HeldJob = {
    id: ids.next('job'),
    attempt: stepState.attempts + 1,
    agent,
    node: placement.node,
    device: placement.device,
    price,
    promised: time,
    giveUpAt: giveUpAt(clock.now(), deadline, time, drafts || round.ranked.length > 1),
    idempotencyKey: idempotencyKey(run, stepState, bound.refs),
  }
  const { attempt, idempotencyKey: key } = job
  try {
    await journal.append(
      [
        { type: 'step.ruled', step, agent, ruling },
        {
          type: 'step.assigned',
          step,
          attempt,
          job: job.id,
          agent,
          price,
          giveUpAt: job.giveUpAt,
          idempotencyKey: key,
          bids: round,
          placement,
        },
      ],
      [
        { kind: 'reserve', pool: nodePool(placement.node), id: job.id, amounts: holdAmounts(placement.hold) },
        { kind: 'reserve', pool: budgetPool(run), id: job.id, amounts: moneyAmount(price) },
      ],
    )
    return job
  } catch (error) {
    if (error instanceof MusterError && error.code === 'over-capacity') return undefined
    throw error
  }
}

/** The writes that give back everything a job held. */
export function giveBack(flow: Pick<Flow, 'journal'>, job: Pick<OpenJob, 'id' | 'node'>): readonly Write[] {
  return [
    { kind: 'release', pool: nodePool(job.node), id: job.id },
    { kind: 'release', pool: budgetPool(flow.journal.state.run), id: job.id },
  ]
}

// With somebody or something to fall back on, half of what is left is kept for that.
function giveUpAt(now: number, deadline: number, promised: number, others: boolean): number {
  const left = Math.max(0, deadline - now)
  return now + Math.min(Math.max(patience, 10 * promised), others ? left / 2 : left)
}

/** The same for every attempt at the same work, so that whatever acts under it acts once. */
function idempotencyKey(run: string, { step }: StepState, refs: Refs): Digest {
  const inputs = Object.fromEntries(
    Object.entries(refs).map(([port, ref]) => [port, 'digest' in ref ? ref.digest : ref.map(({ digest }) => digest)]),
  )
  return digestOf({ run, step: step.id, capability: step.capability, inputs })
}
