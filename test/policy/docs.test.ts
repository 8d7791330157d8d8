/** The policies in the documentation load, and do what the text beside them says. */
import { readFile } from 'node:fs/promises'
import { describe, expect, it } from 'vitest'
import type { GuardRequest } from '../../src/policy/index.ts'
import { checkPolicies } from '../../src/policy/index.ts'
import { ask, askPlan, capabilities, guardOf, lift, maria, omar, order } from './desk.ts'

const page = await readFile(new URL('../../docs/policies.md', import.meta.url), 'utf8')
const blocks = [...page.matchAll(/```cedar\n(.*?)```/gs)].map(([, text]) => text ?? '')
const [example = '', more = '', domain = ''] = blocks
const guard = guardOf(example + more, { cluster: domain })

const refundOf = (amountCents: number, over: Partial<GuardRequest> = {}) =>
  ask({ input: { order: { ...order, amountCents }, reasons: [] }, ...over })
const outside = { trusted: false, origins: ['carla'], sensitivity: 'internal' } as const
const asksOf = (request: GuardRequest) => {
  const ruling = guard.rule(request, [])
  return ruling.decision === 'escalate' ? ruling.escalations.map(({ to }) => to) : ruling.decision
}

describe('the page about policies', () => {
  it('shows three files of policies, none of which has anything wrong', () => {
    expect(blocks).toHaveLength(3)
    for (const [index, text] of blocks.entries()) {
      expect(checkPolicies([{ scope: 'home', policies: [{ file: `block ${index}`, text }] }], capabilities)).toEqual([])
    }
  })

  it('tells the truth about its example', () => {
    expect(asksOf(refundOf(2000))).toBe('permit')
    expect(asksOf(refundOf(8000))).toEqual(['finance'])
    expect(asksOf(refundOf(200_000))).toBe('forbid')
    expect(asksOf(refundOf(8000, { labels: outside }))).toEqual(['finance', 'support'])
    expect(asksOf(refundOf(2000, { principal: { ...maria, roles: ['staff'] } }))).toBe('forbid')
    const { digest } = guard.rule(refundOf(8000), [])
    expect(guard.rule(refundOf(8000), [lift('large-refund', digest)]).decision).toBe('permit')
  })

  it('tells the truth about plans and outputs', () => {
    expect(asksOf(askPlan())).toBe('permit')
    expect(asksOf(askPlan({ price: 3_000_000 }))).toEqual(['support'])
    expect(asksOf(refundOf(1, { phase: 'after', output: { receipt: { id: 'r', to: 'carla' } } }))).toBe('permit')
    expect(asksOf(refundOf(1, { phase: 'after', output: { receipt: { id: 'r', to: omar.id } } }))).toBe('forbid')
  })

  it('tells the truth about a domain', () => {
    const there = { agent: { id: 'node-agent', domain: 'cluster' } }
    const secret = { trusted: true, origins: [], sensitivity: 'confidential' } as const
    expect(asksOf(refundOf(1, there))).toBe('permit')
    expect(asksOf(refundOf(1, { ...there, labels: secret }))).toBe('forbid')
    expect(asksOf(refundOf(1, { labels: secret }))).toBe('permit')
  })

  it('names every annotation that is known', () => {
    for (const name of ['id', 'reason', 'escalate', 'within', 'quorum']) expect(page).toContain(`| \`@${name}(`)
  })
})
