import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { capabilityId } from '../../src/agents/index.ts'
import {
  type Draft,
  differenceOf,
  type Finished,
  type Plan,
  plan,
  type Problem,
  predecessors,
  revise,
  sealPlan,
  type Source,
  type Step,
  verify,
} from '../../src/planner/index.ts'
import { anyProblem, full, plain } from '../planner/any-problem.ts'
import { carriesOut } from '../planner/brute-force.ts'

type Pick = (count: number) => number

/** A way to spoil a plan; `pick` chooses where and with what. */
type Mistake = (old: Draft, asked: Problem, pick: Pick) => Draft

const onStep =
  (spoil: (step: Step, old: Draft, asked: Problem, pick: Pick) => Step): Mistake =>
  (old, asked, pick) => {
    const at = pick(old.steps.length)
    return { ...old, steps: old.steps.map((step, place) => (place === at ? spoil(step, old, asked, pick) : step)) }
  }

const anySource = (old: Draft, asked: Problem, pick: Pick): Source => {
  const step = old.steps[pick(old.steps.length + 2)]
  const names = [...Object.keys(asked.given), 'nothing']
  return step
    ? { from: 'step', step: step.id, output: `out${pick(3)}` }
    : { from: 'given', name: names[pick(names.length)] ?? 'nothing' }
}

const anyCapability = (asked: Problem, pick: Pick) => {
  const capability = asked.capabilities[pick(asked.capabilities.length)]
  return capability ? capabilityId(capability) : 'none@1'
}

const mistakes: readonly Mistake[] = [
  // a step is dropped
  (old, _, pick) => {
    const gone = old.steps[pick(old.steps.length)]
    return { ...old, steps: old.steps.filter(step => step !== gone) }
  },
  // a capability is invented, or another one
  onStep((step, _old, _asked, pick) => ({ ...step, capability: pick(2) === 0 ? 'invented@1' : `${step.capability}0` })),
  onStep((step, _old, asked, pick) => ({ ...step, capability: anyCapability(asked, pick) })),
  // an input is unbound, invented, or bound to something else
  onStep((step, _old, _asked, pick) => {
    const gone = Object.keys(step.inputs)[pick(3)]
    return { ...step, inputs: Object.fromEntries(Object.entries(step.inputs).filter(([port]) => port !== gone)) }
  }),
  onStep((step, old, asked, pick) => ({ ...step, inputs: { ...step.inputs, more: anySource(old, asked, pick) } })),
  onStep((step, old, asked, pick) => {
    const port = Object.keys(step.inputs)[pick(3)] ?? 'in0'
    const source = anySource(old, asked, pick)
    return { ...step, inputs: { ...step.inputs, [port]: pick(3) === 0 ? [source] : source } }
  }),
  // steps wait for each other, or for nothing that is there, or not at all
  onStep((step, old, _asked, pick) => ({
    ...step,
    after: [...step.after, old.steps[pick(old.steps.length)]?.id ?? 's99'],
  })),
  onStep(step => ({ ...step, after: [] })),
  // a step of no use, or one that is there twice
  (old, asked, pick) => ({
    ...old,
    steps: [...old.steps, { id: 'useless', capability: anyCapability(asked, pick), inputs: {}, after: [] }],
  }),
  (old, _asked, pick) => ({ ...old, steps: [...old.steps, ...old.steps.slice(pick(old.steps.length)).slice(0, 1)] }),
  // a want comes from somewhere else, or from nowhere
  (old, asked, pick) => ({
    ...old,
    wanted: { ...old.wanted, [asked.wanted[0]?.name ?? 'A']: anySource(old, asked, pick) },
  }),
  old => ({ ...old, wanted: {} }),
]

const numbers = fc.array(fc.nat(99), { minLength: 20, maxLength: 20 })

function spoil(old: Plan, asked: Problem, which: readonly Mistake[], chosen: readonly number[]): Draft {
  let at = 0
  const pick: Pick = count => (chosen[at++ % chosen.length] ?? 0) % Math.max(1, count)
  return which.reduce((draft, mistake) => mistake(draft, asked, pick), { steps: old.steps, wanted: old.wanted })
}

const which = fc.array(fc.constantFrom(...mistakes), { minLength: 1, maxLength: 4 })

/** The steps of a prefix of `made` as finished, in an order in which they could have run. */
function finish(made: Plan, asked: Problem, count: number): readonly Finished[] {
  return made.steps.slice(0, count).map(step => ({
    step,
    gives: asked.capabilities.find(one => capabilityId(one) === step.capability)?.gives ?? {},
  }))
}

describe('laws of revising', () => {
  test('a valid plan is left untouched', () => {
    fc.assert(
      fc.property(anyProblem(full), asked => {
        const answer = plan(asked)
        fc.pre(answer.kind === 'planned')
        expect(revise(answer.plan, asked)).toEqual({ kind: 'valid', plan: answer.plan })
      }),
      { numRuns: 200 },
    )
  })

  test('a spoilt plan is made one that has no issue and can be carried out', () => {
    fc.assert(
      fc.property(anyProblem(full), which, numbers, (asked, spoiling, chosen) => {
        const answer = plan(asked)
        fc.pre(answer.kind === 'planned' && answer.plan.steps.length > 0 && answer.plan.steps.length < 6)
        const draft = spoil(answer.plan, asked, spoiling, chosen)
        const revised = revise(draft, asked)
        if (revised.kind === 'unsolvable') throw new Error('there is a plan')
        expect(verify(revised.plan, asked)).toEqual([])
        expect(carriesOut(revised.plan, asked)).toBe(true)
        const difference = differenceOf(draft, revised.plan)
        expect(revised.kind === 'revised' ? revised.difference : difference).toEqual(difference)
        expect(revised.kind === 'valid' || revised.issues.length > 0).toBe(true)
        expect(revise(draft, asked)).toEqual(revised)
        expect(revise(revised.plan, asked)).toEqual({ kind: 'valid', plan: revised.plan })
      }),
      { numRuns: 600 },
    )
  })

  test('a draft of anything is revised exactly when there is a plan', () => {
    fc.assert(
      fc.property(anyProblem(full), numbers, (asked, chosen) => {
        let at = 0
        const pick: Pick = count => (chosen[at++ % chosen.length] ?? 0) % Math.max(1, count)
        const ids = Array.from({ length: 1 + pick(4) }, (_, place) => `t${place}`)
        const empty: Draft = { steps: ids.map(id => ({ id, capability: '', inputs: {}, after: [] })), wanted: {} }
        const draft: Draft = {
          steps: empty.steps.map(({ id }) => ({
            id,
            capability: anyCapability(asked, pick),
            inputs: { in0: anySource(empty, asked, pick), in1: anySource(empty, asked, pick) },
            after: [],
          })),
          wanted: Object.fromEntries(asked.wanted.map(({ name }) => [name, anySource(empty, asked, pick)])),
        }
        const revised = revise(draft, asked)
        expect(revised.kind === 'unsolvable').toBe(plan(asked).kind === 'unsolvable')
        expect(revised.kind === 'unsolvable' ? [] : verify(revised.plan, asked)).toEqual([])
      }),
      { numRuns: 400 },
    )
  })

  test('a step that the mistakes do not touch, nor anything before it, stays as it was when it is still of use', () => {
    fc.assert(
      fc.property(anyProblem(plain), which, numbers, (asked, spoiling, chosen) => {
        const answer = plan(asked)
        fc.pre(answer.kind === 'planned' && answer.plan.steps.length > 1)
        const draft = spoil(answer.plan, asked, spoiling, chosen)
        const revised = revise(draft, asked)
        if (revised.kind === 'unsolvable') throw new Error('there is a plan')
        const was = new Map(answer.plan.steps.map(step => [step.id, step]))
        const ids = new Set(revised.plan.steps.map(({ id }) => id))
        const untouched = revised.plan.steps.filter(({ id }) => {
          const behind = was.has(id) ? ancestors(id, answer.plan) : ['new']
          return [id, ...behind].every(one => ids.has(one) && isSame(one, draft, answer.plan))
        })
        for (const step of untouched) expect(step).toEqual(was.get(step.id))
      }),
      { numRuns: 400 },
    )
  })

  test('finished steps stay, and what they gave is made no second time', () => {
    fc.assert(
      fc.property(anyProblem(full), fc.nat(9), fc.nat(9), (asked, count, failing) => {
        const answer = plan(asked)
        fc.pre(answer.kind === 'planned' && answer.plan.steps.length > 1)
        const { steps } = answer.plan
        const done = finish(answer.plan, asked, count % steps.length)
        const open = steps.slice(done.length)
        const failed = open[failing % open.length]
        if (!failed) throw new Error('a step is open')
        const left: Problem = {
          ...asked,
          done,
          used: [failed.id],
          without: [{ capability: failed.capability, inputs: failed.inputs }],
        }
        const revised = revise(answer.plan, left)
        fc.pre(revised.kind !== 'unsolvable')
        expect(verify(revised.plan, left)).toEqual([])
        for (const { step } of done) expect(revised.plan.steps).toContainEqual(step)
        expect(carriesOut(behind(done, revised.plan), asked)).toBe(true)
        expect(revised.plan.steps.map(({ id }) => id)).not.toContain(failed.id)
        expect(revised.plan.steps).not.toContainEqual(
          expect.objectContaining({ capability: failed.capability, inputs: failed.inputs }),
        )
        expect(revise(answer.plan, left)).toEqual(revised)
      }),
      { numRuns: 400 },
    )
  })

  test('a plan of which nothing is wrong goes on as it is, however much of it is finished', () => {
    fc.assert(
      fc.property(anyProblem(full), fc.nat(9), (asked, count) => {
        const answer = plan(asked)
        fc.pre(answer.kind === 'planned' && answer.plan.steps.length > 0)
        const done = finish(answer.plan, asked, count % (answer.plan.steps.length + 1))
        expect(revise(answer.plan, { ...asked, done })).toEqual({ kind: 'valid', plan: answer.plan })
      }),
      { numRuns: 300 },
    )
  })
})

/** `made` with its finished steps one after another and before all others. */
function behind(done: readonly Finished[], { steps, wanted }: Plan): Plan {
  const ids = done.map(({ step }) => step.id)
  const late = steps.map(step => {
    const at = ids.indexOf(step.id)
    const before = at < 0 ? ids : ids.slice(0, at)
    return { ...step, after: [...new Set([...step.after, ...before])] }
  })
  return sealPlan(late, wanted)
}

/** Every step that the one of this id must wait for. */
function ancestors(id: string, made: Plan): readonly string[] {
  const step = made.steps.find(one => one.id === id)
  return step ? predecessors(step).flatMap(before => [before, ...ancestors(before, made)]) : []
}

function isSame(id: string, one: Draft, other: Draft): boolean {
  const stepOf = ({ steps }: Draft) => JSON.stringify(steps.find(step => step.id === id))
  return stepOf(one) === stepOf(other)
}
