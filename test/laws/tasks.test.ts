import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  capabilityId,
  defineCapability,
  defineMethod,
  defineTask,
  type Method,
  type StepDefinition,
  type Task,
} from '../../src/agents/index.ts'
import { type Concept, isKindOf, MusterError } from '../../src/core/index.ts'
import { type Plan, plan, type Problem, revise, sealPlan, verify } from '../../src/planner/index.ts'
import { carriesOut, weightOf } from '../planner/brute-force.ts'
import { leastPerformance, whatRuns, whyNoDecomposition, whyNotCalledFor } from '../planner/decompositions.ts'
import { problem, thing } from '../planner/problems.ts'

const A = thing('A')
const B = thing('B', A)
const C = thing('C')
const D = thing('D', C)
const E = thing('E')
const anyConcept = fc.constantFrom<Concept>(A, B, C, D, E)
// Deeper than any task here needs to be.
const depth = 4

const anyCapability = (name: string) =>
  fc
    .record({
      takes: fc.array(anyConcept, { maxLength: 2 }),
      gives: fc.array(anyConcept, { minLength: 1, maxLength: 2 }),
      effect: fc.constantFrom('pure' as const, 'acts' as const),
    })
    .map(({ takes, gives, effect }) =>
      defineCapability({
        name,
        effect,
        takes: Object.fromEntries(takes.map((concept, at) => [`in${at}`, concept])),
        gives: Object.fromEntries(gives.map((concept, at) => [`out${at}`, concept])),
      }),
    )

const names = ['work.a', 'work.b', 'work.c', 'work.d']
const tasks = [
  defineTask({ name: 'task.high', takes: { have: A }, gives: {} }),
  defineTask({ name: 'task.middle', takes: { some: C }, gives: { made: A } }),
  defineTask({ name: 'task.low', takes: {}, gives: { made: C } }),
] as const
const [high, middle, low] = tasks

interface Choices {
  /** Of the steps: what each does, what it waits for, and which inputs are linked. */
  readonly steps: readonly {
    readonly what: number
    readonly after: readonly number[]
    readonly link: readonly number[]
  }[]
  readonly gives: number
  /** The condition of the method; most have none. */
  readonly when: number
}

const anyChoices = fc.record<Choices>({
  steps: fc.array(
    fc.record({
      what: fc.nat(99),
      after: fc.array(fc.nat(2), { maxLength: 1 }),
      link: fc.array(fc.nat(5), { minLength: 2, maxLength: 2 }),
    }),
    { minLength: 1, maxLength: 3 },
  ),
  gives: fc.nat(99),
  when: fc.nat(5),
})

type Doable = Extract<StepDefinition, { do: unknown }>['do']

/** A method as chosen, or undefined when the choices fit no method. Only its first step may be a task, or there would be too many ways to try. */
function methodOf(
  of: Task,
  name: string,
  doable: readonly Doable[],
  { steps, gives }: Choices,
  when?: string,
): Method | undefined {
  const work = doable.filter(one => one.kind === 'capability')
  const done = steps.map(({ what }, at) => {
    const among = at === 0 ? doable : work
    return { name: `step${at}`, what: among[what % among.length] }
  })
  const sources = (concept: Concept, before: number) => [
    ...Object.entries(of.takes).flatMap(([input, own]) => (isKindOf(own, concept) ? [input] : [])),
    ...done
      .slice(0, before)
      .flatMap(step =>
        Object.entries(step.what?.gives ?? {}).flatMap(([output, own]) =>
          isKindOf(own, concept) ? [[step.name, output] as const] : [],
        ),
      ),
  ]
  const defined = done.flatMap(({ name: step, what }, at): [string, StepDefinition][] => {
    if (!what) return []
    const inputs = Object.entries(what.takes).flatMap(([port, taken], index) => {
      const from = taken.kind === 'concept' ? sources(taken, at) : []
      const link = from[steps[at]?.link[index] ?? 99]
      return link === undefined ? [] : [[port, link] as const]
    })
    const after = (steps[at]?.after ?? []).filter(other => other < at).map(other => `step${other}`)
    return [[step, { do: what, inputs: Object.fromEntries(inputs), after }]]
  })
  const given = Object.entries(of.gives).flatMap(([output, concept]) => {
    const from = sources(concept, done.length).filter(one => typeof one !== 'string')
    const one = from[gives % Math.max(1, from.length)]
    return one === undefined ? [] : [[output, one] as const]
  })
  try {
    return defineMethod({
      of,
      name,
      ...(when === undefined ? {} : { when }),
      steps: Object.fromEntries(defined),
      gives: Object.fromEntries(given),
    })
  } catch (error) {
    if (error instanceof MusterError) return undefined
    throw error
  }
}

const network = (conditions: boolean): fc.Arbitrary<Problem> =>
  fc
    .record({
      capabilities: fc.tuple(...names.map(anyCapability)),
      choices: fc.array(anyChoices, { minLength: 7, maxLength: 7 }),
      given: fc.array(anyConcept, { minLength: 1, maxLength: 2 }),
      wanted: fc.array(anyConcept, { maxLength: 1 }),
      perform: fc.constantFrom(['task.high'], ['task.high', 'task.low'], ['task.middle']),
      prices: fc.array(fc.nat(4), { minLength: 4, maxLength: 4 }),
    })
    .map(({ capabilities, choices, given, wanted, perform, prices }) => {
      const shape: readonly (readonly [Task, string, readonly Doable[]])[] = [
        [high, 'one', [...capabilities, middle, low]],
        [high, 'two', [...capabilities, middle, low]],
        [middle, 'one', [...capabilities, low]],
        // It may be done by way of itself.
        [middle, 'two', [...capabilities, low, middle]],
        [middle, 'three', capabilities],
        [low, 'one', capabilities],
        [low, 'two', capabilities],
      ]
      return problem({
        capabilities,
        methods: shape.flatMap(([of, name, doable], at) => {
          const chosen = choices[at]
          const [input] = conditions ? Object.keys(of.takes) : []
          const when = input && ['p', 'q'][chosen?.when ?? 9]
          return (chosen && methodOf(of, name, doable, chosen, when && `${input}.${when}`)) ?? []
        }),
        given: Object.fromEntries(given.map((concept, at) => [`given${at}`, concept])),
        wanted,
        perform,
        estimates: Object.fromEntries(names.map((name, at) => [`${name}@1`, { price: prices[at] ?? 0, time: 1 }])),
      })
    })

const anyNetwork = network(false)

const givesOf = ({ capabilities }: Problem, id: string) =>
  capabilities.find(one => capabilityId(one) === id)?.gives ?? {}

const weigh = ({ steps }: Plan, asked: Problem) =>
  steps.reduce((sum, { capability }) => sum + weightOf(asked, capability), 0)

describe('laws of task networks', () => {
  test('every plan does each task by exactly one whole decomposition, and can be carried out in every order', () => {
    fc.assert(
      fc.property(anyNetwork, asked => {
        const answer = plan(asked)
        fc.pre(answer.kind === 'planned')
        expect(verify(answer.plan, asked)).toEqual([])
        expect(whyNoDecomposition(answer.plan, asked, 5)).toBeUndefined()
        expect(carriesOut(answer.plan, asked)).toBe(true)
      }),
      { numRuns: 300 },
    )
  })

  test('there is a plan exactly when trying every decomposition finds one, and none is lighter than a proved one', () => {
    fc.assert(
      fc.property(anyNetwork, asked => {
        const least = leastPerformance(asked, depth)
        const answer = plan(asked)
        expect(answer.kind).toBe(least === undefined ? 'unsolvable' : 'planned')
        if (answer.kind === 'unsolvable' || least === undefined) return
        expect(answer.proof.bound).toBeLessThanOrEqual(least + 1e-6)
        expect(answer.proof.value).toBeGreaterThanOrEqual(least - 1e-6)
        expect(!answer.proof.optimal || answer.proof.value <= least + 1e-6).toBe(true)
      }),
      { numRuns: 200 },
    )
  })

  test('the order of capabilities and of methods makes no difference', () => {
    fc.assert(
      fc.property(anyNetwork, asked => {
        const turned = {
          ...asked,
          capabilities: asked.capabilities.toReversed(),
          methods: asked.methods?.toReversed() ?? [],
        }
        const [one, other] = [plan(asked), plan(turned)]
        const planOf = (answer: typeof one) => (answer.kind === 'planned' ? answer.plan : undefined)
        expect(planOf(other)).toEqual(planOf(one))
      }),
      { numRuns: 200 },
    )
  })

  test('no step of a plan can be taken out', () => {
    fc.assert(
      fc.property(anyNetwork, asked => {
        const answer = plan(asked)
        fc.pre(answer.kind === 'planned')
        for (const gone of answer.plan.steps) {
          const rest = answer.plan.steps
            .filter(step => step !== gone)
            .map(step => ({ ...step, after: step.after.filter(id => id !== gone.id) }))
          expect(verify(sealPlan(rest, answer.plan.wanted), asked)).not.toEqual([])
        }
      }),
      { numRuns: 200 },
    )
  })

  test('a plan without one of its steps is revised to a plan that does the tasks again', () => {
    fc.assert(
      fc.property(anyNetwork, fc.nat(), (asked, at) => {
        const answer = plan(asked)
        fc.pre(answer.kind === 'planned' && answer.plan.steps.length > 0)
        const steps = answer.plan.steps.filter((_, place) => place !== at % answer.plan.steps.length)
        const revised = revise({ steps, wanted: answer.plan.wanted }, asked)
        const why = revised.kind === 'revised' ? whyNoDecomposition(revised.plan, asked, 5) : 'it was not revised'
        expect(why).toBeUndefined()
      }),
      { numRuns: 200 },
    )
  })

  test('a task that was begun goes on with what is finished of it, and does no part of it twice', () => {
    fc.assert(
      fc.property(anyNetwork, fc.nat(), (asked, at) => {
        const answer = plan(asked)
        fc.pre(answer.kind === 'planned' && answer.plan.steps.length > 0)
        const finished = answer.plan.steps.slice(0, 1 + (at % answer.plan.steps.length))
        const done = finished.map(step => ({ step, gives: givesOf(asked, step.capability) }))
        const left = { ...asked, done }
        const again = plan(left)
        expect(again.kind).toBe('planned')
        if (again.kind !== 'planned') return
        expect(verify(again.plan, left)).toEqual([])
        expect(whyNoDecomposition(again.plan, left, 5)).toBeUndefined()
        fc.pre(answer.proof.optimal && again.proof.optimal)
        // Of equal weight there may be more of them.
        expect(weigh(again.plan, left)).toBeLessThanOrEqual(weigh(answer.plan, asked) + 1e-6)
      }),
      { numRuns: 200 },
    )
  })

  test('whichever conditions hold, what runs of a plan is one whole decomposition, by the methods that are called for', () => {
    fc.assert(
      fc.property(network(true), asked => {
        const answer = plan(asked)
        // Where no condition holds and nothing is said for that case, what takes the outputs is skipped too.
        const isComplete = ({ of }: Method) =>
          asked.methods?.some(other => other.of === of && other.when === undefined) === true
        fc.pre(asked.methods?.every(isComplete) === true)
        fc.pre(answer.kind === 'planned' && answer.plan.steps.some(({ when }) => when))
        expect(verify(answer.plan, asked)).toEqual([])
        for (const p of [false, true]) {
          for (const q of [false, true]) {
            const ran = whatRuns(answer.plan, { p, q })
            expect(whyNotCalledFor(answer.plan, asked, ran, { p, q })).toBeUndefined()
          }
        }
      }),
      { numRuns: 60 },
    )
  })
})
