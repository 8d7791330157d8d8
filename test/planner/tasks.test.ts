import { describe, expect, test } from 'vitest'
import { defineCapability, defineMethod, defineTask } from '../../src/agents/index.ts'
import { verify } from '../../src/planner/index.ts'
import { capabilitiesOf, planned, problem, thing, work } from './problems.ts'

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
