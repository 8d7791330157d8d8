import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { type Capability, defineCapability } from '../../src/agents/index.ts'
import { concept } from '../../src/core/index.ts'
import { checkPolicies, createGuard } from '../../src/policy/index.ts'
import { capabilities, permitAll, Receipt } from './desk.ts'

const check = (text: string, known: readonly Capability[] = capabilities) =>
  checkPolicies([{ scope: 'home', policies: [{ file: 'main.cedar', text }] }], known)
const errors = (text: string, known: readonly Capability[] = capabilities) =>
  check(text, known)
    .filter(({ severity }) => severity === 'error')
    .map(({ file, line, message }) => `${file}:${line}: ${message}`)

describe('a check of policies', () => {
  it('finds nothing wrong with good ones', () => {
    expect(check(permitAll)).toEqual([])
  })

  it.each([
    [
      'a slip of the pen',
      `${permitAll}\n\n@id("b") permit(principal, action, resource) whn { true };`,
      /^main\.cedar:3: .*whn/,
    ],
    [
      'an unknown action',
      `// ééé\n${permitAll}\n@id("b")\nforbid(principal,\n action == Muster::Action::"refund.isue", resource);`,
      /^main\.cedar:5: .*refund\.isue.*did you mean/,
    ],
    [
      'an unknown attribute',
      '@id("b") forbid(principal, action == Muster::Action::"refund.issue", resource)\nwhen { context.input.order.amount > 3 };',
      /^main\.cedar:2: .*amount/,
    ],
    [
      'an attribute that only some actions have',
      '@id("b") forbid(principal, action, resource) when { context.input.order.amountCents > 3 };',
      /^main\.cedar:1: /,
    ],
    [
      'an optional attribute taken for granted',
      '@id("b") forbid(principal, action == Muster::Action::"refund.issue", resource) when { context.input.order.note == "x" };',
      /has note/,
    ],
    [
      'a comparison of different types',
      '@id("b") forbid(principal, action, resource) when { context.price == "3" };',
      /^main\.cedar:1: /,
    ],
    [
      'a policy without an id',
      `${permitAll}\n// next\npermit(principal, action, resource);`,
      /^main\.cedar:3: the policy has no @id/,
    ],
    ['an id that is none', '@id("a b") permit(principal, action, resource);', /`a b` is no id/],
    ['an id given twice', `${permitAll}\n${permitAll}`, /^main\.cedar:2: `all` is the id of two policies/],
    [
      'a mistyped annotation',
      '@id("a") @escalate("x") @quorom("2") forbid(principal, action, resource);',
      /`@quorom` is not known here/,
    ],
    [
      'an escalation of a permit',
      '@id("a") @escalate("x") permit(principal, action, resource);',
      /belongs on a forbid/,
    ],
    ['an escalation to nobody', '@id("a") @escalate("") forbid(principal, action, resource);', /names no role/],
    [
      'a quorum without an escalation',
      '@id("a") @quorum("2") forbid(principal, action, resource);',
      /mean nothing without @escalate/,
    ],
    [
      'a quorum of nobody',
      '@id("a") @escalate("x") @quorum("0") forbid(principal, action, resource);',
      /no number from 1/,
    ],
    [
      'a time that is none',
      '@id("a") @escalate("x") @within("soon") forbid(principal, action, resource);',
      /no duration/,
    ],
    ['no time at all', '@id("a") @escalate("x") @within("0s") forbid(principal, action, resource);', /no duration/],
    ['a template', '@id("a") permit(principal == ?principal, action, resource);', /templates are not supported/],
  ])('finds %s', (_, text, words) => {
    expect(errors(text)[0]).toMatch(words)
    expect(() =>
      createGuard({ scopes: [{ scope: 'home', policies: [{ file: 'main.cedar', text }] }], capabilities }),
    ).toThrow(/main\.cedar:\d+: /)
  })

  it('tells the line of each of many policies', () => {
    const text = Array.from(
      { length: 12 },
      (_, i) => `@id("p${i}") ${i % 5 === 3 ? '@bad("") ' : ''}permit(principal, action, resource);`,
    ).join('\n')
    expect(errors(text).map(line => line.split(' ')[0])).toEqual(['main.cedar:4:', 'main.cedar:9:'])
  })

  it('finds the same id in two files of a scope', () => {
    const files = ['a', 'b'].map(name => ({ file: `${name}.cedar`, text: permitAll }))
    expect(checkPolicies([{ scope: 'home', policies: files }], capabilities)).toMatchObject([
      { file: 'b.cedar', line: 1 },
    ])
  })

  it('warns of a policy that can never apply, and loads it', () => {
    const text = `${permitAll}\n@id("w") forbid(principal, action in Muster::Action::"writes", resource);`
    expect(check(text)).toMatchObject([
      { severity: 'warning', line: 2 },
      { severity: 'warning', line: 2 },
    ])
    expect(errors(text)).toEqual([])
  })
})

describe('what policies cannot see is refused when they are checked', () => {
  const Odd = concept(
    'Odd',
    z.object({
      union: z.union([z.string(), z.number()]),
      nullable: z.string().nullable(),
      map: z.record(z.string(), z.string()),
      pair: z.tuple([z.string(), z.string()]),
      anything: z.unknown(),
      __entity: z.string(),
      choice: z.enum(['a', 'b']),
      nested: z.object({ list: z.array(z.object({ on: z.boolean() })) }),
    }),
  )
  const When = concept('When', z.date())
  const odd = defineCapability({
    name: 'odd.do',
    takes: { odd: Odd, when: When },
    gives: { receipt: Receipt },
    effect: 'pure',
  })
  const reads = (path: string) =>
    errors(`@id("a") permit(principal, action == Muster::Action::"odd.do", resource) when { ${path} };`, [
      ...capabilities,
      odd,
    ])

  it.each(['union', 'map', 'pair', 'anything', '__entity'])('such as `%s`', name => {
    expect(reads(`context.input.odd has ${name} && context.input.odd.${name} == "x"`)).toHaveLength(1)
    expect(reads(`context.input.odd.${name} == "x"`)).toHaveLength(1)
  })

  it('such as a date, in which case the whole input is left out', () => {
    expect(reads('context.input.when == "x"')).toHaveLength(1)
  })

  it('while what may be null may be absent', () => {
    expect(reads('context.input.odd.nullable == "x"')).toHaveLength(1)
    expect(reads('context.input.odd has nullable && context.input.odd.nullable == "x"')).toEqual([])
    expect(reads('context has input.odd.nullable && context.input.odd.nullable == "x"')).toEqual([])
  })

  it('while all else is there', () => {
    expect(reads('context.input.odd.choice == "a" && context.input.odd.nested.list.contains({ on: true })')).toEqual([])
  })
})
