/** The best plan by each objective, and what is known of plans that are not proved best. */
import { describe, expect, test } from 'vitest'
import { findFront } from '../../src/planner/index.ts'
import { capabilitiesOf, fact, planned, problem, thing, work } from './problems.ts'

const question = thing('Question')
const notes = thing('Notes')
const draft = thing('Draft')
const report = thing('Report')

/** A report comes about in three quick steps, or in one slow and expensive one that takes few calls. */
const writing = problem({
  capabilities: [
    work('research', { question }, { notes }),
    work('outline', { notes }, { draft }),
    work('finish', { draft }, { report }),
    work('outsource', { question }, { report }),
  ],
  given: { question },
  wanted: [report],
  estimates: {
    'research@1': { price: 1, time: 10, throughput: 60 },
    'outline@1': { price: 1, time: 10, throughput: 40 },
    'finish@1': { price: 1, time: 10, throughput: 50 },
    'outsource@1': { price: 100, time: 500, throughput: 5 },
  },
})
const threeSteps = ['research@1', 'outline@1', 'finish@1']

describe('the best plan', () => {
  test('by weight is the cheapest and fastest in all, and proved so', () => {
    const { plan, proof } = planned(writing)
    expect(capabilitiesOf(plan)).toEqual(threeSteps)
    expect(proof).toEqual({ optimal: true, value: 36, bound: 36 })
  })

  test.each([
    ['size', ['outsource@1'], 1],
    ['path', ['outsource@1'], 1],
    ['response-time', threeSteps, 30],
    ['throughput', threeSteps, 40],
  ] as const)('by %s is %j', (best, capabilities, value) => {
    const { plan, proof } = planned({ ...writing, objective: { best } })
    expect(capabilitiesOf(plan)).toEqual(capabilities)
    expect(proof).toEqual({ optimal: true, value, bound: value })
  })

  test('within the shortest path is the lightest of the plans that are as short as can be', () => {
    const { plan } = planned({ ...writing, objective: { best: 'weight', within: 'shortest-path' } })
    expect(capabilitiesOf(plan)).toEqual(['outsource@1'])
  })

  test('has the fewest steps of those that are equally fast', () => {
    const slow = work('archive', { question }, { notes, draft })
    const { plan } = planned(
      problem({
        capabilities: [work('one', { question }, { notes }), work('two', { question }, { draft }), slow],
        given: { question },
        wanted: [notes, draft],
        estimates: { 'one@1': { time: 5 }, 'two@1': { time: 5 }, 'archive@1': { time: 5 } },
        objective: { best: 'response-time' },
      }),
    )
    expect(capabilitiesOf(plan)).toEqual(['archive@1'])
  })

  test('does not wait for a closer kind of datum than it needs', () => {
    const special = thing('SpecialNotes', notes)
    const { plan, proof } = planned(
      problem({
        capabilities: [
          work('jot', { question }, { notes }),
          work('refine', { draft }, { special }),
          work('outline', { question }, { draft }),
          work('write', { notes }, { report }),
        ],
        given: { question },
        wanted: [report, special],
        objective: { best: 'path' },
      }),
    )
    expect(proof).toEqual({ optimal: true, value: 2, bound: 2 })
    expect(plan.steps.find(({ capability }) => capability === 'write@1')?.inputs).toEqual({
      notes: { from: 'step', step: 's1', output: 'notes' },
    })
  })

  test('is not claimed where keeping the budget costs steps', () => {
    const { plan, proof } = planned({ ...writing, objective: { best: 'size' }, budget: 10 })
    expect(capabilitiesOf(plan)).toEqual(threeSteps)
    expect(proof).toEqual({ optimal: false, value: 3, bound: 1 })
  })

  test('is proved where steps bring about and require facts', () => {
    const { plan, proof } = planned(
      problem({
        capabilities: [
          work('check', { question }, { notes }, { brings: [fact('checked', 'question')] }),
          work('answer', { question }, { report }, { requires: [fact('checked', 'question')] }),
        ],
        given: { question },
        wanted: [report],
      }),
    )
    expect(capabilitiesOf(plan)).toEqual(['check@1', 'answer@1'])
    expect(proof).toEqual({ optimal: true, value: 2, bound: 2 })
  })

  test('of nothing has no steps', () => {
    const { plan, proof } = planned({ ...writing, wanted: [question] })
    expect(plan.steps).toEqual([])
    expect(proof.optimal).toBe(true)
  })
})

test('without patience the first plan is the answer', () => {
  const clock = { now: () => 0 }
  const { plan, proof } = planned({ ...writing, objective: { best: 'size' }, patience: { clock, ms: 0 } })
  expect(plan.steps.length).toBeGreaterThan(0)
  expect(proof.bound).toBeLessThanOrEqual(1)
})

describe('the front', () => {
  test('has the choices between time, throughput and size, the fastest first', () => {
    const { choices, complete } = findFront(writing)
    expect(complete).toBe(true)
    expect(choices.map(({ plan, ...measures }) => [...capabilitiesOf(plan), measures])).toEqual([
      [...threeSteps, { responseTime: 30, throughput: 40, size: 3 }],
      ['outsource@1', { responseTime: 500, throughput: 5, size: 1 }],
    ])
  })

  test('leaves out what the budget does not allow, and says that it is not complete', () => {
    const { choices, complete } = findFront({ ...writing, budget: 10 })
    expect(choices).toHaveLength(1)
    expect(complete).toBe(false)
  })

  test('has no choice where there is no plan', () => {
    expect(findFront({ ...writing, given: {} })).toEqual({ choices: [], complete: true })
  })
})
