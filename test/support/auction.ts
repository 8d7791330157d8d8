/** Announcements and bidders that say only what a test cares about. */
import { z } from 'zod'
import {
  type Agent,
  type Announcement,
  type BidContext,
  type BidRound,
  defineAgent,
  defineCapability,
  emptyRecord,
  holdAuction,
  type Offer,
  type TrackRecord,
} from '../../src/agents/index.ts'
import { type Clock, concept, runId } from '../../src/core/index.ts'
import { createManualClock, seededIds } from '../../src/testing/index.ts'

const Text = concept('Text', z.string())

/** What every bidder of these tests offers. */
export const echo = defineCapability({
  name: 'text.echo',
  takes: { text: Text },
  gives: { echo: Text },
  effect: 'pure',
})

/** An announcement of `echo`: bidding is open for a second, the work has ten. */
export function announcementAt(now: number, known: Partial<Announcement> = {}): Announcement {
  return {
    id: 'call-1',
    run: runId(`run-${'0'.repeat(26)}`),
    step: 's1',
    capability: 'text.echo@1',
    inputs: {},
    maxPrice: 1_000_000,
    closesAt: now + 1_000,
    finishBy: now + 10_000,
    tradeoff: { cost: 0.25, latency: 0.25, quality: 0.5 },
    ...known,
  }
}

/** An agent with this id that bids like this. */
export function bidder(id: string, bid: (context: BidContext, signal: AbortSignal) => Offer | Promise<Offer>): Agent {
  return defineAgent({ id, offers: [echo], perform: { 'text.echo': ({ text }) => ({ echo: text }) }, bid })
}

/** A round among `bidders`; time stands still unless a clock is passed. */
export function auctionAmong(
  bidders: readonly Agent[],
  known: {
    clock?: Clock
    signal?: AbortSignal
    records?: Readonly<Record<string, TrackRecord>>
    announcement?: Partial<Announcement>
  } = {},
): Promise<BidRound> {
  const clock = known.clock ?? createManualClock()
  return holdAuction({
    announcement: announcementAt(clock.now(), known.announcement),
    bidders,
    loadOf: () => 0,
    recordOf: agent => known.records?.[agent] ?? emptyRecord,
    clock,
    ids: seededIds('auction'),
    signal: known.signal ?? new AbortController().signal,
  })
}

/** What `agent` offers when it is asked alone, out of any round. */
export function offerOf(agent: Agent): Promise<Offer> | Offer {
  const context = { announcement: announcementAt(0), load: 3, record: emptyRecord }
  return agent.bid(context, new AbortController().signal)
}
