import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { describeIntents } from '../../../src/agents/index.ts'

const said = {
  refund: ['state of a refund', 'tells when money that was sent back arrives'],
  parcel: ['where a parcel is', 'tracks the delivery of an order'],
  invoice: ['copy of an invoice', 'sends the invoice of an order again'],
}
const { read } = describeIntents(said)
const best = (request: string) => read(request).ranking[0]

describe('reading by descriptions', () => {
  it('takes a request for what says most of it', () => {
    expect(read('Where is my parcel?').intent).toBe('parcel')
    expect(best('Where is my parcel?')?.probability).toBeGreaterThan(0.7)
    expect(read('please send me the invoice again').intent).toBe('invoice')
  })

  it('forgives endings and slips of the finger', () => {
    expect(read('tracking my parcels').intent).toBe('parcel')
    expect(read('my invoicce').intent).toBe('invoice')
  })

  it('is sure of none when two are as likely', () => {
    const { ranking } = read('my order')
    expect(
      ranking
        .slice(0, 2)
        .map(({ intent }) => intent)
        .toSorted(),
    ).toEqual(['invoice', 'parcel'])
    expect(ranking[0]?.probability).toBeLessThan(0.7)
    expect(ranking[1]?.probability).toBeGreaterThan(0.3)
  })

  it('finds nothing in what says nothing that is known', () => {
    expect(read('who was the first king of Spain').intent).toBeUndefined()
    expect(read('').intent).toBeUndefined()
    expect(describeIntents({}).read('a parcel')).toEqual({ intent: undefined, ranking: [] })
  })

  it('reads the same in whatever order the intents are given', () => {
    const reversed = describeIntents(Object.fromEntries(Object.entries(said).reverse()))
    const words = fc.constantFrom('where', 'refund', 'parcel', 'order', 'money', 'invoice', 'king', 'sent')
    fc.assert(
      fc.property(fc.array(words), list => {
        expect(reversed.read(list.join(' '))).toEqual(read(list.join(' ')))
      }),
    )
  })

  it('gives probabilities that compete for 1, best first', () => {
    fc.assert(
      fc.property(fc.string(), request => {
        const found = read(request).ranking.map(({ probability }) => probability)
        expect(found.reduce((sum, value) => sum + value, 0)).toBeLessThanOrEqual(1 + 1e-9)
        expect(found).toEqual(found.toSorted((a, b) => b - a))
      }),
    )
  })
})
