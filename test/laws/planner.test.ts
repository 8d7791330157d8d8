import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Capability, FactPattern } from '../../src/agents/index.ts'
import { all, type Concept, type Port } from '../../src/core/index.ts'
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
import { carriesOut, leastSequence, leastWeight, weightOf } from '../planner/brute-force.ts'
import { fact, problem, thing, work } from '../planner/problems.ts'

// A small family: B and C are kinds of A, D is a kind of B.
const A = thing('A')
const B = thing('B', A)
const C = thing('C', A)
const D = thing('D', B)
const E = thing('E')
const F = thing('F')
const concepts: readonly Concept[] = [A, B, C, D, E, F]

interface Shape {
  readonly inputs: number
  readonly collects: boolean
  readonly facts: boolean
  readonly removes: boolean
  readonly most: number
}

const anyConcept = fc.constantFrom(...concepts)

function anyFacts(ports: readonly string[], use: boolean): fc.Arbitrary<readonly FactPattern[]> {
  if (!use || ports.length === 0) return fc.constant([])
  return fc.array(
    fc
      .record({ name: fc.constantFrom('good', 'ripe'), port: fc.constantFrom(...ports) })
      .map(r => fact(r.name, r.port)),
    { maxLength: 1 },
  )
}

function anyCapability(name: string, { inputs, collects, facts, removes }: Shape): fc.Arbitrary<Capability> {
  return fc
    .record({
      takes: fc.array(anyConcept, { maxLength: inputs }),
      list: collects ? fc.option(anyConcept, { nil: undefined }) : fc.constant(undefined),
      gives: fc.array(anyConcept, { minLength: 1, maxLength: 2 }),
    })
    .chain(({ takes, list, gives }) => {
      const ins: Record<string, Port> = Object.fromEntries(takes.map((concept, at) => [`in${at}`, concept]))
      if (list) ins['list'] = all(list)
      const outs = Object.fromEntries(gives.map((concept, at) => [`out${at}`, concept]))
      return fc
        .record({
          requires: anyFacts(Object.keys(ins), facts),
          brings: anyFacts([...Object.keys(ins), ...Object.keys(outs)], facts),
          removes: anyFacts(Object.keys(ins), facts && removes),
        })
        .map(parts => work(name, ins, outs, parts))
    })
}

function anyProblem(shape: Shape): fc.Arbitrary<Problem> {
  const names = Array.from({ length: shape.most }, (_, at) => `work.${'abcdefghij'.charAt(at)}`)
  return fc
    .record({
      capabilities: fc.tuple(...names.map(name => anyCapability(name, shape))),
      given: fc.array(anyConcept, { minLength: 1, maxLength: 2 }),
      wanted: fc.array(anyConcept, { minLength: 1, maxLength: 2 }),
      known: fc.boolean(),
      prices: fc.array(fc.nat(4), { minLength: shape.most, maxLength: shape.most }),
      unsure: fc.array(fc.boolean(), { minLength: shape.most, maxLength: shape.most }),
    })
    .map(({ capabilities, given, wanted, known, prices, unsure }) =>
      problem({
        capabilities,
        given: Object.fromEntries(given.map((concept, at) => [`given${at}`, concept])),
        wanted,
        facts: shape.facts && known ? [fact('good', 'given0')] : [],
        estimates: Object.fromEntries(
          names.map((name, at) => [
            `${name}@1`,
            { price: prices[at] ?? 0, time: 1, reliability: unsure[at] ? 0.5 : 1 },
          ]),
        ),
      }),
    )
}

const plain: Shape = { inputs: 2, collects: false, facts: false, removes: false, most: 8 }
const full: Shape = { inputs: 2, collects: true, facts: true, removes: true, most: 6 }
const narrow: Shape = { inputs: 1, collects: false, facts: true, removes: true, most: 4 }

const totalWeight = (asked: Problem, { steps }: Plan) =>
  steps.reduce((sum, step) => sum + weightOf(asked, step.capability), 0)

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
          'from' in input ? input : input.filter(source => source.from === 'given' || source.step !== gone),
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
        expect(plan(other)).toEqual(plan(asked))
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
