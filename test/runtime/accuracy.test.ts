import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { seeded } from '../../src/agents/index.ts'
import { type Accuracy, learn, rangeOf } from '../../src/runtime/accuracy.ts'
import type { StepOutturn } from '../../src/runtime/outturn.ts'

const promised = { low: 50, likely: 100, high: 200 }

function outturn(came: Partial<StepOutturn>): StepOutturn {
  const range = { low: 90, likely: 100, high: 110 }
  return {
    step: 's1',
    capability: 'work@1',
    forecast: {
      step: 's1',
      capability: 'work@1',
      cost: range,
      time: range,
      risk: 0.1,
      runs: 1,
      begins: 0,
      slack: 0,
      asked: { price: 100, time: 100 },
    },
    end: 'succeeded',
    charged: 100,
    took: 100,
    worked: 100,
    failures: 0,
    items: undefined,
    ...came,
  }
}

function after(all: readonly StepOutturn[]): Accuracy {
  const known = all.reduce<Accuracy | undefined>(learn, undefined)
  if (known === undefined) throw new Error('nothing was learned from')
  return known
}

describe('what is known of forecasts of a capability', () => {
  it('says what was expected and what came', () => {
    expect(
      after([
        outturn({ took: 105, charged: 100 }),
        outturn({ took: 300, charged: 80, failures: 1 }),
        outturn({ end: 'failed', failures: 5 }),
        outturn({ end: 'skipped' }),
        outturn({ end: 'kept-back' }),
      ]),
    ).toMatchObject({
      succeeded: 2,
      failed: 1,
      skipped: 1,
      failures: 6,
      forecast: { cost: 200, time: 200, failed: expect.closeTo(0.3) },
      actual: { cost: 180, time: 405, failed: 1 },
      within: { cost: 1, time: 1 },
    })
  })

  it('never grows, and forgets what was long ago', () => {
    const anyTime = fc.array(fc.integer({ min: 0, max: 10_000_000 }), { minLength: 500, maxLength: 1500 })
    fc.assert(
      fc.property(anyTime, times => {
        const known = after(times.map(time => outturn({ took: time, worked: time })))
        expect(known.succeeded).toBeLessThanOrEqual(200)
        expect(JSON.stringify(known).length).toBeLessThan(4000)
      }),
      { numRuns: 20 },
    )
  })

  it('says nothing new while nothing is known', () => {
    const { low, likely, high } = rangeOf('time', 100, promised, {})
    expect(likely).toBe(100)
    // Within an eighth of an octave.
    expect(low / promised.low).toBeCloseTo(1, 0.9)
    expect(high / promised.high).toBeCloseTo(1, 0.9)
  })

  it('makes ranges that hold what comes about as often as they say and rather more often, however far promises were off', () => {
    const habits = fc.record({
      late: fc.double({ min: 0.3, max: 8, noNaN: true }),
      // Below this the eighth of an octave is wider than what comes, and ranges hold more.
      spread: fc.double({ min: 0.15, max: 0.8, noNaN: true }),
      seed: fc.integer(),
    })
    fc.assert(
      fc.property(habits, ({ late, spread, seed }) => {
        const random = seeded(seed)
        const took = () => {
          const normal = Array.from({ length: 12 }, random).reduce((sum, one) => sum + one, -6)
          return Math.round(1000 * late * Math.exp(spread * normal))
        }
        const seen = Array.from({ length: 400 }, () => took())
        const { times } = after(
          seen.map(time => {
            const one = outturn({ took: time, worked: time })
            return { ...one, forecast: { ...one.forecast, asked: { price: 0, time: 1000 } } }
          }),
        )
        const { low, high } = rangeOf('time', 1000, { low: 800, likely: 1000, high: 1300 }, times)
        const inside = Array.from({ length: 1000 }, took).filter(time => time >= low && time <= high).length
        expect(inside / 1000).toBeGreaterThan(0.83)
        expect(inside / 1000).toBeLessThan(0.99)
      }),
      { numRuns: 100, seed: 1 },
    )
  })
})
