import { join } from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import * as capabilities from '../../examples/support-desk/capabilities.ts'
import type { Capability } from '../../src/agents/index.ts'
import { digestOf, runId } from '../../src/core/index.ts'
import {
  checkPolicies,
  createGuard,
  type Guard,
  type GuardRequest,
  loadPolicies,
  type PolicyScope,
} from '../../src/policy/index.ts'
import { tempFolder, testBank, today } from './support-desk.ts'

const desk = join(import.meta.dirname, '../../examples/support-desk')
let scopes: PolicyScope[]
let guard: Guard

beforeAll(async () => {
  scopes = [
    { scope: 'home', policies: await loadPolicies(join(desk, 'policies')) },
    { scope: 'riskline', policies: await loadPolicies(join(desk, 'riskline/policies')) },
  ]
  guard = createGuard({ scopes, capabilities: Object.values(capabilities) })
})

function rule({ effect, version, name: capability }: Capability, request: Partial<GuardRequest>) {
  return guard.rule(
    {
      phase: 'before',
      principal: { id: 'c-1001', kind: 'person', roles: [], tenant: 'home' },
      run: runId(`run-${'0'.repeat(26)}`),
      step: 's1',
      capability: { name: capability, version, effect },
      agent: { id: 'refunds', domain: 'home' },
      input: {},
      labels: { trusted: false, origins: [], sensitivity: 'confidential' },
      price: 0,
      plan: digestOf('plan'),
      ...request,
    },
    [],
  )
}

const claim = (amountCents: number, customerId = 'c-1001') => ({
  customerId,
  amountCents,
  reason: 'charged twice',
  lines: [],
})
const risk = (suspected: boolean) => ({ suspected, score: suspected ? 80 : 5, why: suspected ? 'abroad' : 'nothing' })
const profile = (customerId = 'c-1001') => ({
  customerId,
  customerForDays: 400,
  homeCountry: 'PT',
  refundsInNinetyDays: 0,
  paidInNinetyDaysCents: 5000,
})

function escalationsOf(amountCents: number, suspected = false) {
  const ruling = rule(capabilities.issueRefund, { input: { claim: claim(amountCents), risk: risk(suspected) } })
  return ruling.decision === 'escalate'
    ? ruling.escalations.map(({ rule, to, quorum, within }) => [rule, to, quorum, within / 60_000])
    : ruling.decision
}

describe('the policies of the desk', () => {
  it('fit every capability', () => {
    expect(checkPolicies(scopes, Object.values(capabilities))).toEqual([])
  })

  it('let a small refund run, ask finance above €100 and two people above €1,000', () => {
    expect(escalationsOf(10_000)).toBe('permit')
    expect(escalationsOf(10_001)).toEqual([['refund-over-100', 'finance', 1, 30]])
    expect(escalationsOf(100_000)).toEqual([['refund-over-100', 'finance', 1, 30]])
    expect(escalationsOf(100_001)).toEqual([['refund-over-1000', 'finance', 2, 30]])
  })

  it('send a suspected fraud to a person, whatever the amount', () => {
    expect(escalationsOf(500, true)).toEqual([['refund-suspected', 'fraud-team', 1, 120]])
    expect(escalationsOf(20_000, true)).toHaveLength(2)
  })

  it('never pay another customer’s claim', () => {
    const ruling = rule(capabilities.issueRefund, { input: { claim: claim(500, 'c-1002'), risk: risk(false) } })
    expect(ruling.decision).toBe('forbid')
  })

  it('do not let out a receipt for another sum than was claimed', () => {
    const receipt = {
      topic: 'RefundReceipt',
      summary: 'sent',
      facts: [],
      receiptId: 'r-1',
      customerId: 'c-1001',
      amountCents: 600,
      issuedAt: '2026-11-21T10:00:00.000Z',
      arrivesAt: '2026-11-22T10:00:00.000Z',
      paymentIds: ['p-1'],
    }
    const input = { claim: claim(500), risk: risk(false) }
    expect(rule(capabilities.issueRefund, { phase: 'after', input, output: { receipt } }).decision).toBe('forbid')
    const exact = { ...receipt, amountCents: 500 }
    expect(rule(capabilities.issueRefund, { phase: 'after', input, output: { receipt: exact } }).decision).toBe(
      'permit',
    )
  })

  it('show a customer’s own data and nobody else’s, before and after', () => {
    using folder = tempFolder()
    using bank = testBank(folder.path, 10)
    const [own, other] = [bank.customer('c-1001'), bank.customer('c-1002')]
    const after = (input: object, output: object) =>
      ({ phase: 'after', input: { ...input }, output: { ...output } }) as const
    expect(rule(capabilities.findCustomer, { input: { customerId: 'c-1001' } }).decision).toBe('permit')
    expect(rule(capabilities.findCustomer, { input: { customerId: 'c-1002' } }).decision).toBe('forbid')
    expect(rule(capabilities.findCustomer, after({ customerId: 'c-1001' }, { customer: other })).decision).toBe(
      'forbid',
    )
    expect(rule(capabilities.readPayments, { input: { customer: own } }).decision).toBe('permit')
    expect(rule(capabilities.readPayments, { input: { customer: other } }).decision).toBe('forbid')
    const strange = { statement: bank.statement('c-1002', today) }
    expect(rule(capabilities.readPayments, after({ customer: own }, strange)).decision).toBe('forbid')
    expect(rule(capabilities.findDuplicate, { input: strange }).decision).toBe('forbid')
    expect(
      rule(capabilities.readCards, after({ customer: own }, { cards: bank.cardFile('c-1002', today) })).decision,
    ).toBe('forbid')
    expect(rule(capabilities.blockCard, { input: { customer: other } }).decision).toBe('forbid')
    expect(rule(capabilities.blockCard, { input: { customer: own } }).decision).toBe('permit')
  })

  it('let another owner’s agent check for fraud and do nothing else', () => {
    const agent = { id: 'fraud-bureau', domain: 'riskline' }
    const input = { claim: claim(500), profile: profile() }
    expect(rule(capabilities.checkFraud, { agent, input }).decision).toBe('permit')
    expect(rule(capabilities.issueRefund, { agent, input: { claim: claim(500), risk: risk(false) } }).decision).toBe(
      'forbid',
    )
  })
})

describe('the policies of Riskline', () => {
  const agent = { id: 'fraud-bureau', domain: 'riskline' }

  it('narrow what the bank permits', () => {
    const ask = (request: Partial<GuardRequest>) =>
      rule(capabilities.checkFraud, { agent, input: { claim: claim(500), profile: profile() }, ...request })
    const restricted = { trusted: false, origins: [], sensitivity: 'restricted' } as const
    expect(ask({ labels: restricted }).decision).toBe('forbid')
    expect(ask({ input: { claim: claim(0), profile: profile() } }).decision).toBe('forbid')
    const large = { claim: claim(1_000_001), profile: profile() }
    expect(ask({ input: large }).decision).toBe('forbid')
    expect(ask({ input: large, agent: { id: 'fraud-rules', domain: 'home' } }).decision).toBe('permit')
  })

  it('want a suspicion to say why', () => {
    const input = { claim: claim(500), profile: profile() }
    const mute = { suspected: true, score: 80, why: '' }
    expect(rule(capabilities.checkFraud, { agent, phase: 'after', input, output: { risk: mute } }).decision).toBe(
      'forbid',
    )
    expect(rule(capabilities.checkFraud, { agent, phase: 'after', input, output: { risk: risk(true) } }).decision).toBe(
      'permit',
    )
  })
})
