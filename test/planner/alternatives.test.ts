import { describe, expect, test } from 'vitest'
import { forecast, verify } from '../../src/planner/index.ts'
import { capabilitiesOf, fact, planned, problem, thing, work } from './problems.ts'

const A = thing('A')
const B = thing('B')
const C = thing('C')
const D = thing('D')

const sometimes = work('sometimes', { a: A }, { b: B }, { when: 'a.easy' })
const seldom = work('seldom', { a: A }, { b: B }, { when: 'a.odd' })
const prepare = work('prepare', { a: A }, { c: C })
const always = work('always', { c: C }, { found: B })
const dearer = work('dearer', { a: A }, { b: B })
const use = work('use', { b: B }, { d: D })
const estimates = { 'seldom@1': { price: 3 }, 'always@1': { price: 5 }, 'dearer@1': { price: 9 } }

const step = (id: string) => ({ from: 'step' as const, step: id, output: id === 's5' ? 'found' : 'b' })

describe('a step that may give nothing', () => {
  const asked = problem({
    capabilities: [use, dearer, always, prepare, seldom, sometimes],
    given: { a: A },
    wanted: [D],
    estimates,
  })
  const answer = planned(asked)

  test('has those behind it that may give it as well, and last one that always does', () => {
    expect(verify(answer.plan, asked)).toEqual([])
    const behind = Object.fromEntries(
      answer.plan.steps.map(({ id, capability, unless }) => [capability, { id, unless }]),
    )
    expect(behind).toEqual({
      'sometimes@1': { id: 's1' },
      'use@1': { id: 's2' },
      'seldom@1': { id: 's3', unless: ['s1'] },
      'prepare@1': { id: 's4', unless: ['s1', 's3'] },
      'always@1': { id: 's5', unless: ['s1', 's3'] },
    })
    expect(answer.plan.steps.find(({ id }) => id === 's2')?.inputs['b']).toEqual({
      from: 'first',
      of: [step('s1'), step('s3'), step('s5')],
    })
  })

  test('says why', () => {
    const reasons = answer.why().filter(one => one.step === 's5')
    expect(reasons).toEqual([{ step: 's5', for: ['`s1` may give no `b`'], instead: [] }])
  })

  test('costs nothing more as long as they are not needed, and what is needed of them at worst', () => {
    const { cost } = forecast(answer.plan, asked)
    expect(cost).toMatchObject({ low: 0, likely: 0 })
    expect(cost.high).toBeGreaterThan(0)
    expect(cost.high).toBeLessThanOrEqual(8)
    expect(forecast(answer.plan, { ...asked, budget: 3 }).cost.high).toBeLessThanOrEqual(3)
    expect(answer.proof.optimal).toBe(true)
  })

  test('is left alone when nobody else gives the same', () => {
    const alone = planned({ ...asked, capabilities: [sometimes, use] })
    expect(capabilitiesOf(alone.plan)).toEqual(['sometimes@1', 'use@1'])
    expect(alone.plan.steps.every(({ unless }) => unless === undefined)).toBe(true)
  })

  test('is left alone when the others need what is made from it', () => {
    const back = work('back', { d: D }, { b: B })
    expect(capabilitiesOf(planned({ ...asked, capabilities: [sometimes, use, back] }).plan)).toEqual([
      'sometimes@1',
      'use@1',
    ])
  })

  test('is left alone when a fact that is required would not hold of what the others give', () => {
    const signing = work('sometimes', { a: A }, { b: B }, { when: 'a.easy', brings: [fact('signed', 'b')] })
    const careful = work('use', { b: B }, { d: D }, { requires: [fact('signed', 'b')] })
    const plain = planned({ ...asked, capabilities: [signing, careful, dearer] })
    expect(capabilitiesOf(plain.plan)).toEqual(['sometimes@1', 'use@1'])
    const other = work('dearer', { a: A }, { b: B }, { brings: [fact('signed', 'b')] })
    const both = planned({ ...asked, capabilities: [signing, careful, other] })
    expect(capabilitiesOf(both.plan)).toEqual(['sometimes@1', 'dearer@1', 'use@1'])
  })

  test('may stand for what is wanted itself', () => {
    const wanting = problem({ capabilities: [sometimes, dearer], given: { a: A }, wanted: [B], estimates })
    const { plan } = planned(wanting)
    expect(plan.wanted['B']).toEqual({ from: 'first', of: [step('s1'), step('s2')] })
    expect(verify(plan, wanting)).toEqual([])
  })
})
