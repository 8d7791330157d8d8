import { describe, expect, test } from 'vitest'
import { defineCapability, defineMethod, defineTask } from '../../src/agents/index.ts'
import { sealPlan, verify } from '../../src/planner/index.ts'
import { findRelevance } from '../../src/planner/relevance.ts'
import { capabilitiesOf, fact, missing, planned, problem, thing, work } from './problems.ts'

const Order = thing('Order')
const Delay = thing('Delay')
const Approval = thing('Approval')
const Receipt = thing('Receipt')
const Note = thing('Note')

const look = work('delay.find', { order: Order }, { delay: Delay })
const ask = work('boss.ask', { delay: Delay }, { approval: Approval })
const refund = defineCapability({
  name: 'refund.issue',
  takes: { order: Order, approval: Approval },
  gives: { receipt: Receipt },
  effect: 'acts',
})
const voucher = defineCapability({
  name: 'voucher.send',
  takes: { order: Order },
  gives: { receipt: Receipt },
  effect: 'acts',
})
const write = work('note.write', { receipt: Receipt }, { note: Note })
const capabilities = [look, ask, refund, voucher, write]

const payBack = defineTask({ name: 'money.back', takes: { order: Order }, gives: { receipt: Receipt } })
const settle = defineTask({ name: 'complaint.settle', takes: { order: Order }, gives: { note: Note } })
const byRefund = defineMethod({
  of: payBack,
  name: 'by-refund',
  steps: { back: { do: refund } },
  gives: { receipt: ['back', 'receipt'] },
})
const byVoucher = defineMethod({
  of: payBack,
  name: 'by-voucher',
  steps: { send: { do: voucher } },
  gives: { receipt: ['send', 'receipt'] },
})
const settling = defineMethod({
  of: settle,
  name: 'thoroughly',
  steps: { look: { do: look }, pay: { do: payBack, after: ['look'] }, tell: { do: write } },
  gives: { note: ['tell', 'note'] },
})
const methods = [byRefund, byVoucher, settling]

const asked = (parts: Partial<Parameters<typeof problem>[0]> = {}) =>
  problem({ capabilities, methods, given: { order: Order }, wanted: [], perform: ['complaint.settle'], ...parts })

describe('a task', () => {
  test('is done by the steps of its method, in their order, though no datum is wanted', () => {
    const { plan, proof } = planned(asked())
    expect(capabilitiesOf(plan)).toEqual(['delay.find@1', 'voucher.send@1', 'note.write@1'])
    expect(plan.steps[1]?.after).toEqual(['s1'])
    expect(plan.wanted).toEqual({})
    expect(proof).toEqual({ optimal: true, value: 3, bound: 3 })
    expect(verify(plan, asked())).toEqual([])
  })

  test('is done by the method that costs least, with steps between its own that composition finds', () => {
    const { plan } = planned(asked({ estimates: { 'voucher.send@1': { price: 9 } } }))
    expect(capabilitiesOf(plan)).toEqual(['delay.find@1', 'boss.ask@1', 'refund.issue@1', 'note.write@1'])
    expect(plan.steps.map(({ by }) => by?.map(({ path }) => path.map(({ step }) => step).join('/')))).toEqual([
      ['look'],
      undefined,
      ['pay/back'],
      ['tell'],
    ])
  })

  test('gives what it made to the rest of the plan', () => {
    const { plan } = planned(asked({ wanted: [Note, Delay] }))
    expect(plan.steps).toHaveLength(3)
    expect(plan.wanted).toEqual({
      Note: { from: 'step', step: 's3', output: 'note' },
      Delay: { from: 'step', step: 's1', output: 'delay' },
    })
  })
})

describe('a method with a condition', () => {
  const small = defineMethod({
    of: payBack,
    name: 'small',
    when: 'order.cents < 5000',
    steps: { send: { do: voucher } },
    gives: { receipt: ['send', 'receipt'] },
  })
  const given = asked({ methods: [small, byRefund, settling] })

  test('is in the plan with the method for when it does not hold, and each is for its case alone', () => {
    const { plan } = planned(given)
    const over = { order: { from: 'given', name: 'order' } }
    expect(plan.steps.map(({ capability, when }) => [capability, when])).toEqual([
      ['delay.find@1', undefined],
      ['boss.ask@1', { condition: '!(order.cents < 5000)', over }],
      ['voucher.send@1', { condition: 'order.cents < 5000', over }],
      ['refund.issue@1', { condition: '!(order.cents < 5000)', over }],
      ['note.write@1', undefined],
    ])
    expect(plan.steps[4]?.inputs['receipt']).toEqual({
      from: 'first',
      of: [
        { from: 'step', step: 's3', output: 'receipt' },
        { from: 'step', step: 's4', output: 'receipt' },
      ],
    })
    expect(verify(plan, given)).toEqual([])
  })
})

describe('facts', () => {
  const check = work('order.check', { order: Order }, { delay: Delay }, { brings: [fact('checked', 'order')] })
  const careful = defineMethod({
    of: payBack,
    name: 'careful',
    requires: [fact('checked', 'order')],
    steps: { send: { do: voucher } },
    gives: { receipt: ['send', 'receipt'] },
  })

  test('that a method requires are brought about before its steps, and those steps wait for it', () => {
    const given = problem({
      capabilities: [check, voucher],
      methods: [careful],
      given: { order: Order },
      wanted: [],
      perform: ['money.back'],
    })
    const { plan } = planned(given)
    expect(capabilitiesOf(plan)).toEqual(['order.check@1', 'voucher.send@1'])
    expect(plan.steps[1]?.after).toEqual(['s1'])
    const steps = plan.steps.map(step => ({ ...step, after: [] }))
    expect(verify(sealPlan(steps, {}), given).map(({ kind }) => kind)).toContain('unmet-fact')
  })

  test('choose among methods: one whose facts cannot be had is left out', () => {
    const given = problem({
      capabilities: [look, ask, refund, voucher],
      methods: [careful, byRefund],
      given: { order: Order },
      wanted: [],
      perform: ['money.back'],
    })
    expect(capabilitiesOf(planned(given).plan)).toEqual(['delay.find@1', 'boss.ask@1', 'refund.issue@1'])
    expect(missing({ ...given, methods: [careful] })).toEqual([
      {
        what: 'money.back',
        because:
          'method `careful` of `money.back` requires the fact `checked`, which does not hold and cannot be brought about',
      },
    ])
  })
})

describe('what a plan says of a task is checked', () => {
  const { plan } = planned(asked())
  const kinds = (steps: typeof plan.steps) => verify(sealPlan(steps, plan.wanted), asked()).map(({ kind }) => kind)
  const change = (at: number, to: Partial<(typeof plan.steps)[number]>) =>
    plan.steps.map((step, place) => (place === at ? { ...step, ...to } : step))

  test.each([
    ['a step of a method is missing', plan.steps.slice(0, 2), 'broken-task'],
    ['a step does not wait as its method says', change(1, { after: [] }), 'broken-task'],
    ['nothing of it does the task', plan.steps.map(({ by: _, ...step }) => step), 'unperformed-task'],
    ['a step is another capability', change(0, { capability: 'boss.ask@1' }), 'broken-task'],
    [
      'a step has a condition that its method does not have',
      change(0, { when: { condition: 'order.late', over: { order: { from: 'given', name: 'order' } } } }),
      'broken-task',
    ],
    [
      'it claims a method that there is not',
      change(0, { by: [{ doing: 't1', path: [{ task: 'complaint.settle', method: 'sloppily', step: 'look' }] }] }),
      'broken-task',
    ],
  ])('when %s', (_, steps, kind) => {
    expect(kinds(plan.steps)).toEqual([])
    expect(kinds(steps)).toContain(kind)
  })
})

describe('work that is pure', () => {
  test('is done once for all tasks that ask for it with the same data', () => {
    const first = defineTask({ name: 'first', takes: { order: Order }, gives: {} })
    const second = defineTask({ name: 'second', takes: { order: Order }, gives: {} })
    const both = [first, second].map((of, at) =>
      defineMethod({ of, name: 'so', steps: { look: { do: look }, act: { do: at === 0 ? voucher : write } } }),
    )
    const { plan } = planned(
      problem({
        capabilities,
        methods: both,
        given: { order: Order },
        wanted: [],
        perform: ['first', 'second'],
      }),
    )
    expect(capabilitiesOf(plan)).toEqual(['delay.find@1', 'voucher.send@1', 'note.write@1'])
    expect(plan.steps[0]?.by?.map(({ doing }) => doing)).toEqual(['t1', 't2'])
  })
})

describe('a task within itself', () => {
  const Draft = thing('Draft')
  const Better = thing('Better')
  const improve = work('text.improve', { draft: Draft }, { better: Better, draft: Draft })
  const finish = work('text.finish', { better: Better }, { note: Note })
  const polish = defineTask({ name: 'text.polish', takes: { draft: Draft }, gives: { note: Note } })

  test('goes as deep as it must and no deeper', () => {
    const again = defineMethod({
      of: polish,
      name: 'again',
      steps: { improve: { do: improve }, polish: { do: polish, inputs: { draft: ['improve', 'draft'] } } },
      gives: { note: ['polish', 'note'] },
    })
    const enough = defineMethod({
      of: polish,
      name: 'enough',
      steps: { done: { do: finish } },
      gives: { note: ['done', 'note'] },
    })
    const { plan, proof } = planned(
      problem({
        capabilities: [improve, finish],
        methods: [again, enough],
        given: { draft: Draft },
        wanted: [],
        perform: ['text.polish'],
      }),
    )
    expect(capabilitiesOf(plan)).toEqual(['text.improve@1', 'text.finish@1'])
    expect(proof.optimal).toBe(true)
  })
})

describe('among 10,000 capabilities and 1,000 methods', () => {
  test('a task that needs five of them is planned as without the others, and their methods are not looked at', () => {
    const things = Array.from({ length: 10_000 }, (_, at) => thing(`Thing${at}`))
    const crowd = things.map((concept, at) =>
      work(`crowd.n${at}`, { from: things[(at * 7 + 1) % things.length] ?? concept }, { made: concept }),
    )
    const busy = Array.from({ length: 1_000 }, (_, at) => {
      const one = crowd[at] ?? look
      return defineMethod({
        of: defineTask({ name: `busy.n${at}`, takes: {}, gives: {} }),
        name: 'so',
        steps: { one: { do: one } },
      })
    })
    const crowded = asked({ capabilities: [...capabilities, ...crowd], methods: [...methods, ...busy] })
    expect(planned(crowded).plan).toEqual(planned(asked()).plan)
    expect(
      findRelevance(crowded)
        .useful.map(({ id }) => id)
        .sort(),
    ).toEqual(['boss.ask@1', 'delay.find@1', 'note.write@1', 'refund.issue@1', 'voucher.send@1'])
  })
})
