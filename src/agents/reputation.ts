/**
 * Reputation: what an agent's outcomes at one capability make of its word. Pure; a record never grows.
 *
 * 1. Counts are halved at 200 outcomes, so what an agent did long ago fades.
 * 2. `lateness` follows the median of actual over promised time, in logarithms: each success moves it towards what was
 *    seen, by at most a tenth (more while little is known) and never past it. One very late answer moves it no further
 *    than a slightly late one. (Ma, Muthukrishnan, Sandler 2013, "Frugal streaming for estimating quantiles".)
 * 3. `spread` follows the median distance from `lateness` in the same way.
 */
import type { TrackRecord } from './bid.ts'

const fadeAt = 200
const smallestStep = 0.1

// A newcomer counts as if it had succeeded 9 times in 10: good enough to be tried, weak enough to be overruled soon.
const prior = { succeeded: 9, failed: 1 }

/** The record of an agent that nothing is known of. */
export const emptyRecord: TrackRecord = { succeeded: 0, failed: 0, lateness: 1, spread: 1.25 }

/** The record after one more outcome; `promised` and `took` are milliseconds. The time of a failure says nothing. */
export function recordOutcome(
  record: TrackRecord,
  outcome: { readonly succeeded: boolean; readonly promised: number; readonly took: number },
): TrackRecord {
  const share = record.succeeded + record.failed >= fadeAt ? 0.5 : 1
  const succeeded = record.succeeded * share
  const failed = record.failed * share
  if (!outcome.succeeded) return { ...record, succeeded, failed: failed + 1 }
  const seen = Math.log(Math.max(outcome.took, 1) / Math.max(outcome.promised, 1))
  const step = Math.max(smallestStep, 1 / (record.succeeded + 1))
  const lateness = approach(Math.log(record.lateness), seen, step)
  const spread = approach(Math.log(record.spread), Math.abs(seen - lateness), smallestStep)
  return { succeeded: succeeded + 1, failed, lateness: Math.exp(lateness), spread: Math.exp(spread) }
}

/** `from`, moved towards `to` by at most `step`. */
function approach(from: number, to: number, step: number): number {
  return from + Math.max(-step, Math.min(step, to - from))
}

/** 0 to 1: the chance that the next work succeeds, the mean of a Beta distribution that starts at 0.9. */
export function reliabilityOf(record: TrackRecord): number {
  const succeeded = prior.succeeded + record.succeeded
  return succeeded / (succeeded + prior.failed + record.failed)
}
