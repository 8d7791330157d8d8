/** What a plan should be best in, and what is known of how good it is. */
import type { Clock } from '../core/index.ts'

/**
 * What makes one plan better than another. Of equally good ones, the one with the fewest steps.
 * - `weight` (the default): price and time of all steps together, for every expected attempt.
 * - `size`: the number of steps.
 * - `path`: the number of steps on the longest chain of steps that wait for each other.
 * - `response-time`: milliseconds along the slowest such chain.
 * - `throughput`: calls a minute that the narrowest step can take; more is better.
 *
 * `within: 'shortest-path'` allows only plans whose longest chain is as short as can be.
 */
export type Objective =
  | { readonly best: 'weight' | 'size' | 'throughput'; readonly within?: 'shortest-path' }
  | { readonly best: 'path' | 'response-time' }

/** How long a better plan is looked for, once there is one. */
export interface Patience {
  readonly clock: Pick<Clock, 'now'>
  /** Milliseconds, from 0: the first plan will do. */
  readonly ms: number
}

/** How good a plan is, by the measure of its objective. */
export interface Proof {
  /** Whether no plan is better. */
  readonly optimal: boolean
  readonly value: number
  /** No plan has a better value than this. */
  readonly bound: number
}
