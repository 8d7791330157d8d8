import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { TrackRecord, Tradeoff } from '../../src/agents/index.ts'
import { auctionAmong, bidder } from '../support/auction.ts'

interface Contestant {
  readonly usd: number
  readonly ms: number
  readonly confidence: number
  readonly record: TrackRecord
}

const share = fc.double({ min: 0, max: 1, noNaN: true })
const contestant: fc.Arbitrary<Contestant> = fc.record({
  usd: fc.integer({ min: 0, max: 1_000_000 }).map(micro => micro / 1_000_000),
  ms: fc.integer({ min: 0, max: 10_000 }),
  confidence: share,
  record: fc.record({
    succeeded: fc.nat(200),
    failed: fc.nat(200),
    lateness: fc.double({ min: 0.1, max: 10, noNaN: true }),
    spread: fc.double({ min: 1, max: 4, noNaN: true }),
  }),
})
const tradeoff: fc.Arbitrary<Tradeoff> = fc
  .tuple(share, share, share)
  .filter(([a, b, c]) => a + b + c > 0.01)
  .map(([a, b, c]) => ({ cost: a / (a + b + c), latency: b / (a + b + c), quality: c / (a + b + c) }))

function hold(contestants: ReadonlyMap<string, Contestant>, tradeoff: Tradeoff) {
  const bidders = [...contestants].map(([id, { usd, ms, confidence }]) =>
    bidder(id, () => ({ price: { usd }, time: `${ms}ms`, confidence })),
  )
  const records = Object.fromEntries([...contestants].map(([id, { record }]) => [id, record]))
  return auctionAmong(bidders, { records, announcement: { tradeoff } })
}

const named = (contestants: readonly Contestant[]) => new Map(contestants.map((one, at) => [`agent-${at}`, one]))

describe('the law of the auction', () => {
  it('a bid that is nowhere better and somewhere worse never comes before the better one', async () => {
    const worse = fc.record({
      usd: fc.nat(1000),
      ms: fc.nat(1000),
      doubt: share,
      failures: fc.nat(20),
      delay: fc.double({ min: 1, max: 3, noNaN: true }),
    })
    const law = fc.asyncProperty(
      contestant,
      worse,
      fc.array(contestant, { maxLength: 5 }),
      tradeoff,
      async (best, by, rest, shares) => {
        const dominated: Contestant = {
          usd: Math.min(1, best.usd + by.usd / 1_000_000),
          ms: Math.min(10_000, best.ms + by.ms),
          confidence: best.confidence * (1 - by.doubt),
          record: {
            ...best.record,
            failed: best.record.failed + by.failures,
            lateness: best.record.lateness * by.delay,
          },
        }
        // The better one has the name that loses ties, so being nowhere worse must be what puts it first.
        const strictly =
          dominated.usd > best.usd ||
          dominated.ms > best.ms ||
          by.failures > 0 ||
          (by.doubt > 0.01 && best.confidence > 0.01)
        fc.pre(strictly && best.confidence > 0.01)
        const round = await hold(new Map([['a-worse', dominated], ...named(rest), ['z-better', best]]), shares)
        const order = round.ranked.map(({ bid }) => bid.agent)
        expect(order.indexOf('z-better')).toBeLessThan(order.indexOf('a-worse'))
      },
    )
    await fc.assert(law, { numRuns: 200 })
  })

  it('the order in which agents are asked does not matter', async () => {
    const law = fc.asyncProperty(fc.array(contestant, { maxLength: 6 }), tradeoff, async (contestants, shares) => {
      const forwards = await hold(named(contestants), shares)
      const backwards = await hold(new Map([...named(contestants)].reverse()), shares)
      expect(backwards).toEqual(forwards)
    })
    await fc.assert(law, { numRuns: 100 })
  })

  it('every part is a share, and the score is exactly what the parts and the trade-off make', async () => {
    const law = fc.asyncProperty(
      fc.array(contestant, { minLength: 1, maxLength: 6 }),
      tradeoff,
      async (contestants, shares) => {
        const { ranked } = await hold(named(contestants), shares)
        expect(ranked).toHaveLength(contestants.length)
        for (const { parts, score } of ranked) {
          for (const part of Object.values(parts)) {
            expect(part).toBeGreaterThanOrEqual(0)
            expect(part).toBeLessThanOrEqual(1)
          }
          const { cost, latency, quality, reliability } = parts
          expect(score).toBeCloseTo(
            shares.cost * cost + shares.latency * latency + shares.quality * quality * reliability,
            12,
          )
          expect(score).toBeLessThanOrEqual(1 + 1e-12)
        }
        for (const part of ['cost', 'latency'] as const)
          expect(Math.max(...ranked.map(({ parts }) => parts[part]))).toBe(1)
      },
    )
    await fc.assert(law, { numRuns: 100 })
  })
})
