/** Laws of what policy keeps: approvals and the chain of a journal. */
import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { digestOf, MusterError, type Principal } from '../../src/core/index.ts'
import { type Approval, chainHash, decide, expire, verifyChain, withdraw } from '../../src/policy/index.ts'
import type { StoredEvent } from '../../src/store/index.ts'
import { carla, maria, omar, order, run } from '../policy/desk.ts'

const digest = digestOf('question')
const expiresAt = 100

const fresh = (quorum: number): Approval => ({
  id: 'approval-1' as Approval['id'],
  run,
  tenant: 'acme',
  step: 's1',
  scope: 'home',
  rule: 'big',
  to: 'finance',
  quorum,
  digest,
  text: 'above the limit',
  capability: 'refund.issue@1',
  input: { order },
  askedBy: ['carla'],
  askedAt: 0,
  expiresAt,
  votes: [],
  outcome: { status: 'open' },
})

const eligible: readonly Principal[] = [maria, omar, { ...maria, id: 'nina' }]
const strangers: readonly Principal[] = [
  { ...carla, roles: ['finance'] },
  { ...maria, id: 'bot', kind: 'agent' },
  { ...maria, id: 'spy', tenant: 'globex' },
  { ...maria, id: 'lena', roles: [] },
]

const act = fc.record({
  what: fc.constantFrom('approve', 'approve', 'approve', 'reject', 'edit', 'expire', 'withdraw'),
  by: fc.constantFrom(...eligible, ...strangers),
  now: fc.integer({ min: 0, max: 120 }),
  digest: fc.constantFrom(digest, digest, digest, digestOf('other')),
})

function perform(approval: Approval, { what, by, now, digest }: typeof act extends fc.Arbitrary<infer A> ? A : never) {
  if (what === 'expire') return expire(approval, now)
  if (what === 'withdraw') return withdraw(approval, 'no longer needed')
  const edits = what === 'edit' ? { edits: { order } } : {}
  const choice = what === 'approve' || what === 'reject' ? what : 'edit'
  try {
    return decide(approval, { choice, reason: '', digest, ...edits }, by, now)
  } catch (error) {
    if (error instanceof MusterError) return approval
    throw error
  }
}

describe('whatever people do with it, an approval', () => {
  it('is given only by enough different people who may, in time, and never changes once closed', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 3 }), fc.array(act, { maxLength: 12 }), (quorum, acts) => {
        let approval = fresh(quorum)
        for (const one of acts) {
          const next = perform(approval, one)
          expect(approval.outcome.status === 'open' || next === approval).toBe(true)
          approval = next
        }
        const voters = new Set(approval.votes.map(vote => vote.by))
        expect(voters.size).toBe(approval.votes.length)
        expect(strangers.some(({ id }) => voters.has(id))).toBe(false)
        expect(approval.votes.every(({ at }) => at < expiresAt)).toBe(true)
        expect(approval.outcome.status === 'approved').toBe(voters.size >= quorum)
      }),
      { numRuns: 500 },
    )
  })
})

function chained(bodies: readonly string[]): readonly StoredEvent[] {
  const events: StoredEvent[] = []
  for (const [index, body] of bodies.entries()) {
    const event = { seq: index + 1, at: index, type: 'note', body: JSON.stringify(body) }
    events.push({ ...event, hash: chainHash(run, events.at(-1)?.hash, event) })
  }
  return events
}

const bodies = fc.array(fc.string(), { minLength: 1, maxLength: 12 })

describe('whatever is done to a journal', () => {
  it('is found when anything of it was changed, moved, repeated or taken out', async () => {
    await fc.assert(
      fc.asyncProperty(
        bodies,
        fc.nat(),
        fc.nat(),
        fc.constantFrom('body', 'at', 'type', 'swap', 'drop', 'repeat', 'cut'),
        async (texts, a, b, how) => {
          const events = chained(texts)
          const head = { seq: events.length, hash: events.at(-1)?.hash ?? '' }
          expect(await verifyChain(run, events, head)).toEqual([])
          const at = a % events.length
          const to = b % events.length
          const one = events.slice(at, at + 1)
          const damaged = {
            body: events.map((event, index) => (index === at ? { ...event, body: `${event.body} ` } : event)),
            at: events.map((event, index) => (index === at ? { ...event, at: event.at + 1 } : event)),
            type: events.map((event, index) => (index === at ? { ...event, type: 'other' } : event)),
            swap: events.toSpliced(at, 1).toSpliced(to, 0, ...one),
            drop: events.toSpliced(at, 1),
            repeat: events.toSpliced(to, 0, ...one),
            cut: events.slice(0, at),
          }[how]
          const findings = await verifyChain(run, damaged, head)
          expect(findings.length === 0).toBe(how === 'swap' && at === to)
        },
      ),
      { numRuns: 300 },
    )
  })
})
