import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  drawPlan,
  drawSvg,
  forecast,
  plan,
  type Problem,
  type Range,
  revise,
  sealPlan,
  suppose,
  verify,
} from '../../src/planner/index.ts'
import { anyMixed, type Mixed, problemOf } from '../support/mixed.ts'

function askedOf(mixed: Mixed): Problem {
  return {
    ...problemOf(mixed),
    budget: 1_000_000,
    estimate: id => {
      const price = (mixed.prices[id.slice(0, -2)] ?? 0) * 1000
      return { price, time: 1 + price / 1000, reliability: id.length % 2 === 0 ? 0.7 : 1 }
    },
  }
}

const isOrdered = ({ low, likely, high }: Range) => low <= likely && likely <= high

describe('plans over registries in which everything is mixed', () => {
  test('have no issue, are revised to themselves, and come out the same in whatever order', () => {
    fc.assert(
      fc.property(anyMixed, mixed => {
        const asked = askedOf(mixed)
        const answer = plan(asked)
        fc.pre(answer.kind === 'planned')
        expect(verify(answer.plan, asked)).toEqual([])
        expect(revise(answer.plan, asked)).toEqual({ kind: 'valid', plan: answer.plan })
        const turned = {
          ...asked,
          capabilities: mixed.capabilities.toReversed(),
          methods: mixed.methods,
        }
        const again = plan(turned)
        expect(again.kind === 'planned' && again.plan.digest).toBe(answer.plan.digest)
        expect(answer.why()).toHaveLength(answer.plan.steps.length)
        drawPlan(answer.plan)
        drawSvg(answer.plan, 'a plan')
      }),
      { endOnFailure: true, numRuns: 120 },
    )
  })

  test('have forecasts in which nothing is out of order', () => {
    fc.assert(
      fc.property(anyMixed, mixed => {
        const asked = askedOf(mixed)
        const answer = plan(asked)
        fc.pre(answer.kind === 'planned')
        const { cost, time, risk, steps } = forecast(answer.plan, asked)
        for (const range of [cost, time, ...steps.flatMap(step => [step.cost, step.time])])
          expect(range).toSatisfy(isOrdered)
        for (const share of [risk, ...steps.flatMap(step => [step.risk, step.runs])]) {
          expect(share).toBeGreaterThanOrEqual(0)
          expect(share).toBeLessThanOrEqual(1)
        }
        expect(steps).toHaveLength(answer.plan.steps.length)
      }),
      { endOnFailure: true, numRuns: 80 },
    )
  })

  test('can be thought about, and so can their absence', () => {
    fc.assert(
      fc.property(anyMixed, mixed => {
        const asked = askedOf(mixed)
        const answer = plan(asked)
        for (const { plan: supposed } of suppose(asked, answer)) expect(supposed.steps).toBeDefined()
        expect(answer.kind === 'planned' || answer.missing.length > 0).toBe(true)
      }),
      { endOnFailure: true, numRuns: 40 },
    )
  })

  test('are mended when a step is lost, or there is no plan at all', () => {
    fc.assert(
      fc.property(anyMixed, fc.nat(), (mixed, pick) => {
        const asked = askedOf(mixed)
        const answer = plan(asked)
        fc.pre(answer.kind === 'planned' && answer.plan.steps.length > 0)
        const { steps, wanted } = answer.plan
        const rest = sealPlan(steps.toSpliced(pick % steps.length, 1), wanted)
        const revised = revise(rest, asked)
        expect(revised.kind === 'unsolvable' ? revised.missing : verify(revised.plan, asked)).toEqual([])
      }),
      { endOnFailure: true, numRuns: 80 },
    )
  })
})
