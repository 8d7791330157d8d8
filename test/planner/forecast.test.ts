import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { seeded } from '../../src/agents/index.ts'
import { drawPlan, forecast, type Range, sealPlan } from '../../src/planner/index.ts'
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

  test('adds up what is likely, and knows that a condition may not hold', () => {
    expect(forecasted.cost).toEqual({ low: 30, likely: 60, high: 60 })
    expect(forecasted.steps.map(({ capability, cost }) => [capability, cost])).toEqual([
      ['left@1', { low: 10, likely: 10, high: 10 }],
      ['right@1', { low: 20, likely: 20, high: 20 }],
      ['join@1', { low: 0, likely: 30, high: 30 }],
    ])
  })

  test('takes the time of the critical path, and repeats what may fail', () => {
    expect(forecasted.time).toEqual({ low: 300, likely: 350, high: 300 + 4 * 50 })
    expect(forecasted.criticalPath.map(id => plan.steps.find(step => step.id === id)?.capability)).toEqual([
      'right@1',
      'join@1',
    ])
  })

  test('says when each step is likely to begin, how long it can wait, and how many may run at once', () => {
    expect(forecasted.steps.map(({ begins, slack }) => [begins, slack])).toEqual([
      [0, 200],
      [0, 0],
      [300, 0],
    ])
    expect(forecasted.width).toBe(2)
  })

  test('has the risk that any step fails, less where a step may not be needed', () => {
    expect(forecasted.steps.map(({ risk }) => risk)).toEqual([expect.closeTo(0.1), 0, 0.5])
    expect(forecasted.risk).toBeCloseTo(1 - 0.9 * (1 - 0.5 * (forecasted.steps[2]?.runs ?? 0)))
  })

  test('knows that what needs the data of a step that is skipped is skipped as well', () => {
    const E = thing('E')
    const longer = { ...asked, capabilities: [...capabilities, work('more', { d: D }, { e: E })], wanted: [E] }
    const { steps } = forecast(planned(longer).plan, longer)
    expect(steps[3]?.runs).toBe(steps[2]?.runs)
  })

  test('expects a fallback to run only when what it stands in for does not deliver', () => {
    const input = { a: { from: 'given', name: 'a' } } as const
    const withFallback = sealPlan(
      [
        { id: 's1', capability: 'left@1', inputs: input, after: [] },
        { id: 's2', capability: 'right@1', inputs: input, after: [], unless: ['s1'] },
      ],
      {},
    )
    const { cost, time, risk, steps } = forecast(withFallback, asked)
    expect([cost.likely, time.likely, risk]).toEqual([10, 100, expect.closeTo(0.1)])
    expect(steps[1]?.runs).toBeGreaterThan(0.05)
    expect(steps[1]?.runs).toBeLessThan(0.15)
    expect(cost.high).toBe(20)
  })

  test('counts a loop for some items, at worst for as many as it may be for, and never more than the budget', () => {
    const each = { port: 'a', most: 20, gives: {} }
    const loop = sealPlan(
      [{ id: 's1', capability: 'right@1', inputs: { a: { from: 'given', name: 'a' } }, after: [], each }],
      {},
    )
    const { cost, time } = forecast(loop, asked)
    expect(cost.likely).toBe(5 * 20)
    expect(cost.low).toBeLessThan(cost.likely)
    expect(cost.high).toBeGreaterThan(300)
    expect(time.likely).toBe(300)
    expect(forecast(loop, { ...asked, budget: 250 }).cost.high).toBe(250)
  })

  test('of nothing to do is nothing', () => {
    const nothing = problem({ capabilities, given: { a: A }, wanted: [A] })
    const none = { low: 0, likely: 0, high: 0 }
    expect(forecast(planned(nothing).plan, nothing)).toEqual({
      cost: none,
      time: none,
      risk: 0,
      criticalPath: [],
      coverage: 0.9,
      width: 0,
      steps: [],
    })
  })

  test('of steps that wait for each other is refused', () => {
    const circle = sealPlan(
      plan.steps.map(step => ({ ...step, after: ['s3'] })),
      plan.wanted,
    )
    expect(() => forecast(circle, asked)).toThrowError(expect.objectContaining({ code: 'plan-invalid' }))
  })
})

describe('the ranges of a forecast', () => {
  const stepRange = fc
    .record({ low: fc.nat(5000), more: fc.nat(5000), most: fc.nat(20_000) })
    .map(({ low, more, most }) => ({ low, likely: low + more, high: low + more + most }))
  const anyStep = fc.record({
    times: stepRange,
    prices: stepRange,
    failing: fc.double({ min: 0, max: 0.5, noNaN: true }),
    after: fc.array(fc.nat(9), { maxLength: 3 }),
  })

  test('hold what comes of the plan as often as they say, whatever its shape', () => {
    fc.assert(
      fc.property(fc.array(anyStep, { minLength: 1, maxLength: 10 }), fc.integer(), (steps, seed) => {
        const offered = steps.map((_, at) => work(`work${at}`, { a: A }, { b: B }))
        const shape = steps.map(({ after }, at) => ({
          id: `s${at}`,
          capability: `work${at}@1`,
          inputs: {},
          after: [...new Set(after.filter(other => other < at))].map(other => `s${other}`),
        }))
        const estimates = Object.fromEntries(
          steps.map(({ times, prices, failing }, at) => [
            `work${at}@1`,
            { price: prices.likely, time: times.likely, reliability: 1, times, prices, failing },
          ]),
        )
        const simulated = problem({ capabilities: offered, given: { a: A }, wanted: [], estimates })
        const { cost, time, coverage } = forecast(sealPlan(shape, {}), simulated)

        const random = seeded(seed)
        const rounds = 500
        let inCost = 0
        let inTime = 0
        for (let round = 0; round < rounds; round++) {
          const ends: number[] = []
          let spent = 0
          for (const [at, { times, prices, failing }] of steps.entries()) {
            let end = Math.max(0, ...(shape[at]?.after.map(id => ends[Number(id.slice(1))] ?? 0) ?? []))
            for (let tries = 1; tries < 5 && random() < failing; tries++) end += among(times, random)
            ends.push(end + among(times, random))
            spent += among(prices, random)
          }
          if (spent >= cost.low && spent <= cost.high) inCost += 1
          const took = Math.max(...ends)
          if (took >= time.low && took <= time.high) inTime += 1
        }
        // 500 rounds against bounds from 500: three and a half standard errors of both together are 6.6 in a hundred.
        for (const inside of [inCost, inTime]) expect(inside / rounds).toBeGreaterThan(coverage - 0.07)
        // What cannot vary always comes as it is expected.
        const varied = steps.some(({ prices }) => prices.low < prices.high)
        expect(inCost / rounds).toBeLessThan(varied ? coverage + 0.07 : 1.01)
      }),
      { numRuns: 60, seed: 1 },
    )
  })
})

/** One of the amounts that a range speaks of: one in twenty below it, one in twenty above, half below what is likely. */
function among({ low, likely, high }: Range, random: () => number): number {
  const normal = Array.from({ length: 12 }, random).reduce((sum, one) => sum + one, -6)
  const bound = normal < 0 ? low : high
  return Math.max(
    0,
    Math.exp(Math.log(likely + 1) + (Math.abs(normal) / 1.645) * Math.log((bound + 1) / (likely + 1))) - 1,
  )
}

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
