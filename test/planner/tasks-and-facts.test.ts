import { describe, expect, test } from 'vitest'
import { type Capability, defineMethod, defineTask, type Method } from '../../src/agents/index.ts'
import { type Problem, verify } from '../../src/planner/index.ts'
import { capabilitiesOf, fact, missing, planned, problem, thing, work } from './problems.ts'

const Order = thing('Order')
const Report = thing('Report')
const Proof = thing('Proof')

const settle = defineTask({ name: 'order.settle', takes: { order: Order }, gives: {} })
const small = (one: Capability): Method =>
  defineMethod({ of: settle, name: 'small', when: 'order.small', steps: { first: { do: one } } })
const large = (one: Capability): Method => defineMethod({ of: settle, name: 'large', steps: { first: { do: one } } })

const asked = (parts: Pick<Problem, 'capabilities' | 'methods' | 'facts'>) =>
  problem({
    given: { order: Order },
    wanted: [],
    perform: ['order.settle'],
    achieve: [fact('checked', 'order')],
    ...parts,
  })

const book = work('order.book', { order: Order }, { report: Report })
const check = work('order.check', { order: Order }, { proof: Proof }, { brings: [fact('checked', 'order')] })

describe('a task beside facts that are to hold at the end', () => {
  test('is not done by a step that requires what nothing brings about', () => {
    const pay = work('order.pay', { order: Order }, { report: Report }, { requires: [fact('approved', 'order')] })
    const capabilities = [book, check, pay]
    expect(missing(asked({ capabilities, methods: [small(pay), large(book)] }))).toMatchObject([
      { what: 'order.settle' },
    ])
    const plain = { ...small(pay), when: undefined }
    expect(capabilitiesOf(planned(asked({ capabilities, methods: [plain, large(book)] })).plan).toSorted()).toEqual([
      'order.book@1',
      'order.check@1',
    ])
  })

  test('waits for a step that surely brings a fact about, not for one that a condition may skip', () => {
    const pay = work('order.pay', { order: Order }, { report: Report }, { requires: [fact('checked', 'order')] })
    const problem = asked({ capabilities: [check, pay], methods: [small(check), large(pay)] })
    expect(verify(planned(problem).plan, problem)).toEqual([])
  })

  test('does not have a step skipped that one of its parts takes data from and the end a fact', () => {
    const file = work('order.file', { proof: Proof }, { report: Report })
    const problem = asked({ capabilities: [book, check, file], methods: [small(file), large(book)] })
    const { plan } = planned(problem)
    expect(verify(plan, problem)).toEqual([])
    expect(plan.steps.find(({ capability }) => capability === 'order.check@1')?.when).toBeUndefined()
  })

  test('leaves a fact alone that one of its parts removes and brings about again', () => {
    const renew = work(
      'order.renew',
      { order: Order },
      { proof: Proof },
      { brings: [fact('checked', 'order')], removes: [fact('checked', 'order')] },
    )
    const problem = asked({
      capabilities: [book, check, renew],
      methods: [small(renew), large(book)],
      facts: [fact('checked', 'order')],
    })
    const { plan } = planned(problem)
    expect(verify(plan, problem)).toEqual([])
    expect(capabilitiesOf(plan)).not.toContain('order.check@1')
  })
})
