/**
 * The contract net (Smith 1980): a role is announced, agents bid, and the bids are ranked.
 *
 * 1. Every bidder is asked once, all at the same time. Bidding closes when all have answered or at `closesAt`.
 * 2. Whatever a bidder does (throws, hangs, offers nonsense), the others are judged as if it were not there.
 * 3. The same offers give the same ranking, in whatever order they came.
 *
 * The score of a bid is `cost share × cost + latency share × latency + quality share × quality × reliability`, with
 *   cost        (cheapest + $0.001) / (price + $0.001)
 *   latency     (fastest + 1 ms) / (expected time + 1 ms); expected is the promised time, times its lateness if above 1
 *   quality     confidence / highest confidence
 *   reliability the chance that it succeeds, from its record (`reliabilityOf`)
 * The best of a round has 1 in each of the first three. The amounts that are added keep free from being infinitely
 * better than nearly free. A bid that is worse in something and better in nothing never comes before the better one.
 */
import { type Clock, duration, formatUsd, type Ids, microUsd, MusterError, withDeadline } from '../core/index.ts'
import type { Agent } from './agent.ts'
import type { Announcement, Bid, BidRound, ScoredBid, TrackRecord } from './bid.ts'
import { offerIssues, offerSchema } from './offer.ts'
import { compareText } from './order.ts'
import { reliabilityOf } from './reputation.ts'

/** One round of bidding: who is asked, and what is known of them. */
interface Auction {
  readonly announcement: Announcement
  /** Each once. */
  readonly bidders: readonly Agent[]
  /** The jobs that an agent, by id, is doing now. */
  readonly loadOf: (agent: string) => number
  /** An agent's record, by its id, at the announced capability. */
  readonly recordOf: (agent: string) => TrackRecord
  readonly clock: Clock
  readonly ids: Ids
  readonly signal: AbortSignal
}

/** Asks every bidder and ranks what they offer. Rejects only with the reason of an aborted signal. */
export async function holdAuction(auction: Auction): Promise<BidRound> {
  const { announcement, bidders } = auction
  const answers = await collectOffers(auction)
  const finishIn = announcement.finishBy - auction.clock.now()
  const bids: Bid[] = []
  const declined: { readonly agent: string; readonly reason: string }[] = []
  const silent: string[] = []
  for (const { id: agent } of bidders.toSorted((a, b) => compareText(a.id, b.id))) {
    const answer = answers.get(agent)
    if (answer === undefined) silent.push(agent)
    else {
      const terms = readTerms(answer, announcement, finishIn)
      if ('reason' in terms) declined.push({ agent, reason: terms.reason })
      else {
        const expiresAt = announcement.finishBy - terms.time
        bids.push({ id: auction.ids.next('bid'), agent, announcement: announcement.id, ...terms, expiresAt })
      }
    }
  }
  return { announcement, ranked: rankBids(bids, announcement, auction.recordOf), declined, silent }
}

type Answer = { readonly offer: unknown } | { readonly failure: string }

async function collectOffers(auction: Auction): Promise<ReadonlyMap<string, Answer>> {
  const { announcement, bidders, clock, signal } = auction
  const answers = new Map<string, Answer>()
  const closed = new MusterError('agent-silent', `bidding for \`${announcement.capability}\` is closed`)
  const ask = async (agent: Agent, bidding: AbortSignal) => {
    try {
      const context = { announcement, load: auction.loadOf(agent.id), record: auction.recordOf(agent.id) }
      const offer = await agent.bid(context, bidding)
      if (!bidding.aborted) answers.set(agent.id, { offer })
    } catch (thrown) {
      const failure = thrown instanceof Error ? thrown.message : String(thrown)
      if (!bidding.aborted) answers.set(agent.id, { failure })
    }
  }
  try {
    const askAll = (bidding: AbortSignal) => Promise.all(bidders.map(agent => ask(agent, bidding)))
    await withDeadline(clock, announcement.closesAt, askAll, { signal, late: () => closed })
  } catch (thrown) {
    if (thrown !== closed) throw thrown
  }
  return answers
}

type Terms = Pick<Bid, 'price' | 'time' | 'confidence'> | { readonly reason: string }

function readTerms(answer: Answer, announcement: Announcement, finishIn: number): Terms {
  if ('failure' in answer) return { reason: `it failed to make an offer: ${answer.failure}` }
  const offer = offerSchema.safeParse(answer.offer)
  if (!offer.success) return { reason: `its offer is malformed: ${offerIssues(offer.error)}` }
  if ('decline' in offer.data) return { reason: offer.data.decline }
  const price = microUsd(offer.data.price?.usd ?? 0)
  const time = duration(offer.data.time)
  if (price > announcement.maxPrice)
    return {
      reason: `it asks ${formatUsd(price)}, more than the ${formatUsd(announcement.maxPrice)} that may be spent`,
    }
  if (time > finishIn)
    return { reason: `it needs ${time} ms, and the work must be done in ${Math.max(0, finishIn)} ms` }
  return { price, time, confidence: offer.data.confidence }
}

// What "nearly nothing" is: differences far below these do not count for much.
const smallPrice = microUsd(0.001)
const smallTime = 1

function rankBids(
  bids: readonly Bid[],
  { tradeoff }: Announcement,
  recordOf: (agent: string) => TrackRecord,
): readonly ScoredBid[] {
  const judged = bids.map(bid => {
    const record = recordOf(bid.agent)
    return { bid, expected: bid.time * Math.max(1, record.lateness), reliability: reliabilityOf(record) }
  })
  const cheapest = judged.reduce((least, { bid }) => Math.min(least, bid.price), Infinity)
  const fastest = judged.reduce((least, { expected }) => Math.min(least, expected), Infinity)
  const surest = judged.reduce((most, { bid }) => Math.max(most, bid.confidence), 0)
  const scored = judged.map(({ bid, expected, reliability }) => {
    const cost = (cheapest + smallPrice) / (bid.price + smallPrice)
    const latency = (fastest + smallTime) / (expected + smallTime)
    const quality = surest === 0 ? 0 : bid.confidence / surest
    const score = tradeoff.cost * cost + tradeoff.latency * latency + tradeoff.quality * quality * reliability
    return { expected, scored: { bid, score, parts: { cost, latency, quality, reliability } } }
  })
  return scored
    .sort(
      (a, b) =>
        b.scored.score - a.scored.score ||
        a.scored.bid.price - b.scored.bid.price ||
        a.expected - b.expected ||
        worth(b.scored) - worth(a.scored) ||
        compareText(a.scored.bid.agent, b.scored.bid.agent),
    )
    .map(({ scored }) => scored)
}

function worth({ parts }: ScoredBid): number {
  return parts.quality * parts.reliability
}
