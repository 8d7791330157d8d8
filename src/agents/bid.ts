/** The words of the contract net (Smith 1980): an announcement, the bids it draws, the award. */
import type { DataRef, MicroUsd, RunId } from '../core/index.ts'

/** How much each matters to the one who declared the goal; shares that sum to 1. */
export interface Tradeoff {
  readonly cost: number
  readonly latency: number
  readonly quality: number
}

/** A call for proposals for one role. Agents see names and labels of the data, never the bytes. */
export interface Announcement {
  readonly id: string
  readonly run: RunId
  readonly step: string
  /** Such as `refund.issue@1`. */
  readonly capability: string
  readonly inputs: Readonly<Record<string, DataRef | readonly DataRef[]>>
  /** The most that may be asked. */
  readonly maxPrice: MicroUsd
  /** When bidding closes, milliseconds since 1970. */
  readonly closesAt: number
  /** When the work must be done, milliseconds since 1970. */
  readonly finishBy: number
  readonly tradeoff: Tradeoff
}

/** What an agent says to an announcement, in words for people who write agents. */
export type Offer =
  | {
      /** Default: nothing. The charge never exceeds it. */
      readonly price?: { readonly usd: number }
      /** How long it expects to take, such as `40ms`; a promise that is kept or not in its record. */
      readonly time: string
      /** 0 to 1: how sure it is that its result will serve. This is what quality is judged by. */
      readonly confidence: number
    }
  | {
      /** Why not. Nobody can be forced. */
      readonly decline: string
    }

/** A sealed offer. */
export interface Bid {
  readonly id: string
  readonly agent: string
  readonly announcement: string
  readonly price: MicroUsd
  /** Milliseconds. */
  readonly time: number
  readonly confidence: number
  /** Milliseconds since 1970. */
  readonly expiresAt: number
}

/** What is known of an agent at one capability, from what it promised and what came of it. */
export interface TrackRecord {
  readonly succeeded: number
  readonly failed: number
  /** Median of actual over promised time, about 1 when promises are kept. */
  readonly lateness: number
  /** Median factor, at least 1, by which actual over promised time departs from `lateness`, up or down. */
  readonly spread: number
}

/** A bid with what it was judged by; every part is 0 to 1, higher is better. */
export interface ScoredBid {
  readonly bid: Bid
  readonly score: number
  readonly parts: {
    readonly cost: number
    readonly latency: number
    readonly quality: number
    readonly reliability: number
  }
}

/** Every bid best first, and why the others did not come in. */
export interface BidRound {
  readonly announcement: Announcement
  readonly ranked: readonly ScoredBid[]
  readonly declined: readonly { readonly agent: string; readonly reason: string }[]
  /** Agents that had not answered when bidding closed. */
  readonly silent: readonly string[]
}
