import { concept, defineCapability, defineGoal, defineMethod, defineTask } from 'muster'
import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { eventsOf, Order, permitAll, worker, world } from '../support/world.ts'

const Look = concept('Look', z.string())
const Approval = concept('Approval', z.string())
const Repayment = concept('Repayment', z.string())
const Letter = concept('Letter', z.string())

const look = defineCapability({ name: 'look', takes: { order: Order }, gives: { look: Look }, effect: 'reads' })
const ask = defineCapability({ name: 'ask', takes: { look: Look }, gives: { approval: Approval }, effect: 'reads' })
const refund = defineCapability({
  name: 'refund',
  takes: { order: Order, approval: Approval },
  gives: { repayment: Repayment },
  effect: 'acts',
})
const voucher = defineCapability({
  name: 'voucher',
  takes: { order: Order },
  gives: { repayment: Repayment },
  effect: 'acts',
})
const credit = defineCapability({
  name: 'credit',
  takes: { order: Order },
  gives: { repayment: Repayment },
  effect: 'pure',
})
const write = defineCapability({
  name: 'write',
  takes: { repayment: Repayment },
  gives: { letter: Letter },
  effect: 'pure',
})

const payBack = defineTask({ name: 'pay-back', takes: { order: Order }, gives: { repayment: Repayment } })
const settle = defineTask({ name: 'settle', takes: { order: Order }, gives: { letter: Letter } })
const settling = defineMethod({
  of: settle,
  name: 'all-of-it',
  steps: { look: { do: look }, pay: { do: payBack, after: ['look'] }, tell: { do: write } },
  gives: { letter: ['tell', 'letter'] },
})
const bySum = [
  defineMethod({
    of: payBack,
    name: 'small',
    when: 'order.amount < 50',
    steps: { send: { do: voucher } },
    gives: { repayment: ['send', 'repayment'] },
  }),
  defineMethod({
    of: payBack,
    name: 'large',
    steps: { back: { do: refund } },
    gives: { repayment: ['back', 'repayment'] },
  }),
]

const agents = [
  worker('looker', look, () => ({ look: 'late' })),
  worker('asker', ask, () => ({ approval: 'yes' })),
  worker('refunder', refund, () => ({ repayment: 'refund' })),
  worker('sender', voucher, () => ({ repayment: 'voucher' })),
  worker('writer', write, ({ repayment }) => ({ letter: `we sent you a ${String(repayment)}` })),
]

const goal = (amount: number) =>
  defineGoal({
    objective: 'settle it',
    given: { order: { amount } },
    wanted: [],
    perform: ['settle'],
    limits: { budget: { usd: 10 } },
  })

describe('a goal that asks for a task', () => {
  it('is done by the method whose condition holds, and what was found for the other is left alone', async () => {
    const muster = await world({ agents, methods: [settling, ...bySum] })
    const done = async (amount: number) => {
      const run = await muster.declare(goal(amount))
      expect(await run.result).toMatchObject({ status: 'succeeded', outputs: {} })
      const events = await eventsOf(run)
      const plan = events.flatMap(event => (event.type === 'plan.adopted' ? event.plan.steps : []))
      return events.flatMap(event =>
        event.type === 'step.succeeded' ? [plan.find(({ id }) => id === event.step)?.capability] : [],
      )
    }
    expect(await done(20)).toEqual(['look@1', 'voucher@1', 'write@1'])
    expect(await done(80)).toEqual(['look@1', 'ask@1', 'refund@1', 'write@1'])
  })

  it('delivers what is wanted besides, whichever method made it', async () => {
    const muster = await world({ agents, methods: [settling, ...bySum] })
    for (const [amount, letter] of [
      [20, 'we sent you a voucher'],
      [80, 'we sent you a refund'],
    ] as const) {
      const asked = defineGoal({ objective: 'x', given: { order: { amount } }, wanted: [Letter], perform: ['settle'] })
      const run = await muster.declare(asked)
      expect(await run.result).toMatchObject({ status: 'succeeded', outputs: { Letter: letter } })
    }
  })

  it('is denied when a rule forbids a step of the only method, though nothing was wanted', async () => {
    const never = {
      file: 'n.cedar',
      text: '@id("never") @reason("no vouchers") forbid (principal, action == Muster::Action::"voucher", resource);',
    }
    const muster = await world({ agents, methods: [settling, ...bySum], policies: [...permitAll, never] })
    const run = await muster.declare(goal(20))
    expect(await run.result).toMatchObject({ status: 'denied', reason: expect.stringContaining('no vouchers') })
  })

  it('goes on with another method when one fails, and keeps what is finished', async () => {
    let looked = 0
    const both = [
      defineMethod({
        of: payBack,
        name: 'by-credit',
        steps: { note: { do: credit } },
        gives: { repayment: ['note', 'repayment'] },
      }),
      defineMethod({
        of: payBack,
        name: 'by-voucher',
        steps: { send: { do: voucher } },
        gives: { repayment: ['send', 'repayment'] },
      }),
    ]
    const muster = await world({
      agents: [
        ...agents.filter(({ id }) => id !== 'looker'),
        worker('looker', look, () => {
          looked++
          return { look: 'late' }
        }),
        worker('creditor', credit, () => {
          throw new Error('the books are closed')
        }),
      ],
      methods: [settling, ...both],
    })
    const run = await muster.declare(goal(20))
    expect(await run.result).toMatchObject({ status: 'succeeded' })
    expect(looked).toBe(1)
    const plans = (await eventsOf(run)).flatMap(event => (event.type === 'plan.adopted' ? [event.plan] : []))
    expect(plans.map(({ steps }) => steps.map(({ capability }) => capability))).toEqual([
      ['look@1', 'credit@1', 'write@1'],
      ['look@1', 'voucher@1', 'write@1'],
    ])
  })

  it('says of each step by which method of which task it is there', async () => {
    const muster = await world({ agents, methods: [settling, ...bySum] })
    const { explanation, plan } = await muster.plan(goal(20), { explain: true })
    const reasons = Object.fromEntries(
      (explanation?.why ?? []).map(one => [plan.steps.find(({ id }) => id === one.step)?.capability, one.for]),
    )
    expect(reasons['look@1']).toContain('by method `all-of-it` of task `settle` it is `look`')
    expect(reasons['voucher@1']).toContain('by method `small` of task `pay-back` it is `send`')
    expect(reasons['ask@1']).toEqual(['`s4` takes it as `approval`'])
  })

  it('is told before anything runs which method lacks what', async () => {
    const muster = await world({ agents: agents.filter(({ id }) => id !== 'asker'), methods: [settling, ...bySum] })
    await expect(muster.plan(goal(20))).rejects.toMatchObject({
      code: 'no-plan',
      message: expect.stringContaining('method `large` of `pay-back`'),
    })
    await expect(
      muster.declare(defineGoal({ objective: 'x', given: {}, wanted: [], perform: ['setle'] })),
    ).rejects.toMatchObject({ code: 'bad-input', message: expect.stringContaining('perhaps `settle`') })
  })
})
