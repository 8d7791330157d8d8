import { describe, expect, it } from 'vitest'
import { createIds, digestOf } from '../../src/core/index.ts'
import { type Approval, type Decision, decide, expire, openApprovals, withdraw } from '../../src/policy/index.ts'
import { ask, askPlan, carla, guardOf, maria, omar, order, permitAll } from './desk.ts'

const askedAt = 1_000_000
const asked = {
  ids: createIds(
    () => askedAt,
    bytes => new Uint8Array(bytes),
  ),
  askedBy: ['carla'],
  askedAt,
}

function open(quorum = 1, request = ask()): Approval {
  const ruling = guardOf(`${permitAll}
    @id("big") @reason("above the limit") @escalate("finance") @within("10s") @quorum("${quorum}")
    forbid(principal, action, resource);`).rule(request, [])
  if (ruling.decision !== 'escalate') throw new Error('the fixture must escalate')
  const [approval] = openApprovals(ruling, request, asked)
  if (approval === undefined) throw new Error('the fixture must ask')
  return approval
}

const yes = (approval: Approval): Decision => ({ choice: 'approve', reason: 'fine', digest: approval.digest })
const no = (approval: Approval): Decision => ({ choice: 'reject', reason: 'too much', digest: approval.digest })
const edit = (approval: Approval, edits?: Readonly<Record<string, unknown>>): Decision => ({
  choice: 'edit',
  reason: 'less',
  digest: approval.digest,
  ...(edits === undefined ? {} : { edits }),
})
const code = (name: string) => expect.objectContaining({ code: name })

describe('an approval', () => {
  it('says what is asked, of whom, and until when', () => {
    expect(open(2)).toMatchObject({
      run: ask().run,
      tenant: 'acme',
      step: 's1',
      scope: 'home',
      rule: 'big',
      to: 'finance',
      quorum: 2,
      text: 'above the limit',
      capability: 'refund.issue@1',
      input: { order },
      askedBy: ['carla'],
      expiresAt: askedAt + 10_000,
      votes: [],
      outcome: { status: 'open' },
    })
    expect(open(1, askPlan()).step).toBeUndefined()
  })

  it('is given by one person where one is enough', () => {
    const approval = open()
    const after = decide(approval, yes(approval), maria, askedAt + 5)
    expect(after.outcome).toEqual({ status: 'approved' })
    expect(after.votes).toEqual([{ by: 'maria', reason: 'fine', at: askedAt + 5 }])
    expect(approval.votes).toEqual([])
  })

  it('stays open until as many different people agree as the rule wants', () => {
    const approval = open(2)
    const once = decide(approval, yes(approval), maria, askedAt)
    expect(once.outcome).toEqual({ status: 'open' })
    expect(() => decide(once, yes(once), maria, askedAt)).toThrow(code('conflict'))
    expect(decide(once, yes(once), omar, askedAt).outcome).toEqual({ status: 'approved' })
  })

  it('is refused by one no, even after a yes', () => {
    const approval = open(2)
    const once = decide(approval, yes(approval), maria, askedAt)
    expect(decide(once, no(once), omar, askedAt).outcome).toEqual({
      status: 'rejected',
      by: 'omar',
      reason: 'too much',
    })
  })

  it.each([
    ['without the role', { ...maria, roles: ['legal'] }],
    ['of another tenant', { ...maria, tenant: 'globex' }],
    ['that is an agent', { ...maria, kind: 'agent' as const }],
    ['that is a service', { ...maria, kind: 'service' as const }],
    ['who asked, whatever role they have', { ...carla, roles: ['finance'] }],
  ])('cannot be decided by somebody %s', (_, by) => {
    const approval = open()
    for (const decision of [yes(approval), no(approval), edit(approval, { order })]) {
      expect(() => decide(approval, decision, by, askedAt)).toThrow(code('forbidden'))
    }
  })

  it('cannot be decided by an answer to another question', () => {
    const approval = open()
    expect(() => decide(approval, { ...yes(approval), digest: digestOf('other') }, maria, askedAt)).toThrow(
      code('conflict'),
    )
  })

  it('means no from the moment it expires', () => {
    const approval = open()
    expect(decide(approval, yes(approval), maria, approval.expiresAt - 1).outcome.status).toBe('approved')
    expect(() => decide(approval, yes(approval), maria, approval.expiresAt)).toThrow(code('expired'))
    expect(expire(approval, approval.expiresAt - 1)).toBe(approval)
    const expired = expire(approval, approval.expiresAt)
    expect(expired.outcome).toEqual({ status: 'expired' })
    expect(() => decide(expired, yes(approval), maria, askedAt)).toThrow(code('expired'))
  })

  it('is decided once', () => {
    const approval = open()
    const closed = [
      decide(approval, yes(approval), maria, askedAt),
      decide(approval, no(approval), maria, askedAt),
      decide(approval, edit(approval, { order }), maria, askedAt),
      withdraw(approval, 'the run was cancelled'),
    ]
    for (const one of closed) {
      expect(() => decide(one, no(one), omar, askedAt)).toThrow(code('conflict'))
      expect(expire(one, approval.expiresAt)).toBe(one)
      expect(withdraw(one, 'again')).toBe(one)
    }
  })

  it('closes with edited arguments, which are a new question', () => {
    const approval = open(2)
    const edits = { order: { ...order, amountCents: 10 } }
    expect(decide(approval, edit(approval, edits), maria, askedAt).outcome).toEqual({
      status: 'edited',
      by: 'maria',
      reason: 'less',
      edits,
    })
  })

  it('takes no edits of nothing, or of what is no input', () => {
    const approval = open()
    for (const edits of [undefined, {}, { unknown: 1 }, { toString: 1 }]) {
      expect(() => decide(approval, edit(approval, edits), maria, askedAt)).toThrow(code('bad-input'))
    }
  })

  it('takes no edits beside a yes', () => {
    const approval = open()
    expect(() => decide(approval, { ...yes(approval), edits: { order } }, maria, askedAt)).toThrow(code('bad-input'))
  })
})
