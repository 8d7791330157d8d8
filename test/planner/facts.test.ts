import { describe, expect, test } from 'vitest'
import { all } from '../../src/core/index.ts'
import { lackingFact, type Step, verify } from '../../src/planner/index.ts'
import { capabilitiesOf, fact, missing, planned, problem, thing, work } from './problems.ts'

const Person = thing('Person')
const Customer = thing('Customer', Person)
const Clerk = thing('Clerk', Person)
const Check = thing('Check')
const Receipt = thing('Receipt')
const Draft = thing('Draft')
const Letter = thing('Letter')

const identify = work(
  'person.identify',
  { person: Person },
  { check: Check },
  { brings: [fact('identified', 'person')] },
)
const refund = work(
  'refund.issue',
  { customer: Customer },
  { receipt: Receipt },
  { requires: [fact('identified', 'customer')] },
)

describe('facts about data', () => {
  test('are brought about by a step that runs before', () => {
    const asked = problem({ capabilities: [refund, identify], given: { customer: Customer }, wanted: [Receipt] })
    const { plan, why } = planned(asked)
    expect(plan.steps).toEqual([
      {
        id: 's1',
        capability: 'person.identify@1',
        inputs: { person: { from: 'given', name: 'customer' } },
        after: [],
      },
      {
        id: 's2',
        capability: 'refund.issue@1',
        inputs: { customer: { from: 'given', name: 'customer' } },
        after: ['s1'],
      },
    ])
    expect(why()[0]?.for).toEqual(['`s2` requires `identified(customer)`'])
    expect(verify(plan, asked)).toEqual([])
  })

  test('that hold already need no step', () => {
    const facts = [fact('identified', 'customer')]
    const { plan } = planned(
      problem({ capabilities: [refund, identify], given: { customer: Customer }, wanted: [Receipt], facts }),
    )
    expect(capabilitiesOf(plan)).toEqual(['refund.issue@1'])
  })

  test('about other data do not count', () => {
    const other = work('clerk.identify', { clerk: Clerk }, { check: Check }, { brings: [fact('identified', 'clerk')] })
    const asked = problem({
      capabilities: [refund, other],
      given: { customer: Customer, clerk: Clerk },
      wanted: [Receipt],
      facts: [fact('identified', 'clerk')],
    })
    expect(missing(asked)).toEqual([
      {
        what: 'Receipt',
        because:
          '`refund.issue@1` would give it, but `identified(customer)` cannot be had about the data that it could take',
      },
    ])
  })

  test('that no capability brings about are named', () => {
    const asked = problem({ capabilities: [refund], given: { customer: Customer }, wanted: [Receipt] })
    expect(missing(asked)).toEqual([
      {
        what: 'Receipt',
        because: '`refund.issue@1` would give it, but lacks the fact `identified` (no capability brings it about)',
      },
    ])
  })

  test('about two data make one capability two steps', () => {
    const both = work(
      'handover',
      { clerk: Clerk, customer: Customer },
      { receipt: Receipt },
      { requires: [fact('identified', 'clerk'), fact('identified', 'customer')] },
    )
    const asked = problem({
      capabilities: [identify, both],
      given: { customer: Customer, clerk: Clerk },
      wanted: [Receipt],
    })
    const { plan } = planned(asked)
    expect(capabilitiesOf(plan)).toEqual(['person.identify@1', 'person.identify@1', 'handover@1'])
    expect(plan.steps[2]?.after).toEqual(['s1', 's2'])
    expect(verify(plan, asked)).toEqual([])
  })

  test('decide which datum an input takes', () => {
    const review = work('review', { draft: Draft }, { reviewed: Draft }, { brings: [fact('approved', 'reviewed')] })
    const send = work('send', { draft: Draft }, { letter: Letter }, { requires: [fact('approved', 'draft')] })
    const asked = problem({ capabilities: [review, send], given: { draft: Draft }, wanted: [Letter] })
    const { plan } = planned(asked)
    expect(plan.steps[1]?.inputs).toEqual({ draft: { from: 'step', step: 's1', output: 'reviewed' } })
  })
})

describe('facts that are removed', () => {
  const Key = thing('Key')
  const read = work('read', { key: Key }, { letter: Letter }, { requires: [fact('valid', 'key')] })
  const burn = work('burn', { key: Key }, { receipt: Receipt }, { removes: [fact('valid', 'key')] })

  test('are used before they are gone', () => {
    const asked = problem({
      capabilities: [burn, read],
      given: { key: Key },
      wanted: [Receipt, Letter],
      facts: [fact('valid', 'key')],
    })
    const { plan } = planned(asked)
    expect(capabilitiesOf(plan)).toEqual(['read@1', 'burn@1'])
    expect(plan.steps[1]?.after).toEqual(['s1'])
    expect(verify(plan, asked)).toEqual([])
  })

  test('are brought about again when the order cannot be turned round', () => {
    const readLate = work(
      'read',
      { key: Key, receipt: Receipt },
      { letter: Letter },
      { requires: [fact('valid', 'key')] },
    )
    const renew = work('renew', { key: Key }, { check: Check }, { brings: [fact('valid', 'key')] })
    const asked = problem({
      capabilities: [burn, readLate, renew],
      given: { key: Key },
      wanted: [Letter],
      facts: [fact('valid', 'key')],
    })
    const { plan } = planned(asked)
    expect(capabilitiesOf(plan)).toEqual(['burn@1', 'renew@1', 'read@1'])
    expect(plan.steps[1]?.after).toEqual(['s1'])
    expect(plan.steps[2]?.after).toEqual(['s2'])
    expect(verify(plan, asked)).toEqual([])
  })

  test('make a goal unsolvable when nothing brings them back', () => {
    const readLate = work(
      'read',
      { key: Key, receipt: Receipt },
      { letter: Letter },
      { requires: [fact('valid', 'key')] },
    )
    const asked = problem({
      capabilities: [burn, readLate],
      given: { key: Key },
      wanted: [Letter],
      facts: [fact('valid', 'key')],
    })
    expect(missing(asked)).toEqual([
      { what: 'valid(key)', because: 'it is removed before every step that requires it could run' },
    ])
  })
})

describe('facts about collected data', () => {
  const sign = work('sign', { draft: Draft }, { check: Check }, { brings: [fact('signed', 'draft')] })
  const bind = work('bind', { drafts: all(Draft) }, { letter: Letter }, { requires: [fact('signed', 'drafts')] })

  test('decide what is collected', () => {
    const asked = problem({
      capabilities: [bind],
      given: { one: Draft, two: Draft },
      wanted: [Letter],
      facts: [fact('signed', 'two')],
    })
    const { plan } = planned(asked)
    expect(plan.steps[0]?.inputs['drafts']).toEqual([{ from: 'given', name: 'two' }])
    expect(verify(plan, asked)).toEqual([])
  })

  test('add no step', () => {
    const asked = problem({ capabilities: [bind, sign], given: { one: Draft }, wanted: [Letter] })
    expect(capabilitiesOf(planned(asked).plan)).toEqual(['bind@1'])
  })

  test('keep out what another step needs to stay as it is', () => {
    const shred = work('shred', { drafts: all(Draft) }, { receipt: Receipt }, { removes: [fact('whole', 'drafts')] })
    const copy = work(
      'copy',
      { draft: Draft, receipt: Receipt },
      { letter: Letter },
      { requires: [fact('whole', 'draft')] },
    )
    const asked = problem({
      capabilities: [shred, copy],
      given: { one: Draft, two: Draft },
      wanted: [Letter],
      facts: [fact('whole', 'one'), fact('whole', 'two')],
    })
    const { plan } = planned(asked)
    expect(plan.steps[1]?.inputs['draft']).toEqual({ from: 'given', name: 'one' })
    expect(plan.steps[0]?.inputs['drafts']).toEqual([{ from: 'given', name: 'two' }])
    expect(verify(plan, asked)).toEqual([])
  })
})

describe('a fact about alternatives, once some of them have ended', () => {
  const write = work('letter.write', {}, { letter: Letter })
  const copy = work('letter.copy', {}, { letter: Letter })
  const sign = work(
    'letter.sign',
    { letter: Letter },
    { proof: thing('Proof') },
    { brings: [fact('signed', 'letter')] },
  )
  const send = work(
    'letter.send',
    { letter: Letter },
    { sent: thing('Sent') },
    { requires: [fact('signed', 'letter')] },
  )
  const letter = (step: string) => ({ from: 'step', step, output: 'letter' }) as const
  const step = (id: string, capability: string, inputs: Step['inputs']): Step => ({ id, capability, inputs, after: [] })
  const written = step('s1', 'letter.write@1', {})
  const copied = step('s2', 'letter.copy@1', {})
  const signing = (id: string, of: string) => step(id, 'letter.sign@1', { letter: letter(of) })
  const sending = step('s5', 'letter.send@1', { letter: { from: 'first', of: [letter('s1'), letter('s2')] } })
  const lacking = (done: readonly Step[]) =>
    lackingFact(sending, { done, others: [] }, { capabilities: [write, copy, sign, send] })?.text

  test('holds when it was brought about of the one that is taken', () => {
    expect(lacking([copied, signing('s4', 's2')])).toBeUndefined()
    expect(lacking([written, copied, signing('s3', 's1')])).toBeUndefined()
    expect(lacking([written, copied, signing('s4', 's2')])).toBe('signed(letter)')
  })
})
