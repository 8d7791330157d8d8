import { describe, expect, test } from 'vitest'
import { all } from '../../src/core/index.ts'
import { verify } from '../../src/planner/index.ts'
import { capabilitiesOf, missing, planned, problem, thing, work } from './problems.ts'

const Question = thing('Question')
const Topics = thing('Topics')
const Document = thing('Document')
const Policy = thing('Policy', Document)
const RefundPolicy = thing('RefundPolicy', Policy)
const Answer = thing('Answer')

const classify = work('ticket.classify', { question: Question }, { topics: Topics })
const find = work('policy.find', { topics: Topics }, { policy: RefundPolicy })
const write = work('answer.write', { question: Question, document: Document }, { answer: Answer })
const desk = [classify, find, write]

describe('composition by concepts', () => {
  test('steps are found and wired from what is given to what is wanted', () => {
    const { plan } = planned(problem({ capabilities: desk, given: { question: Question }, wanted: [Answer] }))
    expect(plan.steps).toEqual([
      {
        id: 's1',
        capability: 'ticket.classify@1',
        inputs: { question: { from: 'given', name: 'question' } },
        after: [],
      },
      {
        id: 's2',
        capability: 'policy.find@1',
        inputs: { topics: { from: 'step', step: 's1', output: 'topics' } },
        after: [],
      },
      {
        id: 's3',
        capability: 'answer.write@1',
        inputs: {
          question: { from: 'given', name: 'question' },
          document: { from: 'step', step: 's2', output: 'policy' },
        },
        after: [],
      },
    ])
    expect(plan.wanted).toEqual({ Answer: { from: 'step', step: 's3', output: 'answer' } })
  })

  test('what is given is not made again, and a kind of what is wanted will do', () => {
    const { plan, why } = planned(problem({ capabilities: desk, given: { rules: RefundPolicy }, wanted: [Document] }))
    expect(plan.steps).toEqual([])
    expect(plan.wanted).toEqual({ Document: { from: 'given', name: 'rules' } })
    expect(why()).toEqual([])
  })

  test.for([
    { tradeoff: { cost: 1, latency: 0, quality: 0 }, taken: 'by.cheap@1' },
    { tradeoff: { cost: 0, latency: 1, quality: 0 }, taken: 'by.quick@1' },
    { tradeoff: { cost: 1, latency: 1, quality: 4 }, taken: 'by.sure@1' },
  ])('what counts most decides between ways: $taken', ({ tradeoff, taken }) => {
    const ways = ['by.cheap', 'by.quick', 'by.sure'].map(name => work(name, { question: Question }, { answer: Answer }))
    const asked = problem({
      capabilities: ways,
      given: { question: Question },
      wanted: [Answer],
      tradeoff,
      estimates: {
        'by.cheap@1': { price: 10, time: 900, reliability: 0.7 },
        'by.quick@1': { price: 900, time: 10, reliability: 0.7 },
        'by.sure@1': { price: 500, time: 500, reliability: 1 },
      },
    })
    expect(capabilitiesOf(planned(asked).plan)).toEqual([taken])
  })

  test('a general datum does not stand in for a special one', () => {
    const apply = work('policy.apply', { policy: RefundPolicy }, { answer: Answer })
    const asked = problem({ capabilities: [apply], given: { document: Document }, wanted: [Answer] })
    expect(missing(asked)).toEqual([
      {
        what: 'Answer',
        because:
          '`policy.apply@1` would give it, but lacks `RefundPolicy` (it is not given and no capability gives it)',
      },
    ])
  })

  test('an input takes what was given under its name, then the closest kind, then the earliest', () => {
    const compare = work('compare', { sender: Document, receiver: Document, other: Document }, { answer: Answer })
    const { plan } = planned(
      problem({
        capabilities: [compare],
        given: { rules: RefundPolicy, receiver: Policy, letter: Document, note: Document },
        wanted: [Answer],
      }),
    )
    expect(plan.steps[0]?.inputs).toEqual({
      sender: { from: 'given', name: 'letter' },
      receiver: { from: 'given', name: 'receiver' },
      other: { from: 'given', name: 'letter' },
    })
  })

  test('one step serves all that need its data', () => {
    const one = work('one', { topics: Topics }, { policy: Policy })
    const two = work('two', { topics: Topics, policy: Policy }, { answer: Answer })
    const { plan } = planned(
      problem({ capabilities: [two, one, classify], given: { question: Question }, wanted: [Answer, Policy] }),
    )
    expect(capabilitiesOf(plan)).toEqual(['ticket.classify@1', 'one@1', 'two@1'])
  })
})

describe('the cheapest plan', () => {
  const long = [
    work('long.a', { question: Question }, { topics: Topics }),
    work('long.b', { topics: Topics }, { answer: Answer }),
  ]
  const short = work('short', { question: Question }, { answer: Answer })
  const asked = (estimates: Parameters<typeof problem>[0]['estimates'], budget?: number) =>
    problem({
      capabilities: [...long, short],
      given: { question: Question },
      wanted: [Answer],
      ...(estimates ? { estimates } : {}),
      ...(budget === undefined ? {} : { budget }),
    })

  test('has the fewest steps when everything is free', () => {
    expect(capabilitiesOf(planned(asked({})).plan)).toEqual(['short@1'])
  })

  test('has the lowest price and time, however many steps that takes', () => {
    expect(capabilitiesOf(planned(asked({ 'short@1': { price: 500 } })).plan)).toEqual(['long.a@1', 'long.b@1'])
    expect(capabilitiesOf(planned(asked({ 'short@1': { time: 500 } })).plan)).toEqual(['long.a@1', 'long.b@1'])
  })

  test('counts an unreliable step once for every attempt that it is expected to need', () => {
    const estimates = { 'short@1': { price: 100, reliability: 0.5 }, 'long.a@1': { price: 150 } }
    expect(capabilitiesOf(planned(asked(estimates)).plan)).toEqual(['long.a@1', 'long.b@1'])
  })

  test('shares a dear step rather than take two that are each cheaper', () => {
    const both = work('both', { question: Question }, { topics: Topics, policy: Policy })
    const topics = work('just.topics', { question: Question }, { topics: Topics })
    const policy = work('just.policy', { question: Question }, { policy: Policy })
    const { plan } = planned(
      problem({
        capabilities: [topics, policy, both],
        given: { question: Question },
        wanted: [Topics, Policy],
        estimates: { 'both@1': { price: 30 }, 'just.topics@1': { price: 20 }, 'just.policy@1': { price: 20 } },
      }),
    )
    expect(capabilitiesOf(plan)).toEqual(['both@1'])
  })

  test('among equals is decided by name, and by the newest version', () => {
    const at = (name: string, version: number) => ({
      ...work(name, { question: Question }, { answer: Answer }),
      version,
    })
    const capabilities = [at('b', 3), at('a', 1), at('a', 2)]
    const { plan } = planned(problem({ capabilities, given: { question: Question }, wanted: [Answer] }))
    expect(capabilitiesOf(plan)).toEqual(['a@2'])
  })

  test('stays within the budget even when that makes it slower', () => {
    const estimates = { 'short@1': { price: 100 }, 'long.a@1': { time: 5000 } }
    expect(capabilitiesOf(planned(asked(estimates)).plan)).toEqual(['short@1'])
    expect(capabilitiesOf(planned(asked(estimates, 50)).plan)).toEqual(['long.a@1', 'long.b@1'])
  })

  test('is no plan when even the cheapest is over the budget', () => {
    const estimates = { 'short@1': { price: 100 }, 'long.a@1': { price: 80 } }
    expect(missing(asked(estimates, 50))).toEqual([
      { what: 'budget', because: 'the cheapest plan found is expected to cost $0.00008 and the budget is $0.00005' },
    ])
  })
})

describe('no plan', () => {
  test('names what is missing and how near it is', () => {
    expect(missing(problem({ capabilities: desk, given: {}, wanted: [Answer] }))).toEqual([
      {
        what: 'Answer',
        because:
          '`answer.write@1` would give it, but lacks `Question` (it is not given and no capability gives it) and `Document` (`policy.find@1` would give it, but lacks `Topics`)',
      },
    ])
  })

  test('is not made out of a circle', () => {
    const there = work('there', { topics: Topics }, { answer: Answer })
    const back = work('back', { answer: Answer }, { topics: Topics })
    const [first] = missing(problem({ capabilities: [there, back], given: {}, wanted: [Answer] }))
    expect(first?.because).toContain('`Answer`, which is made from it in turn')
  })
})

describe('inputs that collect', () => {
  const Evidence = thing('Evidence')
  const Order = thing('Order', Evidence)
  const Receipt = thing('Receipt', Evidence)
  const evidence = all(Evidence)
  const sum = work('sum.up', { question: Question, evidence }, { answer: Answer })
  const look = work('order.look', { question: Question }, { order: Order })
  const refund = work('order.refund', { order: Order }, { receipt: Receipt })
  const from = (step: string, output: string) => ({ from: 'step', step, output })

  test('take what was given and what is wanted, after it was made', () => {
    const { plan } = planned(
      problem({
        capabilities: [sum, look, refund],
        given: { question: Question, photo: Evidence },
        wanted: [Answer, Receipt],
      }),
    )
    expect(capabilitiesOf(plan)).toEqual(['order.look@1', 'order.refund@1', 'sum.up@1'])
    expect(plan.steps[2]?.inputs['evidence']).toEqual([{ from: 'given', name: 'photo' }, from('s2', 'receipt')])
  })

  test('add no steps, and may stay empty', () => {
    const { plan } = planned(
      problem({ capabilities: [sum, look, refund], given: { question: Question }, wanted: [Answer] }),
    )
    expect(capabilitiesOf(plan)).toEqual(['sum.up@1'])
    expect(plan.steps[0]?.inputs['evidence']).toEqual([])
  })

  test('leave out what depends on them', () => {
    const judge = work('judge', { answer: Answer }, { receipt: Receipt })
    const asked = problem({
      capabilities: [sum, judge],
      given: { question: Question },
      wanted: [Answer, Receipt],
    })
    const { plan } = planned(asked)
    expect(capabilitiesOf(plan)).toEqual(['sum.up@1', 'judge@1'])
    expect(plan.steps[0]?.inputs['evidence']).toEqual([])
    expect(verify(plan, asked)).toEqual([])
  })

  test('of two that would collect each other only the first does', () => {
    const left = work('left', { evidence }, { order: Order })
    const right = work('right', { evidence }, { receipt: Receipt })
    const asked = problem({ capabilities: [left, right], given: {}, wanted: [Order, Receipt] })
    const { plan } = planned(asked)
    expect(capabilitiesOf(plan)).toEqual(['right@1', 'left@1'])
    expect(plan.steps[1]?.inputs['evidence']).toEqual([from('s1', 'receipt')])
    expect(verify(plan, asked)).toEqual([])
  })
})

describe('reasons', () => {
  test('say what needs a step and why nothing else stands there', () => {
    const dear = work('dear', { question: Question }, { answer: Answer })
    const lame = work('lame', { policy: Policy }, { answer: Answer })
    const { why } = planned(
      problem({
        capabilities: [classify, work('reply', { topics: Topics }, { answer: Answer }), dear, lame],
        given: { question: Question },
        wanted: [Answer],
        estimates: { 'dear@1': { price: 20_000, time: 300 }, 'reply@1': { time: 500 } },
      }),
    )
    expect(why()).toEqual([
      { step: 's1', for: ['`s2` takes it as `topics`'], instead: [] },
      {
        step: 's2',
        for: ['`Answer` is wanted'],
        instead: [
          { capability: 'dear@1', because: 'the plan would take $0.02 more and 200 ms of work, 1 step less' },
          { capability: 'lame@1', because: 'it needs `Policy`, which cannot be had' },
        ],
      },
    ])
  })
})
