import { describe, expect, it } from 'vitest'
import * as capabilities from '../../examples/support-desk/capabilities.ts'
import * as concepts from '../../examples/support-desk/concepts.ts'
import { intents } from '../../examples/support-desk/intents.ts'
import { type Material, writePlainly } from '../../examples/support-desk/writing/plain.ts'
import type { Capability } from '../../src/agents/index.ts'
import { isKindOf } from '../../src/core/index.ts'
import { tempFolder, testBank } from './support-desk.ts'

const kinds = Object.values(capabilities)
  .flatMap((capability: Capability) => Object.values(capability.gives))
  .filter(concept => isKindOf(concept, concepts.Finding))

function material(given: Partial<Material>): Material {
  using folder = tempFolder()
  using bank = testBank(folder.path, 10)
  return {
    question: 'Where is my refund?',
    reading: { parts: [part('Where is my refund?', 'Refund_not_showing_up')] },
    customer: bank.customer('c-1001'),
    findings: [],
    missing: [],
    ...given,
  }
}

const part = (text: string, intent?: string) => ({
  text,
  candidates: intent === undefined ? [] : [{ intent, confidence: 0.9 }],
})
const found = (topic: string, summary: string, more = {}) => ({ topic, summary, facts: [], ...more })
const owed = {
  paymentId: 'p-1',
  counterparty: 'Seidel',
  country: 'DE',
  at: '2026-11-17T10:00:00.000Z',
  amountCents: 24_900,
  reason: 'charged-twice' as const,
}

describe('the writer by rules', () => {
  it.each(kinds.map(kind => kind.name))('tells a %s', topic => {
    const { text, covered } = writePlainly(material({ findings: [found(topic, `What we know of ${topic}.`)] }))
    expect(text).toContain(`What we know of ${topic}.`)
    expect(covered).toEqual([topic])
  })

  it.each(kinds.map(kind => kind.name))('has words for a %s that did not come', topic => {
    expect(concepts.wordsFor(topic)).not.toBe('a part of your question')
  })

  it('knows every finding that an intent wants', () => {
    const known = new Set(kinds.map(kind => kind.name))
    const wanted = Object.values(intents).flatMap(intent => intent.wants.map(concept => concept.name))
    expect(wanted.filter(name => !known.has(name))).toEqual([])
  })

  it('answers part by part, in the customer’s words and under the customer’s name', () => {
    const { text } = writePlainly(
      material({
        reading: {
          parts: [
            part('Where is my refund', 'Refund_not_showing_up'),
            part('why was it declined?', 'declined_card_payment'),
          ],
        },
        findings: [found('DeclineFinding', 'It was declined.'), found('RefundFinding', 'It is on its way.')],
      }),
    )
    expect(text).toMatch(/^Hello Ana,/)
    expect(text.indexOf('On “Where is my refund”: It is on its way.')).toBeGreaterThan(0)
    expect(text.indexOf('On “why was it declined”: It was declined.')).toBeGreaterThan(text.indexOf('on its way'))
  })

  it('says what is outside, and lists it as open', () => {
    const answer = writePlainly(
      material({
        reading: { parts: [part('Where is my refund', 'Refund_not_showing_up'), part('and the weather?')] },
        findings: [found('RefundFinding', 'It is on its way.')],
      }),
    )
    expect(answer.text).toContain('On “and the weather”: that is outside')
    expect(answer.open.map(open => open.about)).toEqual(['and the weather?'])
  })

  it('says which refund was not sent and why, without the names of rules and colleagues', () => {
    const answer = writePlainly(
      material({
        reading: { parts: [part('charged twice', 'transaction_charged_twice')] },
        findings: [found('DuplicateFinding', 'One payment was charged twice.', { owed: [owed] })],
        missing: [
          { concept: 'RefundReceipt', reason: '`maria` said no: ask the shop (rule `refund-over-100` of `home`)' },
        ],
      }),
    )
    expect(answer.text).toContain('We have not sent you the €249.00 yet: a colleague said no: ask the shop.')
    expect(answer.text).not.toMatch(/maria|refund-over-100|`/)
    expect(answer.open).toHaveLength(1)
  })

  it('is silent about a refund when nothing is owed', () => {
    const answer = writePlainly(
      material({
        reading: { parts: [part('charged twice', 'transaction_charged_twice')] },
        findings: [found('DuplicateFinding', 'Nothing was charged twice.', { owed: [] })],
        missing: [{ concept: 'RefundReceipt', reason: 'its condition does not hold' }],
      }),
    )
    expect(answer.text).not.toContain('condition')
    expect(answer.open).toEqual([])
  })

  it('speaks of the shop that the customer names, not of the latest one', () => {
    const finding = found('DeclineFinding', 'The latest was at Volt.', {
      about: 'Volt Electronics',
      facts: [
        { about: 'Station Books', text: 'Station Books was declined.' },
        { about: 'Kite Airlines', text: 'Kite was declined.' },
      ],
    })
    const { text } = writePlainly(
      material({ question: 'Why was I declined at the Station Books?', findings: [finding] }),
    )
    expect(text).toContain('Station Books was declined.')
    expect(text).not.toMatch(/Volt|Kite/)
  })

  it('says a finding once, also when two parts ask for it', () => {
    const { text } = writePlainly(
      material({
        reading: { parts: [part('fee one', 'card_payment_fee_charged'), part('fee two', 'transfer_fee_charged')] },
        findings: [found('FeeFinding', 'All fees are due.'), found('RefundReceipt', 'We sent it.')],
      }),
    )
    expect(text.match(/All fees are due/g)).toHaveLength(1)
    expect(text).toContain('On “fee two”: this is answered above.')
  })
})
