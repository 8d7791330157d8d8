/** Laws of the guard, against a model of a few lines that shares no code with it. */
import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { digestOf } from '../../src/core/index.ts'
import { createGuard, type GuardRequest, type Lifted } from '../../src/policy/index.ts'
import { ask, capabilities, carla, lift, order } from '../policy/desk.ts'

const actions = [
  { text: 'action', speaks: true },
  { text: 'action == Muster::Action::"refund.issue"', speaks: true },
  { text: 'action in Muster::Action::"acts"', speaks: true },
  { text: 'action in [Muster::Action::"reads", Muster::Action::"acts"]', speaks: true },
  { text: 'action in Muster::Action::"reads"', speaks: false },
  { text: 'action == Muster::Action::"plan"', speaks: false },
]

const conditions: readonly { text: string; holds: (request: GuardRequest) => boolean }[] = [
  { text: 'true', holds: () => true },
  { text: 'context.price > 500', holds: ({ price }) => price > 500 },
  { text: '!context.labels.trusted', holds: ({ labels }) => !labels.trusted },
  { text: 'principal in Muster::Role::"finance"', holds: ({ principal }) => principal.roles.includes('finance') },
  { text: 'resource == Muster::Agent::"desk"', holds: ({ agent }) => agent?.id === 'desk' },
  { text: 'context.phase == "before"', holds: ({ phase }) => phase === 'before' },
]

const policy = fc.record({
  effect: fc.constantFrom('permit', 'permit', 'forbid'),
  action: fc.constantFrom(...actions),
  condition: fc.constantFrom(...conditions),
  quorum: fc.constantFrom(0, 1, 2),
})
type Model = typeof policy extends fc.Arbitrary<infer P> ? P & { readonly id: string } : never

const policies = fc
  .array(policy, { maxLength: 6 })
  .map(list => list.map((one, index): Model => ({ ...one, id: `p${index}` })))

const request = fc
  .record({
    price: fc.constantFrom(100, 1000),
    trusted: fc.boolean(),
    roles: fc.constantFrom([], ['finance']),
    agent: fc.constantFrom({ id: 'desk', domain: 'home' }, { id: 'desk', domain: 'bank' }, { id: 'x', domain: 'bank' }),
    amountCents: fc.integer({ min: 0, max: 2 }),
    after: fc.boolean(),
  })
  .map(({ price, trusted, roles, agent, amountCents, after }) =>
    ask({
      price,
      agent,
      principal: { ...carla, roles },
      labels: { trusted, origins: [], sensitivity: 'internal' },
      input: { order: { ...order, amountCents }, reasons: [] },
      ...(after ? { phase: 'after', output: { receipt: { id: 'r', to: 'x' } } } : {}),
    }),
  )

const people = fc.subarray(['maria', 'omar', 'carla'])
const lifts = fc.array(
  fc.record({
    rule: fc.constantFrom('p0', 'p1', 'p2', 'p3'),
    scope: fc.constantFrom('home', 'bank'),
    by: people,
    right: fc.boolean(),
  }),
  { maxLength: 6 },
)

function textOf({ id, effect, action, condition, quorum }: Model): string {
  const escalate = effect === 'forbid' && quorum > 0 ? `@escalate("finance") @quorum("${quorum}")` : ''
  return `@id("${id}") ${escalate} ${effect}(principal, ${action.text}, resource) when { ${condition.text} };`
}

function scopeOf(scope: string, models: readonly Model[]) {
  return { scope, policies: [{ file: `${scope}.cedar`, text: models.map(textOf).join('\n') }] }
}

const guardOf = (home: readonly Model[], bank?: readonly Model[]) =>
  createGuard({ scopes: [scopeOf('home', home), ...(bank ? [scopeOf('bank', bank)] : [])], capabilities })

const ranks = ['permit', 'escalate', 'forbid']

function modelOf(scope: string, models: readonly Model[], asked: GuardRequest, lifted: readonly Lifted[]): number {
  const spoke = models.filter(({ action, condition }) => action.speaks && condition.holds(asked))
  const forbids = spoke.filter(({ effect }) => effect === 'forbid')
  const isLifted = ({ id, quorum }: Model) =>
    lifted.some(one => one.scope === scope && one.rule === id && one.by.length >= quorum && !one.by.includes('carla'))
  if (spoke.length === forbids.length || forbids.some(({ quorum }) => quorum === 0)) return 2
  return forbids.every(isLifted) ? 0 : 1
}

const runs = { numRuns: 60 }

describe('for any policies and any request', () => {
  it('the guard rules as the model does: deny by default, strictest scope, only valid approvals lift', () => {
    fc.assert(
      fc.property(policies, fc.option(policies, { nil: undefined }), request, lifts, (home, bank, asked, wishes) => {
        const guard = guardOf(home, bank)
        const { digest } = guard.rule(asked, [])
        const lifted = wishes.map(({ rule, scope, by, right }) =>
          lift(rule, right ? digest : digestOf(rule), by, scope),
        )
        const valid = lifted.filter(one => one.digest === digest)
        const applies = bank !== undefined && asked.agent?.domain === 'bank'
        const expected = Math.max(
          modelOf('home', home, asked, valid),
          applies ? modelOf('bank', bank, asked, valid) : 0,
        )
        expect(guard.rule(asked, lifted).decision).toBe(ranks[expected])
      }),
      { numRuns: 150 },
    )
  })

  it('an approval of anything else changes nothing at all', () => {
    fc.assert(
      fc.property(policies, request, request, lifts, (home, asked, other, wishes) => {
        const guard = guardOf(home)
        const elsewhere = [
          digestOf('elsewhere'),
          guardOf([...home, ...home.slice(0, 1).map(one => ({ ...one, id: 'q' }))]).rule(asked, []).digest,
          guard.rule({ ...asked, step: 's2' }, []).digest,
          guard.rule({ ...asked, plan: digestOf('another plan') }, []).digest,
          guard.rule({ ...other, input: { ...other.input, more: 1 } }, []).digest,
        ]
        const own = guard.rule(asked, [])
        const lifted = wishes.flatMap(({ rule, scope, by }) =>
          elsewhere.filter(digest => digest !== own.digest).map(digest => lift(rule, digest, by, scope)),
        )
        expect(guard.rule(asked, lifted)).toEqual(own)
      }),
      runs,
    )
  })

  it('a domain can narrow and never widen', () => {
    fc.assert(
      fc.property(policies, policies, request, lifts, (home, bank, asked, wishes) => {
        const rank = (guard: ReturnType<typeof guardOf>) => {
          const { digest } = guard.rule(asked, [])
          const lifted = wishes.map(({ rule, scope, by }) => lift(rule, digest, by, scope))
          return ranks.indexOf(guard.rule(asked, lifted).decision)
        }
        expect(rank(guardOf(home, bank))).toBeGreaterThanOrEqual(rank(guardOf(home)))
      }),
      runs,
    )
  })

  it('the order of policies, files and scopes changes nothing', () => {
    fc.assert(
      fc.property(
        policies.chain(list => fc.tuple(fc.constant(list), fc.shuffledSubarray(list, { minLength: list.length }))),
        policies,
        request,
        ([home, shuffled], bank, asked) => {
          const files = shuffled.map((one, index) => ({ file: `${index}.cedar`, text: textOf(one) }))
          const moved = createGuard({
            scopes: [scopeOf('bank', bank), { scope: 'home', policies: files }],
            capabilities,
          })
          expect(moved.rule(asked, [])).toEqual(guardOf(home, bank).rule(asked, []))
        },
      ),
      runs,
    )
  })

  it('the ruling does not depend on what was asked before', () => {
    fc.assert(
      fc.property(policies, fc.array(request, { minLength: 2, maxLength: 4 }), (home, requests) => {
        const used = guardOf(home)
        for (const asked of requests) expect(used.rule(asked, [])).toEqual(guardOf(home).rule(asked, []))
      }),
      { numRuns: 25 },
    )
  })

  it('a policy that fails forbids, whatever the others say and people lift', () => {
    const fails = '@id("sum") permit(principal, action, resource) when { context.price * 9223372036854775807 > 0 };'
    fc.assert(
      fc.property(policies, request, (home, asked) => {
        const text = [...home.map(textOf), fails].join('\n')
        const guard = createGuard({ scopes: [{ scope: 'home', policies: [{ file: 'f', text }] }], capabilities })
        const { digest } = guard.rule(asked, [])
        const lifted = [...home.map(({ id }) => id), 'sum', '(error)'].map(rule =>
          lift(rule, digest, ['maria', 'omar']),
        )
        expect(guard.rule(asked, lifted).decision).toBe('forbid')
      }),
      { numRuns: 25 },
    )
  })
})

describe('for any values at all', () => {
  it('the guard answers, and never throws', () => {
    const guard = createGuard({ scopes: [scopeOf('home', [])], capabilities })
    const open = createGuard({
      scopes: [{ scope: 'home', policies: [{ file: 'f', text: '@id("all") permit(principal, action, resource);' }] }],
      capabilities,
    })
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.anything()), fc.anything(), (input, value) => {
        for (const asked of [
          ask({ input }),
          ask({ input: { order: value, reasons: [] } }),
          ask({ input: { order, reasons: [value] } }),
        ]) {
          expect(guard.rule(asked, []).decision).toBe('forbid')
          const { decision, reasons } = open.rule(asked, [])
          expect(reasons.length).toBeGreaterThan(0)
          expect(decision === 'forbid' || typeof asked.input['order'] === 'object').toBe(true)
        }
      }),
      { numRuns: 200 },
    )
  })
})
