/** What is expected of capabilities: from bids, from the records of those who bid, and from what became of such forecasts before. */
import { type BidRound, emptyRecord, recordOutcome, type ScoredBid, type TrackRecord } from '../agents/index.ts'
import type { Asked, Estimate, Range } from '../planner/index.ts'
import type { Accuracies } from './accuracies.ts'
import { type Accuracy, rangeOf } from './accuracy.ts'
import type { Estimates, Records } from './hall.ts'

const unknown: Estimate = { price: 0, time: 50, reliability: 0.98 }

// Those could win whose score comes this near to the best: a little more load or a little less luck, and they do.
const nearTheBest = 0.9
// Median deviations between the middle and a bound of a normal distribution that holds nine cases in ten.
const deviations = 2.44
// How many steps what is known of agents weighs as much as, against what became of their work.
const weightOfRecords = 20

/** What a round of bids promises. */
interface Quote {
  readonly asked: Asked
  readonly prices: Range
  readonly times: Range
  /** 0 to 1: the chance that the best of them fails, and that all do. */
  readonly failing: number
  readonly risk: number
}

/** Remembers the latest round of bids for every capability, and holds it against what became of such before. */
export function createEstimates(records: Records, accuracies: Accuracies): Estimates {
  const latest = new Map<string, Quote>()
  const made = new Map<string, { quote: Quote | undefined; accuracy: Accuracy | undefined; estimate: Estimate }>()
  return {
    of: capability => {
      const quote = latest.get(capability)
      const accuracy = accuracies.of(capability)
      const known = made.get(capability)
      if (known?.quote === quote && known?.accuracy === accuracy && known !== undefined) return known.estimate
      const estimate = estimateFrom(quote ?? (accuracy && quoteOf(accuracy)), accuracy)
      made.set(capability, { quote, accuracy, estimate })
      return estimate
    },
    known: capability => latest.has(capability),
    learn: round => {
      const quote = quoteIn(round, agent => records.of(agent, round.announcement.capability))
      if (quote !== undefined) latest.set(round.announcement.capability, quote)
    },
  }
}

/** Those of a round who could win. */
export function contendersOf({ ranked }: Pick<BidRound, 'ranked'>): readonly ScoredBid[] {
  return ranked.filter(({ score }) => score >= (ranked[0]?.score ?? 0) * nearTheBest)
}

function quoteIn(round: BidRound, recordOf: (agent: string) => TrackRecord): Quote | undefined {
  const best = round.ranked[0]?.bid
  if (best === undefined) return undefined
  const contenders = contendersOf(round).map(({ bid }) => ({ bid, record: recordOf(bid.agent) }))
  const prices = contenders.map(({ bid }) => bid.price)
  const least = contenders.map(({ bid, record }) => (bid.time * record.lateness) / record.spread ** deviations)
  const most = contenders.map(({ bid, record }) => bid.time * record.lateness * record.spread ** deviations)
  return {
    asked: { price: best.price, time: best.time },
    prices: { low: Math.min(...prices), likely: best.price, high: Math.max(...prices) },
    times: { low: Math.min(...least), likely: best.time * recordOf(best.agent).lateness, high: Math.max(...most) },
    failing: failureOf(recordOf(best.agent)),
    // A step fails when all who bid for it fail.
    risk: round.ranked.reduce((chance, { bid }) => chance * failureOf(recordOf(bid.agent)), 1),
  }
}

// An agent without a record is taken to fail once in fifty times.
function failureOf({ succeeded, failed }: TrackRecord): number {
  return (1 + failed) / (50 + succeeded + failed)
}

/** What was asked the last time, when nobody has been asked here yet. */
function quoteOf({ asked }: Accuracy): Quote {
  const { lateness, spread } = emptyRecord
  const factor = lateness * spread ** deviations
  return {
    asked,
    prices: { low: asked.price, likely: asked.price, high: asked.price },
    times: { low: asked.time / factor, likely: asked.time, high: asked.time * factor },
    failing: failureOf(emptyRecord),
    risk: failureOf(emptyRecord),
  }
}

function estimateFrom(quote: Quote | undefined, accuracy: Accuracy | undefined): Estimate {
  if (quote === undefined) return unknown
  const { asked } = quote
  const { succeeded = 0, failed = 0, skipped = 0, failures = 0 } = accuracy ?? {}
  const prices = rangeOf('price', asked.price, quote.prices, accuracy?.prices ?? {})
  const times = rangeOf('time', asked.time, quote.times, accuracy?.times ?? {})
  const share = (prior: number, count: number, of: number) => (prior * weightOfRecords + count) / (weightOfRecords + of)
  return {
    price: Math.ceil(prices.likely),
    time: times.likely,
    reliability: 1 - share(quote.risk, failed, succeeded + failed),
    prices,
    times,
    failing: share(quote.failing, failures, succeeded + failures),
    holds: (1 + succeeded + failed) / (2 + succeeded + failed + skipped),
    asked,
  }
}

/** Remembers what agents did. A process's own memory: losing it costs accuracy. */
export function createRecords(): Records {
  const records = new Map<string, TrackRecord>()
  const key = (agent: string, capability: string) => `${agent} ${capability}`
  const of = (agent: string, capability: string) => records.get(key(agent, capability)) ?? emptyRecord
  return {
    of,
    add: (agent, capability, outcome) => {
      records.set(key(agent, capability), recordOutcome(of(agent, capability), outcome))
    },
  }
}
