import { describe, expect, it } from 'vitest'
import type { Offer } from '../../src/agents/index.ts'
import { createManualClock } from '../../src/testing/index.ts'
import { auctionAmong, bidder } from '../support/auction.ts'

const fair: Offer = { price: { usd: 0.01 }, time: '100ms', confidence: 0.8 }
const ranking = (round: Awaited<ReturnType<typeof auctionAmong>>) => round.ranked.map(({ bid }) => bid.agent)

describe('an auction', () => {
  it('seals every offer in whole units, with the time until which it could still be kept', async () => {
    const round = await auctionAmong([bidder('solo', () => fair)])
    const { announcement, ranked } = round
    expect(ranked[0]?.bid).toMatchObject({
      agent: 'solo',
      announcement: announcement.id,
      price: 10_000,
      time: 100,
      confidence: 0.8,
      expiresAt: announcement.finishBy - 100,
    })
    expect(ranked[0]?.bid.id).toMatch(/^bid-/)
  })

  it('tells bidders the announcement, their load and their record', async () => {
    const record = { succeeded: 3, failed: 1, lateness: 1.5, spread: 1.2 }
    const seen: unknown[] = []
    const agent = bidder('curious', context => {
      seen.push(context.announcement.capability, context.load, context.record)
      return fair
    })
    await auctionAmong([agent], { records: { curious: record } })
    expect(seen).toEqual(['text.echo@1', 0, record])
  })

  it('hears out the others when one declines, throws or talks nonsense', async () => {
    const nonsense = { time: 'soon', confidence: 2 }
    const round = await auctionAmong([
      bidder('sane', () => fair),
      bidder('unwilling', () => ({ decline: 'on holiday' })),
      bidder('thrower', () => {
        throw new Error('no battery')
      }),
      bidder('rejecter', () => Promise.reject(new Error('no network'))),
      bidder('babbler', () => nonsense),
    ])
    expect(ranking(round)).toEqual(['sane'])
    expect(round.declined).toEqual([
      { agent: 'babbler', reason: expect.stringMatching(/^its offer is malformed: time: .*; confidence: /) },
      { agent: 'rejecter', reason: 'it failed to make an offer: no network' },
      { agent: 'thrower', reason: 'it failed to make an offer: no battery' },
      { agent: 'unwilling', reason: 'on holiday' },
    ])
    expect(round.silent).toEqual([])
  })

  it.each([
    ['a confidence above 1', { ...fair, confidence: 1.01 }],
    ['a confidence that is no number', { ...fair, confidence: Number.NaN }],
    ['a negative price', { ...fair, price: { usd: -0.01 } }],
    ['an endless price', { ...fair, price: { usd: Infinity } }],
    ['a duration without a unit', { ...fair, time: '100' }],
    ['a negative duration', { ...fair, time: '-1ms' }],
    ['no offer at all', undefined],
  ])('takes %s for malformed', async (_, offer) => {
    const agent = Object.assign(
      bidder('odd', () => fair),
      { bid: () => offer },
    )
    const round = await auctionAmong([agent])
    expect(round.declined).toEqual([{ agent: 'odd', reason: expect.stringMatching(/^its offer is malformed: /) }])
  })

  it('turns down who asks too much or needs too long, and says so', async () => {
    const round = await auctionAmong([
      bidder('dear', () => ({ ...fair, price: { usd: 2 } })),
      bidder('slow', () => ({ ...fair, time: '11s' })),
      bidder('just', () => ({ ...fair, price: { usd: 1 }, time: '10s' })),
    ])
    expect(ranking(round)).toEqual(['just'])
    expect(round.declined).toEqual([
      { agent: 'dear', reason: 'it asks $2.00, more than the $1.00 that may be spent' },
      { agent: 'slow', reason: 'it needs 11000 ms, and the work must be done in 10000 ms' },
    ])
  })

  it('closes on time without the silent ones, and tells them to stop', async () => {
    const clock = createManualClock()
    let told: unknown
    const sleeper = bidder('sleeper', (_, signal) => {
      signal.addEventListener('abort', () => (told = signal.reason))
      return new Promise(() => {})
    })
    const late = bidder('late', () => new Promise(resolve => clock.after(1_001, () => resolve(fair))))
    const punctual = bidder('punctual', () => new Promise(resolve => clock.after(999, () => resolve(fair))))
    const auction = auctionAmong([sleeper, late, punctual], { clock })
    await clock.advance(1_500)
    const round = await auction
    expect(ranking(round)).toEqual(['punctual'])
    expect(round.silent).toEqual(['late', 'sleeper'])
    expect(told).toMatchObject({ code: 'agent-silent' })
  })

  it('closes as soon as all have answered', async () => {
    expect(ranking(await auctionAmong([bidder('a', () => fair), bidder('b', async () => fair)]))).toHaveLength(2)
  })

  it('has nobody to rank when nobody is asked', async () => {
    expect(await auctionAmong([])).toMatchObject({ ranked: [], declined: [], silent: [] })
  })

  it('rejects with the reason of an aborted signal, before and while bidding is open', async () => {
    const reason = new Error('cancelled by its owner')
    await expect(auctionAmong([], { signal: AbortSignal.abort(reason) })).rejects.toBe(reason)
    const controller = new AbortController()
    const auction = auctionAmong([bidder('sleeper', () => new Promise(() => {}))], { signal: controller.signal })
    controller.abort(reason)
    await expect(auction).rejects.toBe(reason)
  })

  it('gives equal bids to the cheaper, then the faster, then the first by name', async () => {
    const indifferent = { tradeoff: { cost: 0, latency: 0, quality: 1 } }
    const round = await auctionAmong(
      [
        bidder('d', () => fair),
        bidder('c', () => fair),
        bidder('b', () => ({ ...fair, time: '50ms' })),
        bidder('a', () => ({ ...fair, price: { usd: 0.001 }, time: '9s' })),
      ],
      { announcement: indifferent },
    )
    expect(new Set(round.ranked.map(({ score }) => score)).size).toBe(1)
    expect(ranking(round)).toEqual(['a', 'b', 'c', 'd'])
  })

  it('follows what matters to the one who declared the goal', async () => {
    const bidders = [
      bidder('cheap', () => ({ price: { usd: 0.001 }, time: '5s', confidence: 0.5 })),
      bidder('fast', () => ({ price: { usd: 0.5 }, time: '1ms', confidence: 0.5 })),
      bidder('good', () => ({ price: { usd: 0.5 }, time: '5s', confidence: 0.99 })),
    ]
    for (const [share, winner] of Object.entries({ cost: 'cheap', latency: 'fast', quality: 'good' })) {
      const tradeoff = { cost: 0.1, latency: 0.1, quality: 0.1, [share]: 0.8 }
      expect(ranking(await auctionAmong(bidders, { announcement: { tradeoff } }))[0]).toBe(winner)
    }
  })

  it('weighs what an agent says by what came of it', async () => {
    const bidders = [bidder('braggart', () => ({ ...fair, confidence: 0.9 })), bidder('modest', () => fair)]
    const records = { braggart: { succeeded: 2, failed: 8, lateness: 1, spread: 1.2 } }
    expect(ranking(await auctionAmong(bidders))[0]).toBe('braggart')
    expect(ranking(await auctionAmong(bidders, { records }))[0]).toBe('modest')
  })

  it('counts on the time that an agent usually takes, not on the one it promises', async () => {
    const bidders = [bidder('hasty', () => ({ ...fair, time: '90ms' })), bidder('honest', () => fair)]
    const records = {
      hasty: { succeeded: 10, failed: 0, lateness: 3, spread: 1.2 },
      honest: { succeeded: 10, failed: 0, lateness: 0.5, spread: 1.2 },
    }
    expect(ranking(await auctionAmong(bidders, { records }))).toEqual(['honest', 'hasty'])
  })
})
