/**
 * How true forecasts of a capability have been, and what that makes of the next one. Pure; it never grows.
 *
 * 1. Everything is counted against what agents asked for, not against the forecast, so that forecasts which learn do not
 *    chase themselves.
 * 2. Ratios of actual over asked are counted by eighths of an octave; nothing is known better than to about 5 %.
 * 3. Counts are halved at 200 steps, so that what was long ago fades.
 */
import type { Asked, Range } from '../planner/index.ts'
import { isWithin, type StepOutturn } from './outturn.ts'

/** Counts by the eighth of an octave of the ratio: `"0"` as asked, `"8"` twice that. */
export type Ratios = Readonly<Record<string, number>>

/** Sums over steps: micro-dollars and milliseconds of those that succeeded, and how many failed or were to fail. */
interface Sums {
  readonly cost: number
  readonly time: number
  readonly failed: number
}

/** What became of the forecasts of one capability. Counts are fractions once they have faded. */
export interface Accuracy {
  /** The latest. */
  readonly asked: Asked
  readonly succeeded: number
  readonly failed: number
  /** Steps whose condition did not hold. */
  readonly skipped: number
  /** Attempts that failed, of steps that succeeded or failed. */
  readonly failures: number
  readonly forecast: Sums
  readonly actual: Sums
  /** How many of those that succeeded came out within their ranges. */
  readonly within: { readonly cost: number; readonly time: number }
  readonly prices: Ratios
  readonly times: Ratios
}

const none: Sums = { cost: 0, time: 0, failed: 0 }
const fadeAt = 200
const eighth = 8
const farthest = 6 * eighth

// Added to both sides of a ratio: what lies far below counts as nothing. Micro-dollars, milliseconds.
const smallest = { price: 1000, time: 1 }

/** What is known after one more step has ended; unchanged by one that was kept back or is open. */
export function learn(known: Accuracy | undefined, { forecast, ...came }: StepOutturn): Accuracy {
  const before = faded(known ?? unknownTo(forecast.asked))
  if (!isTelling(came)) return before
  const { asked, risk } = forecast
  if (came.end === 'skipped') return { ...before, asked, skipped: before.skipped + 1 }
  const failures = before.failures + came.failures
  const expected = { ...before.forecast, failed: before.forecast.failed + risk }
  if (came.end === 'failed') {
    const actual = { ...before.actual, failed: before.actual.failed + 1 }
    return { ...before, asked, failures, failed: before.failed + 1, forecast: expected, actual }
  }
  const { charged, took, worked } = came
  const { cost, time } = forecast
  const share = (range: Range, amount: number) => (isWithin(range, amount) ? 1 : 0)
  return {
    ...before,
    asked,
    failures,
    succeeded: before.succeeded + 1,
    forecast: { ...expected, cost: expected.cost + cost.likely, time: expected.time + time.likely },
    actual: { ...before.actual, cost: before.actual.cost + charged, time: before.actual.time + took },
    within: { cost: before.within.cost + share(cost, charged), time: before.within.time + share(time, took) },
    prices: counted(before.prices, charged, asked.price, smallest.price),
    times: counted(before.times, worked, asked.time, smallest.time),
  }
}

/**
 * Whether something can be learned from how a step ended: it did what it could, or there was nothing to do. A loop tells
 * of its list more than of the work.
 */
export function isTelling({ end, items }: Pick<StepOutturn, 'end' | 'items'>): boolean {
  return items === undefined && end !== 'open' && end !== 'kept-back'
}

function unknownTo(asked: Asked): Accuracy {
  const nothing = { succeeded: 0, failed: 0, skipped: 0, failures: 0, within: { cost: 0, time: 0 } }
  return { asked, ...nothing, forecast: none, actual: none, prices: {}, times: {} }
}

function faded(known: Accuracy): Accuracy {
  if (known.succeeded + known.failed + known.skipped < fadeAt) return known
  const half = (numbers: Ratios) => Object.fromEntries(Object.entries(numbers).map(([key, count]) => [key, count / 2]))
  const sums = ({ cost, time, failed }: Sums): Sums => ({ cost: cost / 2, time: time / 2, failed: failed / 2 })
  const { asked, succeeded, failed, skipped, failures, forecast, actual, within, prices, times } = known
  return {
    asked,
    succeeded: succeeded / 2,
    failed: failed / 2,
    skipped: skipped / 2,
    failures: failures / 2,
    forecast: sums(forecast),
    actual: sums(actual),
    within: { cost: within.cost / 2, time: within.time / 2 },
    prices: half(prices),
    times: half(times),
  }
}

function counted(ratios: Ratios, actual: number, asked: number, least: number): Ratios {
  const bin = binOf(actual, asked, least)
  return { ...ratios, [bin]: (ratios[bin] ?? 0) + 1 }
}

function binOf(actual: number, asked: number, least: number): number {
  const octaves = Math.log2((actual + least) / (asked + least))
  return Math.max(-farthest, Math.min(farthest, Math.round(octaves * eighth)))
}

// What bids and agents' records say weighs as much as this many steps, with a tenth at each end of its range.
const weightOfBids = 4
const atEnds = 0.1

/**
 * The range of what will come of `asked`: what bids promise (`promised`), and more and more what came of such promises
 * (`ratios`). Its bounds leave out one case in twenty at each end.
 */
export function rangeOf(kind: 'price' | 'time', asked: number, promised: Range, ratios: Ratios): Range {
  const least = smallest[kind]
  const counts = new Map(Object.entries(ratios).map(([bin, count]) => [Number(bin), count]))
  const add = (at: number, share: number) => {
    const bin = binOf(at, asked, least)
    counts.set(bin, (counts.get(bin) ?? 0) + share * weightOfBids)
  }
  add(promised.low, atEnds)
  add(promised.likely, 1 - 2 * atEnds)
  add(promised.high, atEnds)
  const sorted = [...counts].sort(([a], [b]) => a - b)
  const total = sorted.reduce((sum, [, count]) => sum + count, 0)
  const amount = (share: number, edge: number) => {
    const bin = binAt(sorted, share * total)
    // What came exactly as asked comes so again; elsewhere a bound is the far edge of its eighth.
    const ratio = 2 ** ((bin === 0 ? 0 : bin + edge) / eighth)
    return Math.max(0, (asked + least) * ratio - least)
  }
  return { low: amount(0.05, -0.5), likely: amount(0.5, 0), high: amount(0.95, 0.5) }
}

function binAt(sorted: readonly (readonly [number, number])[], count: number): number {
  let below = 0
  for (const [bin, here] of sorted) {
    below += here
    if (below >= count) return bin
  }
  return sorted.at(-1)?.[0] ?? 0
}
