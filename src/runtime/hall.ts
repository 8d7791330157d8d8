/** The parts that meet in the runtime, and what one claimed run has at hand. */
import type { Logger } from 'pino'
import type { BidRound, Registry, TrackRecord } from '../agents/index.ts'
import type { Bus } from '../bus/index.ts'
import type { Clock, Ids } from '../core/index.ts'
import type { Interpreter } from '../intent/index.ts'
import type { LocalNode } from '../nodes/index.ts'
import type { Drafter, Estimate } from '../planner/index.ts'
import type { Guard } from '../policy/index.ts'
import type { Store } from '../store/index.ts'
import type { Accuracies } from './accuracies.ts'
import type { Journal } from './journal.ts'

/** What agents did, kept over runs. */
export interface Records {
  of(agent: string, capability: string): TrackRecord
  add(agent: string, capability: string, outcome: { succeeded: boolean; promised: number; took: number }): void
}

/** What capabilities are expected to cost, from what was bid for them. */
export interface Estimates {
  of(capability: string): Estimate
  known(capability: string): boolean
  /** Takes note of a round of bids. */
  learn(round: BidRound): void
}

/** The parts of one process. */
export interface Hall {
  readonly store: Store
  readonly bus: Bus
  readonly clock: Clock
  readonly ids: Ids
  readonly log: Logger
  readonly registry: Registry
  readonly guard: Guard
  readonly node: LocalNode
  readonly interpreter: Interpreter | undefined
  /** Who drafts plans; without one they are composed. */
  readonly drafter: Drafter | undefined
  readonly records: Records
  readonly estimates: Estimates
  readonly accuracies: Accuracies
  /** Jobs that each agent is doing now, in this process. */
  readonly load: Map<string, number>
  /** Aborts when this Muster is closed: whoever waits here for news of a run waits in vain. */
  readonly closing: AbortSignal
}

/** One run in the hands of this process. */
export interface Flow extends Hall {
  readonly journal: Journal
  readonly tenant: string
  readonly fence: number
  /** Aborts when this process has lost the run or shuts down: nothing more may be done for it here. */
  readonly signal: AbortSignal
  /** Makes sure, before anything is dispatched, that the run is still held here. Rejects with `stale-fence` when it is not. */
  confirmHeld(): Promise<void>
  /** Aborts when the run is cancelled: work that changes nothing is cut off, work that may have acted is let end. */
  readonly cancelled: AbortSignal
  /** Aborts `cancelled`. */
  cancel(): void
}
