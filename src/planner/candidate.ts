/** What a plan may be made of. */
import type { Capability } from '../agents/index.ts'
import { sharesOf } from '../intent/index.ts'
import type { Datum } from './datum.ts'
import type { Estimate, Problem } from './problem.ts'
import type { Milestone } from './tasks/network.ts'

interface Move {
  /** Its place in the space. */
  readonly index: number
  readonly id: string
  readonly needs: readonly number[]
  readonly gives: readonly number[]
  readonly removes: readonly number[]
  /** Whether a plan has it once at most: facts may speak of what it makes, or a task counts on it. */
  readonly singular: boolean
  /** What it adds to the cost of a plan. */
  readonly weight: number
  readonly estimate: Estimate
}

/** A step that a plan may have. */
export interface StepCandidate extends Move {
  readonly capability: Capability
  /** The data at ports where it matters which; the others take any datum of their concept. */
  readonly bound: ReadonlyMap<string, Datum>
  readonly part?: PartOfTask
}

/** What a step is in a task, when a method asks for it. */
export interface PartOfTask {
  readonly key: string
  /** Keys of parts and milestones that must be done before. */
  readonly after: readonly string[]
  /** Facts that methods require of data before it is done. */
  readonly demands: readonly { readonly fact: string; readonly about: readonly Datum[] }[]
  /** Conditions of methods, all of which must hold, or must not. */
  readonly guards: readonly {
    readonly condition: string
    readonly holds: boolean
    readonly over: ReadonlyMap<string, Datum>
  }[]
}

/** The end of a task or of a method: no step of a plan and no work, it only says what has been done. */
export interface EndCandidate extends Move {
  readonly capability: undefined
  readonly milestone: Milestone
  /** Outputs of the task that are had here, and not from one certain step. */
  readonly outputs: ReadonlyMap<string, Datum>
}

export type Candidate = StepCandidate | EndCandidate

// Of what an earlier plan has a use for, as little as is needed.
const preferredWeight = 0.01

/**
 * What a step of `capability` adds to the cost of a plan: micro-dollars and milliseconds, both once for every expected
 * attempt, each as much as the trade-off says (alike by default); the share of quality is the power to which failing counts. A step
 * costs 1 even when it is free and takes no time, so that of two plans the shorter one wins. A loop counts for all its `turns`.
 */
export function weigh(
  { price, time, reliability }: Estimate,
  capability: string,
  { prefer = [], tradeoff }: Problem,
  turns = 1,
): number {
  if (prefer.includes(capability)) return preferredWeight
  if (tradeoff === undefined) return ((price + time) / Math.max(reliability, 0.01) + 1) * turns
  const { cost, latency, quality } = sharesOf(tradeoff)
  const spent = 3 * (cost * price + latency * time)
  return (spent / Math.max(reliability, 0.01) ** (3 * quality) + 1) * turns
}
