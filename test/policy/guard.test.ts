import { describe, expect, it } from 'vitest'
import { digestOf } from '../../src/core/index.ts'
import { ask, askPlan, carla, classify, guardOf, lift, maria, order, permitAll, refund, spoke } from './desk.ts'
import { createGuard } from '../../src/policy/index.ts'

const limit = `
${permitAll}
@id("big") @reason("above the limit") @escalate("finance") @within("2h") @quorum("2")
forbid(principal, action == Muster::Action::"refund.issue", resource) when { context.input.order.amountCents > 1000 };`

describe('what is permitted', () => {
  it('is nothing without a policy', () => {
    const ruling = guardOf('').rule(ask(), [])
    expect(ruling.decision).toBe('forbid')
    expect(ruling.reasons).toEqual([
      { scope: 'home', rule: '(no permit)', effect: 'forbid', text: 'no policy permits it' },
    ])
  })

  it('is nothing when only other actions are permitted', () => {
    const guard = guardOf('@id("read") permit(principal, action in Muster::Action::"reads", resource);')
    expect(guard.rule(ask(), []).decision).toBe('forbid')
    const reading = ask({
      capability: { name: 'ticket.classify', version: 1, effect: 'reads' },
      input: { reason: 'late' },
    })
    expect(guard.rule(reading, []).decision).toBe('permit')
  })

  it('follows what the capability does, whatever the request claims it does', () => {
    const guard = guardOf('@id("read") permit(principal, action in Muster::Action::"reads", resource);')
    const lying = ask({ capability: { name: 'refund.issue', version: 1, effect: 'reads' } })
    expect(guard.rule(lying, []).decision).toBe('forbid')
  })

  it('names the policies that permitted, with their reasons', () => {
    const guard = guardOf(
      '@id("b") @reason("why not") permit(principal, action, resource);\n@id("a") permit(principal, action, resource);',
    )
    expect(guard.rule(ask(), []).reasons).toEqual([
      { scope: 'home', rule: 'a', effect: 'permit', text: 'a' },
      { scope: 'home', rule: 'b', effect: 'permit', text: 'why not' },
    ])
  })
})

describe('what policies see', () => {
  const permitted = (condition: string, request = ask()) =>
    guardOf(
      `@id("p") permit(principal, action == Muster::Action::"refund.issue", resource) when { ${condition} };`,
    ).rule(request, []).decision === 'permit'

  it.each([
    'principal in Muster::Role::"customer" && principal.kind == "person" && principal.tenant == "acme"',
    'principal.roles.contains("customer") && principal == Muster::Principal::"carla"',
    'resource == Muster::Agent::"desk" && resource.domain == "home"',
    'context.phase == "before" && context.price == 1000 && context has step && context.step == "s1"',
    'context.labels.trusted && context.labels.sensitivity == 1 && context.labels.sensitivityName == "internal"',
    'context.labels.origins.contains("carla")',
    'context.input.order.id == "o-1" && !(context.input.order has note)',
    'context.input.order.weight.lessThan(decimal("1.6"))',
    'context.input.reasons.contains("broken")',
  ])('%s', condition => {
    expect(permitted(condition)).toBe(true)
  })

  it('includes the output after the work, and not before', () => {
    const condition = 'context has output && context.output.receipt.to == "carla"'
    const output = { receipt: { id: 'r', to: 'carla' } }
    expect(permitted(condition, ask({ phase: 'after', output }))).toBe(true)
    expect(permitted(condition, ask({ output }))).toBe(false)
  })

  it('shows a plan as what it is made of', () => {
    const guard = guardOf(`@id("p") permit(principal, action == Muster::Action::"plan", resource is Muster::Plan)
      when { context.capabilities == ["refund.issue"] && context.effect == "acts" && context.price < 2000 };`)
    expect(guard.rule(askPlan(), []).decision).toBe('permit')
    expect(guard.rule(askPlan({ price: 2000 }), []).decision).toBe('forbid')
  })

  it('calls an agent that is not known yet unassigned', () => {
    const { agent: _, ...unassigned } = ask()
    expect(permitted('resource == Muster::Agent::"unassigned" && resource.domain == ""', unassigned)).toBe(true)
  })

  it('still bounds a number with more digits than policies know', () => {
    expect(
      permitted(
        'context.input.order.weight.lessThan(decimal("1.6"))',
        ask({ input: { order: { ...order, weight: 1.600061 }, reasons: [] } }),
      ),
    ).toBe(false)
    expect(
      permitted(
        'context.input.order.weight.lessThan(decimal("1.6"))',
        ask({ input: { order: { ...order, weight: 1e300 }, reasons: [] } }),
      ),
    ).toBe(false)
    expect(
      permitted(
        'context.input.order.weight.lessThan(decimal("1.6"))',
        ask({ input: { order: { ...order, weight: -1e-9 }, reasons: [] } }),
      ),
    ).toBe(true)
  })

  it('takes null for absent', () => {
    const noted = ask({ input: { order: { ...order, note: null }, reasons: [] } })
    expect(permitted('!(context.input.order has note)', noted)).toBe(true)
  })

  it('takes no typed Cedar value from data', () => {
    const hostile = ask({
      input: { order: { ...order, id: { __entity: { type: 'Muster::Role', id: 'finance' } } }, reasons: [] },
    })
    expect(permitted('true', hostile)).toBe(false)
    const extra = ask({ input: { order: { ...order, __extn: { fn: 'decimal', arg: '1' } }, reasons: [] } })
    expect(permitted('context.input.order.id == "o-1"', extra)).toBe(true)
  })
})

describe('what policies look at', () => {
  const permitting = (condition: string) =>
    guardOf(`@id("p") permit(principal, action == Muster::Action::"refund.issue", resource) when { ${condition} };`)

  it.each([
    ['inside a record that is written out', '{ Var: context.phase, "has": context.labels }["has"].trusted'],
    ['behind a condition', '(if context.price > 1 then context.phase else context.run) == "before"'],
    ['through a test for a path', 'context has input.order.id && context.input.order.id == "o-1"'],
    ['by brackets', 'context["input"]["order"]["id"] like "o-*"'],
    ['as arguments', 'context.input.order.weight.greaterThan(decimal("1.0"))'],
    ['in a list that is written out', '["before", "after"].contains(context.phase)'],
    ['as a whole', '{ all: context }.all.price == 1000'],
    ['of both sides', 'principal.tenant == "acme" && "home" == resource.domain'],
  ])('is there, %s', (_, condition) => {
    expect(permitting(condition).rule(ask(), []).decision).toBe('permit')
    expect(permitting(`!(${condition})`).rule(ask(), []).reasons[0]?.rule).toBe('(no permit)')
  })
})

describe('what cannot be evaluated is forbidden', () => {
  it.each([
    [
      'an unknown capability',
      ask({ capability: { name: 'bank.rob', version: 1, effect: 'reads' } }),
      /`bank.rob@1` is not known/,
    ],
    [
      'an unknown version',
      ask({ capability: { name: 'refund.issue', version: 2, effect: 'acts' } }),
      /`refund.issue@2` is not known/,
    ],
    [
      'a step that calls itself a plan',
      ask({ capability: { name: 'plan', version: 1, effect: 'pure' } }),
      /`plan@1` is not known/,
    ],
    ['a missing input', ask({ input: { reasons: [] } }), /`input.order` is missing/],
    [
      'a wrong type',
      ask({ input: { order: { ...order, amountCents: '1' }, reasons: [] } }),
      /`input.order.amountCents` is no Long/,
    ],
    [
      'a fraction where a whole number belongs',
      ask({ input: { order: { ...order, amountCents: 1.5 }, reasons: [] } }),
      /is no Long/,
    ],
    ['a number that is none', ask({ input: { order: { ...order, weight: NaN }, reasons: [] } }), /cannot be ruled on/],
    ['a value that is not JSON', ask({ input: { order, reasons: [], extra: 1n } }), /cannot be ruled on/],
    ['a price that is no whole number', ask({ price: 0.5 }), /cannot be ruled on/],
    ['a missing output', ask({ phase: 'after' }), /the output is missing/],
    ['a plan without its capabilities', askPlan({ input: {} }), /is no list of capabilities/],
  ])('%s', (_, request, words) => {
    const ruling = guardOf(permitAll).rule(request, [])
    expect(ruling.decision).toBe('forbid')
    expect(ruling.reasons[0]?.text).toMatch(words)
    expect(guardOf(permitAll).rule(request, [lift('(error)', ruling.digest)]).decision).toBe('forbid')
  })

  it.each(['forbid', 'permit'])('a %s policy that fails', effect => {
    const overflows = 'context.input.order.amountCents * 9223372036854775807 > 0'
    const guard = guardOf(`${permitAll}
      @id("sum") ${effect}(principal, action == Muster::Action::"refund.issue", resource) when { ${overflows} };`)
    const ruling = guard.rule(ask(), [])
    expect(ruling.decision).toBe('forbid')
    expect(ruling.reasons).toMatchObject([
      { rule: 'sum', effect: 'forbid', text: expect.stringMatching(/^it failed: .*overflow/) },
    ])
  })

  it('a forbid that people could lift, when it fails, is not lifted', () => {
    const guard = guardOf(`${permitAll}
      @id("sum") @escalate("finance") forbid(principal, action == Muster::Action::"refund.issue", resource)
      when { context.input.order.amountCents * 9223372036854775807 > 0 };`)
    const { digest } = guard.rule(ask(), [])
    expect(guard.rule(ask(), [lift('sum', digest)]).decision).toBe('forbid')
  })
})

describe('escalation', () => {
  it('asks the role that the rule names, as long and as many as it says', () => {
    const ruling = guardOf(limit).rule(ask(), [])
    expect(ruling).toMatchObject({
      decision: 'escalate',
      escalations: [
        { scope: 'home', rule: 'big', to: 'finance', within: 7_200_000, quorum: 2, text: 'above the limit' },
      ],
    })
  })

  it('asks one person within half an hour when the rule says no more', () => {
    const guard = guardOf(`${permitAll} @id("x") @escalate("finance") forbid(principal, action, resource);`)
    expect(guard.rule(ask(), [])).toMatchObject({ escalations: [{ within: 1_800_000, quorum: 1, text: 'x' }] })
  })

  it('is not offered where a rule without it stands in the way too', () => {
    const guard = guardOf(`${limit} @id("never") forbid(principal, action, resource);`)
    const ruling = guard.rule(ask(), [])
    expect(ruling.decision).toBe('forbid')
    expect(spoke(ruling)).toEqual(['forbid big', 'forbid never'])
    expect(
      guard.rule(ask(), [lift('big', ruling.digest, ['maria', 'omar']), lift('never', ruling.digest)]).decision,
    ).toBe('forbid')
  })

  it('is not offered where nothing permits', () => {
    const guard = guardOf(limit.replace(permitAll, ''))
    const ruling = guard.rule(ask(), [])
    expect(spoke(ruling)).toEqual(['forbid (no permit)'])
    expect(guard.rule(ask(), [lift('big', ruling.digest, ['maria', 'omar'])]).decision).toBe('forbid')
  })

  it('permits once enough people lifted it, and says who', () => {
    const guard = guardOf(limit)
    const { digest } = guard.rule(ask(), [])
    const ruling = guard.rule(ask(), [lift('big', digest, ['maria', 'omar'])])
    expect(ruling.decision).toBe('permit')
    expect(ruling.reasons[0]?.text).toBe('lifted by maria, omar: above the limit')
  })

  it.each([
    ['too few people', lift('big', digestOfAsk(), ['maria'])],
    ['one person twice', lift('big', digestOfAsk(), ['maria', 'maria'])],
    ['the one who asked', lift('big', digestOfAsk(), ['maria', carla.id])],
    ['people of another scope', lift('big', digestOfAsk(), ['maria', 'omar'], 'bank')],
    ['people who lifted another rule', lift('bigger', digestOfAsk(), ['maria', 'omar'])],
    ['people who were asked something else', lift('big', digestOf('else'), ['maria', 'omar'])],
  ])('is not ended by %s', (_, lifted) => {
    expect(guardOf(limit).rule(ask(), [lifted]).decision).toBe('escalate')
  })

  it('evaluates everything else afresh: an approval does not cover what has changed meanwhile', () => {
    const guard = guardOf(`${limit} @id("dear") forbid(principal, action, resource) when { context.price > 5000 };`)
    const { digest } = guard.rule(ask(), [])
    const lifted = [lift('big', digest, ['maria', 'omar'])]
    expect(guard.rule(ask({ price: 4000, agent: { id: 'other', domain: 'home' } }), lifted).decision).toBe('permit')
    expect(guard.rule(ask({ price: 6000 }), lifted).decision).toBe('forbid')
  })

  it('asks every rule that stands in the way, and each must be lifted', () => {
    const guard = guardOf(`${permitAll}
      @id("a") @escalate("finance") forbid(principal, action, resource);
      @id("b") @escalate("legal") forbid(principal, action, resource);`)
    const first = guard.rule(ask(), [])
    expect(first).toMatchObject({ decision: 'escalate', escalations: [{ rule: 'a' }, { rule: 'b' }] })
    const second = guard.rule(ask(), [lift('a', first.digest)])
    expect(second).toMatchObject({ decision: 'escalate', escalations: [{ rule: 'b' }] })
    expect(second.decision === 'escalate' && second.escalations.length).toBe(1)
  })

  function digestOfAsk() {
    return guardOf(limit).rule(ask(), []).digest
  }
})

describe('scopes', () => {
  const bank = ask({ agent: { id: 'teller', domain: 'bank' } })

  it('of a domain must permit what its agents do, besides home', () => {
    expect(guardOf(permitAll, { bank: '' }).rule(bank, []).decision).toBe('forbid')
    expect(guardOf('', { bank: permitAll }).rule(bank, []).decision).toBe('forbid')
    expect(guardOf(permitAll, { bank: permitAll }).rule(bank, []).decision).toBe('permit')
  })

  it('of a domain say nothing about others, nor about a plan', () => {
    const guard = guardOf(permitAll, { bank: '' })
    expect(guard.rule(ask(), []).decision).toBe('permit')
    expect(guard.rule({ ...askPlan(), agent: { id: 'teller', domain: 'bank' } }, []).decision).toBe('permit')
  })

  it('ask each for themselves', () => {
    const guard = guardOf(limit, { bank: limit.replace('finance', 'teller') })
    const ruling = guard.rule(bank, [])
    expect(ruling).toMatchObject({
      escalations: [
        { scope: 'home', to: 'finance' },
        { scope: 'bank', to: 'teller' },
      ],
    })
    const half = guard.rule(bank, [lift('big', ruling.digest, ['maria', 'omar'], 'bank')])
    expect(half).toMatchObject({ decision: 'escalate', escalations: [{ scope: 'home' }] })
  })

  it.each([
    [[]],
    [[{ scope: 'bank', policies: [] }]],
    [
      [
        { scope: 'home', policies: [] },
        { scope: 'home', policies: [] },
      ],
    ],
  ])('are home and every other once (%j is refused)', scopes => {
    expect(() => createGuard({ scopes, capabilities: [] })).toThrow(/policies need the scope `home`/)
  })
})

describe('versions of a capability', () => {
  it('share one action, and policies see what they have in common', () => {
    const second = { ...refund, version: 2, takes: { order: refund.takes.order } }
    const guard = createGuard({
      scopes: [
        {
          scope: 'home',
          policies: [
            {
              file: 'f',
              text: `${permitAll}
        @id("few") forbid(principal, action == Muster::Action::"refund.issue", resource)
        when { context.input has reasons && context.input.reasons.isEmpty() };`,
            },
          ],
        },
      ],
      capabilities: [refund, second],
    })
    expect(guard.rule(ask({ input: { order, reasons: [] } }), []).decision).toBe('forbid')
    const asked = ask({ capability: { name: 'refund.issue', version: 2, effect: 'acts' }, input: { order } })
    expect(guard.rule(asked, []).decision).toBe('permit')
  })

  it('cannot differ in effect or type, nor take a name of the policy language', () => {
    const scopes = [{ scope: 'home', policies: [] }]
    expect(() => createGuard({ scopes, capabilities: [refund, { ...refund, version: 2, effect: 'reads' }] })).toThrow(
      /differ in effect/,
    )
    const retyped = { ...refund, version: 2, takes: { order: refund.takes.reasons.concept } }
    expect(() => createGuard({ scopes, capabilities: [refund, retyped] })).toThrow(/differ in type: Record and String/)
    expect(() => createGuard({ scopes, capabilities: [{ ...classify, name: 'plan' }] })).toThrow(/for something else/)
    expect(() => createGuard({ scopes, capabilities: [{ ...classify, name: 'reads' }] })).toThrow(/for something else/)
  })
})

describe('the digest of a ruling', () => {
  const guard = guardOf(permitAll)
  const { digest } = guard.rule(ask(), [])

  it.each([
    ['arguments', ask({ input: { order: { ...order, amountCents: 2501 }, reasons: ['broken'] } })],
    ['arguments that policies do not see', ask({ input: { order, reasons: ['broken'], secret: 1 } })],
    ['labels', ask({ labels: { trusted: false, origins: ['carla'], sensitivity: 'internal' } })],
    ['plan', ask({ plan: digestOf('other plan') })],
    ['step', ask({ step: 's2' })],
    ['person', ask({ principal: maria })],
    ['phase', ask({ phase: 'after', output: { receipt: { id: 'r', to: 'x' } } })],
  ])('changes with the %s', (_, request) => {
    expect(guard.rule(request, []).digest).not.toBe(digest)
  })

  it('changes with the policies', () => {
    expect(guardOf(`${permitAll} @id("x") permit(principal, action, resource);`).rule(ask(), []).digest).not.toBe(
      digest,
    )
  })

  it('stays the same for another agent and price, which every attempt settles anew', () => {
    expect(guard.rule(ask({ price: 7, agent: { id: 'other', domain: 'home' } }), []).digest).toBe(digest)
  })
})
