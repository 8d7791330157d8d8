import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { z } from 'zod'
import { concept } from '../../src/core/index.ts'
import { plan, type Plan, sealPlan, type Source, type Step, verify } from '../../src/planner/index.ts'
import { fact, problem, thing, work } from './problems.ts'

const A = thing('A')
const B = thing('B')
const C = thing('C')
const As = concept('As', z.array(z.unknown()), { listOf: A })
const Bs = concept('Bs', z.array(z.unknown()), { listOf: B })
const left = work('left', { a: A }, { b: B }, { brings: [fact('signed', 'b')] })
const right = work('right', { a: A }, { b: B })
const sign = work('sign', { b: B }, { c: C }, { brings: [fact('signed', 'b')] })
const use = work('use', { b: B }, { c: C })
const careful = work('careful', { b: B }, { c: C }, { requires: [fact('signed', 'b')] })
const capabilities = [left, right, sign, use, careful]
const asked = problem({ capabilities, given: { a: A, as: As }, wanted: [C] })

const given = (name: string) => ({ from: 'given', name }) as const
const from = (id: string, output: string) => ({ from: 'step', step: id, output }) as const
const first = (...of: readonly Exclude<Source, { from: 'first' }>[]): Source => ({ from: 'first', of })
const step = (id: string, capability: string, inputs: Step['inputs'], more: Partial<Step> = {}): Step => ({
  id,
  capability: `${capability}@1`,
  inputs,
  after: [],
  ...more,
})
const s1 = step('s1', 'left', { a: given('a') })
const s2 = step('s2', 'right', { a: given('a') }, { unless: ['s1'] })
const both = first(from('s1', 'b'), from('s2', 'b'))
const planned = (...steps: readonly Step[]): Plan => sealPlan(steps, { C: from(steps.at(-1)?.id ?? '', 'c') })
const issues = (made: Plan, of = asked) => verify(made, of).map(({ kind, reason }) => [kind, reason])

describe('alternatives of a plan', () => {
  test('must each be of the kind that is taken', () => {
    expect(issues(planned(s1, s2, step('s3', 'use', { b: both })))).toEqual([])
    const wrong = first(from('s1', 'b'), given('a'))
    expect(issues(planned(s1, step('s3', 'use', { b: wrong })))).toEqual([
      ['type-mismatch', '`b` takes a `B` and gets a `A`'],
    ])
    expect(issues(planned(step('s3', 'use', { b: first() })))).toEqual([
      ['unknown-source', '`b` has no source: there is no alternative'],
    ])
  })

  test('may only stand in for steps of the plan, and not for each other', () => {
    expect(issues(planned({ ...s1, unless: ['s9'] }, step('s3', 'use', { b: from('s1', 'b') })))).toEqual([
      ['unknown-source', 'it stands in for `s9`, which is no step of the plan'],
    ])
    const circle = planned({ ...s1, unless: ['s2'] }, s2, step('s3', 'use', { b: both }))
    expect(issues(circle).map(([kind]) => kind)).toContain('cycle')
  })

  test('must each have the facts that are required of what is taken', () => {
    expect(issues(planned(s1, s2, step('s3', 'careful', { b: both })))).toEqual([
      ['unmet-fact', 'no step before it brings about `signed(b)`'],
    ])
    const one = { ...s2, capability: 'left@1' }
    expect(issues(planned(s1, one, step('s3', 'careful', { b: both })))).toEqual([])
    const signed = step('s3', 'sign', { b: both })
    expect(issues(planned(s1, s2, signed, step('s4', 'careful', { b: both }, { after: ['s3'] })))).toEqual([])
  })

  test('bring about no fact for those that run without them', () => {
    const signing = step('s3', 'sign', { b: from('s1', 'b') }, { unless: ['s2'] })
    const plain = { ...s2, unless: [] }
    const made = planned(s1, plain, signing, step('s4', 'careful', { b: from('s1', 'b') }, { after: ['s3'] }))
    const known = { ...asked, capabilities: [work('left', { a: A }, { b: B }), right, sign, use, careful] }
    expect(issues(made, known)[0]).toEqual(['unmet-fact', 'no step before it brings about `signed(b)`'])
  })
})

describe('a condition of a plan', () => {
  const conditional = (condition: string, over: Readonly<Record<string, Source>>) =>
    issues(planned(s1, step('s2', 'use', { b: from('s1', 'b') }, { when: { condition, over } })))

  test('must be one that can be read, over data that there are', () => {
    expect(conditional('b.good && a > 1', { a: given('a'), b: from('s1', 'b') })).toEqual([])
    expect(conditional('b.good', { b: from('s7', 'b') })).toEqual([
      ['unknown-source', 'its condition has no `b`: there is no step `s7`'],
    ])
    expect(conditional('b.good &&', { b: from('s1', 'b') })[0]?.[0]).toBe('bad-condition')
  })

  test('must speak of just what is bound', () => {
    expect(conditional('b.good', {})).toEqual([['bad-condition', '`b.good` speaks of `b`, which is not bound']])
    expect(conditional('b.good', { a: given('a'), b: from('s1', 'b') })).toEqual([
      ['superfluous-input', '`b.good` does not speak of `a`'],
    ])
  })
})

describe('a loop of a plan', () => {
  const loop = (each: Step['each'] & {}, inputs: Step['inputs'] = { a: given('as') }) =>
    issues(
      sealPlan([step('s1', 'right', inputs, { each })], { Bs: from('s1', 'b') }),
      problem({ capabilities, given: { a: A, as: As }, wanted: [Bs] }),
    )

  test('takes a list of what its step takes, and gives lists', () => {
    expect(loop({ port: 'a', most: 5, gives: { b: 'Bs' } })).toEqual([])
    expect(loop({ port: 'a', most: 5, gives: { b: 'Bs' } }, { a: given('a') })).toEqual([
      ['type-mismatch', '`a` takes the items of a list of `A` and gets a `A`'],
    ])
    expect(loop({ port: 'a', most: 5, gives: { b: 'As' } })).toContainEqual(['bad-loop', '`As` is no list of `B`'])
    expect(loop({ port: 'x', most: 5, gives: { b: 'Bs' } })[0]).toContain('type-mismatch')
  })

  test.for([0, 1.5, 1001])('may not run %s times', most => {
    expect(loop({ port: 'a', most, gives: { b: 'Bs' } })).toEqual([
      ['bad-loop', `it may run \`${most}\` times, and a loop runs from 1 to 1000 times`],
    ])
  })
})

test('a composed plan with conditions and lists has no issue, and no step of it can be dropped', () => {
  const things = [A, B, C, As, Bs]
  const anyWork = (name: string) =>
    fc
      .record({
        takes: fc.array(fc.constantFrom(...things), { minLength: 1, maxLength: 2 }),
        gives: fc.constantFrom(...things),
        when: fc.boolean(),
      })
      .map(({ takes, gives, when }) =>
        work(
          name,
          Object.fromEntries(takes.map((taken, at) => [`in${at}`, taken])),
          { out: gives },
          when ? { when: 'in0 == 1' } : {},
        ),
      )
  fc.assert(
    fc.property(
      fc.tuple(...['one', 'two', 'three', 'four', 'five', 'six'].map(anyWork)),
      fc.constantFrom(...things),
      fc.constantFrom(...things),
      (offered, start, end) => {
        const any = problem({ capabilities: offered, given: { start }, wanted: [end] })
        const answer = plan(any)
        fc.pre(answer.kind === 'planned' && answer.plan.steps.length > 1)
        if (answer.kind !== 'planned') return
        expect(verify(answer.plan, any)).toEqual([])
        for (const { id } of answer.plan.steps) {
          const rest = answer.plan.steps.filter(other => other.id !== id)
          expect(verify(sealPlan(rest, answer.plan.wanted), any)).not.toEqual([])
        }
        const turned = plan({ ...any, capabilities: offered.toReversed() })
        expect(turned).toMatchObject({ plan: answer.plan })
      },
    ),
    { numRuns: 500 },
  )
})
