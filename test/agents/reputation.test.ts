import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { emptyRecord, recordOutcome, reliabilityOf, type TrackRecord } from '../../src/agents/index.ts'

function after(
  outcomes: readonly { succeeded?: boolean; late?: number }[],
  from: TrackRecord = emptyRecord,
): TrackRecord {
  return outcomes.reduce<TrackRecord>(
    (record, { succeeded = true, late = 1 }) => recordOutcome(record, { succeeded, promised: 1000, took: 1000 * late }),
    from,
  )
}
const times = <T>(count: number, value: T): readonly T[] => Array.from({ length: count }, () => value)

describe('reputation', () => {
  it('trusts a newcomer enough to be tried', () => {
    expect(reliabilityOf(emptyRecord)).toBe(0.9)
  })

  it('rises with success and falls faster with failure', () => {
    const risen = reliabilityOf(after([{}])) - 0.9
    const fallen = 0.9 - reliabilityOf(after([{ succeeded: false }]))
    expect(risen).toBeGreaterThan(0)
    expect(fallen).toBeGreaterThan(risen)
  })

  it('forgets what was long ago', () => {
    const fallen = after(times(100, { succeeded: false }), after(times(5000, {})))
    expect(reliabilityOf(fallen)).toBeLessThan(0.6)
  })

  it('never grows, and stays a share, whatever comes', () => {
    const outcome = fc.record({ succeeded: fc.boolean(), late: fc.double({ min: 0, max: 1e9, noNaN: true }) })
    fc.assert(
      fc.property(fc.array(outcome, { maxLength: 500 }), outcomes => {
        const record = after(outcomes)
        expect(record.succeeded + record.failed).toBeLessThanOrEqual(200)
        expect(record.lateness).toBeGreaterThan(0)
        expect(reliabilityOf(record)).toBeGreaterThan(0)
        expect(reliabilityOf(record)).toBeLessThan(1)
      }),
      { numRuns: 50 },
    )
  })

  it('finds how late an agent is', () => {
    expect(after(times(30, { late: 2 })).lateness).toBeCloseTo(2, 5)
    expect(after(times(30, { late: 0.5 })).lateness).toBeCloseTo(0.5, 5)
  })

  it('is moved by one disaster no more than by a small delay', () => {
    const steady = after(times(30, {}))
    expect(after([{ late: 1000 }], steady).lateness).toBe(after([{ late: 1.2 }], steady).lateness)
  })

  it('learns nothing about time from a failure', () => {
    expect(after([{ succeeded: false, late: 50 }]).lateness).toBe(1)
  })
})
