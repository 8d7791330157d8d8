import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  forecast,
  type Plan,
  plan,
  type Problem,
  sealPlan,
  type Source,
  type Step,
  verify,
} from '../../src/planner/index.ts'
import { anyProblem, full, narrow, plain } from '../planner/any-problem.ts'
import { carriesOut, leastSequence, leastWeight, weightOf } from '../planner/brute-force.ts'

const totalWeight = (asked: Problem, { steps }: Plan) =>
  steps.reduce((sum, step) => sum + weightOf(asked, step.capability), 0)

/** All of the answer to `asked`, with the reasons. */
function answered(asked: Problem) {
  const answer = plan(asked)
  return answer.kind === 'planned' ? { ...answer, why: answer.why() } : answer
}

/** `plan` without one step and all mention of it as something to wait for or to collect. */
function without({ steps, wanted }: Plan, gone: string): Plan {
  const rest = steps
    .filter(({ id }) => id !== gone)
    .map(step => ({
      ...step,
      after: step.after.filter(id => id !== gone),
      inputs: Object.fromEntries(
        Object.entries(step.inputs).map(([port, input]) => [
          port,
          'from' in input ? input : input.filter(source => source.from !== 'step' || source.step !== gone),
        ]),
      ),
    }))
  return sealPlan(rest, wanted)
}

describe('laws of planning', () => {
  test('a plan has no issue and can be carried out in every order that it allows', () => {
    fc.assert(
      fc.property(anyProblem(full), asked => {
        const answer = plan(asked)
        fc.pre(answer.kind === 'planned')
        expect(verify(answer.plan, asked)).toEqual([])
        expect(carriesOut(answer.plan, asked)).toBe(true)
      }),
      { numRuns: 400 },
    )
  })

  test('no step of a plan can be dropped', () => {
    fc.assert(
      fc.property(anyProblem(full), asked => {
        const answer = plan(asked)
        fc.pre(answer.kind === 'planned' && answer.plan.steps.length > 0)
        for (const { id } of answer.plan.steps) expect(verify(without(answer.plan, id), asked)).not.toEqual([])
      }),
      { numRuns: 300 },
    )
  })

  test('there is a plan, and a cheapest one, exactly when trying every set of capabilities finds one', () => {
    fc.assert(
      fc.property(anyProblem(plain), asked => {
        const answer = plan(asked)
        const least = leastWeight(asked)
        expect(answer.kind === 'planned' ? totalWeight(asked, answer.plan) : undefined).toBe(least)
      }),
      { numRuns: 300 },
    )
  })

  test('with facts, too, trying every short sequence of steps finds nothing cheaper', () => {
    fc.assert(
      fc.property(anyProblem(narrow), asked => {
        const answer = plan(asked)
        const least = leastSequence(asked, 4)
        const found = answer.kind === 'planned' ? totalWeight(asked, answer.plan) : undefined
        expect(found ?? Infinity).toBeLessThanOrEqual(least ?? Infinity)
        const short = answer.kind === 'planned' && answer.plan.steps.length <= 4
        expect(short ? found : least).toBe(least)
      }),
      { numRuns: 400 },
    )
  })

  test('what is unsolvable says why for something', () => {
    fc.assert(
      fc.property(anyProblem(full), asked => {
        const answer = plan(asked)
        fc.pre(answer.kind === 'unsolvable')
        expect(answer.missing.length).toBeGreaterThan(0)
      }),
      { numRuns: 200 },
    )
  })

  test('the order of the capabilities makes no difference', () => {
    const shuffled = anyProblem(full).chain(asked =>
      fc
        .shuffledSubarray([...asked.capabilities], { minLength: asked.capabilities.length })
        .map(capabilities => ({ asked, other: { ...asked, capabilities } })),
    )
    fc.assert(
      fc.property(shuffled, ({ asked, other }) => {
        expect(answered(other)).toEqual(answered(asked))
      }),
      { numRuns: 200 },
    )
  })

  test('the budget is kept', () => {
    fc.assert(
      fc.property(anyProblem(full), fc.nat(12), (asked, budget) => {
        const answer = plan({ ...asked, budget })
        fc.pre(answer.kind === 'planned')
        expect(forecast(answer.plan, asked).cost.likely).toBeLessThanOrEqual(budget)
      }),
      { numRuns: 200 },
    )
  })
})

/** A change to a plan: `pick` chooses where and what, from whatever there is. */
type Change = (plan: Plan, asked: Problem, pick: (count: number) => number) => Plan

function changeStep(change: (step: Step, plan: Plan, asked: Problem, pick: (count: number) => number) => Step): Change {
  return (old, asked, pick) => {
    const at = pick(old.steps.length)
    return sealPlan(
      old.steps.map((step, place) => (place === at ? change(step, old, asked, pick) : step)),
      old.wanted,
    )
  }
}

function anySource(old: Plan, asked: Problem, pick: (count: number) => number): Source {
  const names = Object.keys(asked.given)
  const step = old.steps[pick(old.steps.length + 1)]
  return step
    ? { from: 'step', step: step.id, output: `out${pick(2)}` }
    : { from: 'given', name: names[pick(names.length)] ?? 'nothing' }
}

const changes: readonly Change[] = [
  changeStep((step, old, asked, pick) => {
    const ports = Object.entries(step.inputs)
    const [port, input] = ports[pick(ports.length)] ?? ['in0', []]
    const source = anySource(old, asked, pick)
    return { ...step, inputs: { ...step.inputs, [port]: 'from' in input ? source : [...input, source] } }
  }),
  changeStep(step => ({ ...step, after: [] })),
  changeStep((step, old, _, pick) => ({
    ...step,
    after: [...step.after, old.steps[pick(old.steps.length)]?.id ?? 's9'],
  })),
  changeStep((step, _, asked, pick) => ({
    ...step,
    capability: `${asked.capabilities[pick(asked.capabilities.length)]?.name ?? 'none'}@1`,
  })),
  (old, _, pick) => without(old, old.steps[pick(old.steps.length)]?.id ?? 's9'),
  (old, asked, pick) =>
    sealPlan(old.steps, { ...old.wanted, [asked.wanted[0]?.name ?? 'A']: anySource(old, asked, pick) }),
  (old, _, pick) => {
    const copied = old.steps[pick(old.steps.length)]
    return sealPlan(copied ? [...old.steps, { ...copied, id: 'copy' }] : old.steps, old.wanted)
  },
]

test('a changed plan is found wrong exactly when it cannot be carried out, or has a step of no use', () => {
  const picks = fc.array(fc.nat(99), { minLength: 20, maxLength: 20 })
  const which = fc.array(fc.constantFrom(...changes), { minLength: 1, maxLength: 3 })
  const simple = anyProblem({ ...full, collects: false })
  fc.assert(
    fc.property(simple, which, picks, (asked, changing, numbers) => {
      const answer = plan(asked)
      fc.pre(answer.kind === 'planned' && answer.plan.steps.length > 0 && answer.plan.steps.length < 5)
      let at = 0
      const pick = (count: number) => (numbers[at++ % numbers.length] ?? 0) % Math.max(1, count)
      const changed = changing.reduce((old, change) => change(old, asked, pick), answer.plan)
      const wrong = verify(changed, asked).filter(({ kind }) => kind !== 'useless-step')
      expect(wrong.length === 0).toBe(carriesOut(changed, asked))
    }),
    { numRuns: 500 },
  )
})
