/**
 * What may come of the steps of a plan, tried many times over: chances multiply along chains and across branches in ways
 * that no sum of ranges shows. (Van Slyke 1963, "Monte Carlo methods and the PERT problem".) Seeded: the same steps, the
 * same answer.
 */
import { seeded } from '../agents/index.ts'
import type { Range } from './problem.ts'

/** A step as it is tried: how it may come out, and the places of the steps that it waits for, all before its own. */
export interface Trial {
  readonly price: Range
  readonly time: Range
  /** 0 to 1: the chance that one attempt fails. */
  readonly failing: number
  /** 0 to 1: the chance that its condition holds; 1 where it has none. */
  readonly holds: number
  readonly after: readonly number[]
  /** It runs only when of each of these groups one delivers; an empty group is no need. */
  readonly needs: readonly (readonly number[])[]
  /** It runs only when none of these delivers. */
  readonly unless: readonly number[]
  /** 0 to 1: the chance that it does not deliver though it runs, which others stand in for. */
  readonly missing: number
}

/** How often what comes of it lies between two bounds. */
export const coverage = 0.9

/** The bounds of something within `coverage`. */
export interface Bounds {
  readonly low: number
  readonly high: number
}

/** What trying showed: bounds of the whole plan, and of each step with the share of tries in which it ran. */
export interface Simulation {
  readonly cost: Bounds
  readonly time: Bounds
  readonly steps: readonly { readonly cost: Bounds; readonly time: Bounds; readonly runs: number }[]
}

// Enough that bounds are good to one or two parts in a hundred; a long plan is tried less often, and evens out by itself.
const mostRounds = 300
const leastRounds = 150
const mostWork = 10_000
// Attempts at a step after which it is given up.
const mostAttempts = 5

// The logarithm of the odds of lying below the upper bound.
const oddsAtBound = Math.log((1 + coverage) / (1 - coverage))

/** Tries `trials`, which are listed in an order in which they could run, until they succeed. */
export function simulate(trials: readonly Trial[]): Simulation {
  const rounds = Math.max(leastRounds, Math.min(mostRounds, Math.floor(mostWork / Math.max(1, trials.length))))
  const random = seeded(trials.length)
  const scaled = trials.map(trial => ({ ...trial, price: scaleOf(trial.price), time: scaleOf(trial.time) }))
  const cost = new Float64Array(rounds)
  const time = new Float64Array(rounds)
  const costs = trials.map(() => new Float64Array(rounds))
  const times = trials.map(() => new Float64Array(rounds))
  const ends = new Float64Array(trials.length)
  const ran = new Uint8Array(trials.length)
  const runs = new Float64Array(trials.length)
  for (let round = 0; round < rounds; round++) {
    for (const [at, trial] of scaled.entries()) {
      const begins = trial.after.reduce((latest, before) => Math.max(latest, ends[before] ?? 0), 0)
      const delivered = (before: number) => ran[before] === 1
      const needed = trial.needs.every(group => group.length === 0 || group.some(delivered))
      const going = needed && !trial.unless.some(delivered) && (trial.holds >= 1 || random() < trial.holds)
      const succeeds = going && (trial.missing <= 0 || random() >= trial.missing)
      const price = succeeds ? draw(trial.price, random) : 0
      const took = going ? timeUntilDone(trial, random) : 0
      ran[at] = succeeds ? 1 : 0
      runs[at] = (runs[at] ?? 0) + (going ? 1 : 0)
      ends[at] = begins + took
      note(costs[at], round, price)
      note(times[at], round, took)
      cost[round] = (cost[round] ?? 0) + price
      time[round] = Math.max(time[round] ?? 0, begins + took)
    }
  }
  return {
    cost: boundsOf(cost),
    time: boundsOf(time),
    steps: trials.map((_, at) => ({
      cost: boundsOf(costs[at]),
      time: boundsOf(times[at]),
      runs: (runs[at] ?? 0) / rounds,
    })),
  }
}

function note(row: Float64Array | undefined, round: number, value: number): void {
  if (row) row[round] = value
}

/** Every attempt takes its time, and only the last one succeeds. */
function timeUntilDone(
  { time, failing }: { readonly time: Scale; readonly failing: number },
  random: () => number,
): number {
  let took = draw(time, random)
  for (let tries = 1; tries < mostAttempts && random() < failing; tries++) took += draw(time, random)
  return took
}

/** Amounts that come out around `likely`; as logarithms of one more, so that nothing is an amount too. */
interface Scale {
  readonly likely: number
  readonly down: number
  readonly up: number
  readonly fixed: number | undefined
}

function scaleOf({ low, likely, high }: Range): Scale {
  const middle = Math.log1p(likely)
  return {
    likely: middle,
    down: (middle - Math.log1p(low)) / oddsAtBound,
    up: (Math.log1p(high) - middle) / oddsAtBound,
    fixed: low === high ? likely : undefined,
  }
}

/**
 * An amount, as often above as below `likely`, and within the range with the chance `coverage`: of a log-logistic
 * distribution whose two halves are as wide as the range is. Its tails are those of times that people wait for.
 */
function draw({ likely, down, up, fixed }: Scale, random: () => number): number {
  if (fixed !== undefined) return fixed
  const share = random()
  const odds = Math.log((share + tiny) / (1 - share))
  return Math.max(0, Math.expm1(likely + odds * (odds < 0 ? down : up)))
}

// No odds are none.
const tiny = 1e-12

function boundsOf(values: Float64Array = new Float64Array()): Bounds {
  const sorted = values.toSorted()
  const place = (share: number) => sorted[Math.round(share * (sorted.length - 1))] ?? 0
  return { low: place((1 - coverage) / 2), high: place((1 + coverage) / 2) }
}
