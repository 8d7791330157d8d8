import { describe, expect, test } from 'vitest'
import { drawPlan, forecast, sealPlan } from '../../src/planner/index.ts'
import { fact, planned, problem, thing, work } from './problems.ts'

const A = thing('A')
const B = thing('B')
const C = thing('C')
const D = thing('D')

const capabilities = [
  work('left', { a: A }, { b: B }),
  work('right', { a: A }, { c: C }),
  work('join', { b: B, c: C }, { d: D }, { when: 'true' }),
]
const asked = problem({
  capabilities,
  given: { a: A },
  wanted: [D],
  estimates: {
    'left@1': { price: 10, time: 100, reliability: 0.9 },
    'right@1': { price: 20, time: 300 },
    'join@1': { price: 30, time: 50, reliability: 0.5 },
  },
})

describe('a forecast', () => {
  const { plan } = planned(asked)
  const forecasted = forecast(plan, asked)

  test('adds up the cost, skips conditional steps at best and repeats unsure ones at worst', () => {
    expect(forecasted.cost).toEqual({ low: 30, likely: 60, high: 2 * 10 + 20 + 5 * 30 })
  })

  test('takes the time of the critical path', () => {
    expect(forecasted.time).toEqual({ low: 300, likely: 350, high: 300 + 5 * 50 })
    expect(forecasted.criticalPath.map(id => plan.steps.find(step => step.id === id)?.capability)).toEqual([
      'right@1',
      'join@1',
    ])
  })

  test('has the risk that any step fails', () => {
    expect(forecasted.risk).toBeCloseTo(1 - 0.9 * 0.5)
  })

  test('of nothing to do is nothing', () => {
    const idle = problem({ capabilities, given: { a: A }, wanted: [A] })
    const nothing = forecast(planned(idle).plan, idle)
    const none = { low: 0, likely: 0, high: 0 }
    expect(nothing).toEqual({ cost: none, time: none, risk: 0, criticalPath: [] })
  })

  test('of steps that wait for each other is refused', () => {
    const circle = sealPlan(
      plan.steps.map(step => ({ ...step, after: ['s3'] })),
      plan.wanted,
    )
    expect(() => forecast(circle, asked)).toThrowError(expect.objectContaining({ code: 'plan-invalid' }))
  })
})

describe('a picture', () => {
  test('shows what is given, the steps, what waits, and what is wanted', () => {
    const warm = work('warm', { a: A }, { b: B }, { brings: [fact('warm', 'a')] })
    const cook = work('cook', { a: A }, { d: D }, { requires: [fact('warm', 'a')] })
    const { plan } = planned(problem({ capabilities: [warm, cook], given: { 'a "b"': A }, wanted: [D] }))
    expect(drawPlan(plan)).toBe(
      `flowchart LR
  n1["s1: warm@1"]
  n2(["a #34;b#34;"])
  n2 -->|"a"| n1
  n3["s2: cook@1"]
  n2 -->|"a"| n3
  n1 -.-> n3
  n4(["D"])
  n3 --> n4
`,
    )
  })
})
