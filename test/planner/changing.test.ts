import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { type Plan, predecessors, type Problem, sealPlan, verify } from '../../src/planner/index.ts'
import { capabilitiesOf, fact, missing, planned, problem, thing, work } from './problems.ts'

const Order = thing('Order')
const Forklift = thing('Forklift')
const Slip = thing('Slip')
const Parcel = thing('Parcel')
const Receipt = thing('Receipt')

const pick = work(
  'pick',
  { order: Order, forklift: Forklift },
  { slip: Slip },
  {
    requires: [fact('free', 'forklift'), fact('charged', 'forklift')],
    brings: [fact('carried', 'order')],
    removes: [fact('free', 'forklift'), fact('charged', 'forklift')],
  },
)
const pack = work(
  'pack',
  { order: Order, forklift: Forklift },
  { parcel: Parcel },
  {
    requires: [fact('carried', 'order')],
    brings: [fact('packed', 'order'), fact('free', 'forklift')],
    removes: [fact('carried', 'order')],
  },
)
const ship = work(
  'ship',
  { order: Order },
  { receipt: Receipt },
  { requires: [fact('packed', 'order')], brings: [fact('shipped', 'order')], removes: [fact('packed', 'order')] },
)
const charge = work(
  'charge',
  { forklift: Forklift },
  { slip: Slip },
  { requires: [fact('free', 'forklift')], brings: [fact('charged', 'forklift')] },
)
const warehouse = [pick, pack, ship, charge]

describe('a goal that wants facts', () => {
  const one: Parameters<typeof problem>[0] = {
    capabilities: warehouse,
    given: { order: Order, forklift: Forklift },
    wanted: [],
    facts: [fact('free', 'forklift')],
    achieve: [fact('shipped', 'order')],
  }

  test('is planned for without any concept that is wanted', () => {
    const asked = problem(one)
    const { plan, why, proof } = planned(asked)
    expect(capabilitiesOf(plan)).toEqual(['charge@1', 'pick@1', 'pack@1', 'ship@1'])
    expect(verify(plan, asked)).toEqual([])
    expect(why().at(-1)?.for).toEqual(['`shipped(order)` is wanted'])
    expect(proof.optimal).toBe(true)
  })

  test('may want data as well', () => {
    const asked = problem({ ...one, wanted: [Parcel] })
    const { plan } = planned(asked)
    expect(capabilitiesOf(plan)).toEqual(['charge@1', 'pick@1', 'pack@1', 'ship@1'])
    expect(plan.wanted).toEqual({ Parcel: { from: 'step', step: 's3', output: 'parcel' } })
    expect(verify(plan, asked)).toEqual([])
  })

  test('needs nothing when they hold already', () => {
    const asked = problem({ ...one, facts: [fact('shipped', 'order')] })
    expect(planned(asked).plan.steps).toEqual([])
  })

  test('has one capability done on the same data as often as facts demand', () => {
    const asked = problem({
      ...one,
      given: { order: Order, second: Order, third: Order, forklift: Forklift },
      achieve: [fact('shipped', 'order'), fact('shipped', 'second'), fact('shipped', 'third')],
    })
    const { plan } = planned(asked)
    expect(capabilitiesOf(plan).filter(id => id === 'charge@1')).toHaveLength(3)
    expect(plan.steps).toHaveLength(12)
    expect(verify(plan, asked)).toEqual([])
  })

  test('lets what does not touch each other run side by side', () => {
    const asked = problem({
      ...one,
      given: { order: Order, second: Order, forklift: Forklift, other: Forklift },
      facts: ['forklift', 'other'].flatMap(name => [fact('free', name), fact('charged', name)]),
      achieve: [fact('shipped', 'order'), fact('shipped', 'second')],
    })
    const { plan } = planned(asked)
    expect(plan.steps).toHaveLength(6)
    expect(plan.steps.filter(step => predecessors(step).length === 0)).toHaveLength(2)
  })

  test('is refused with what stands in the way', () => {
    expect(missing(problem({ ...one, capabilities: [pick, pack, charge] }))).toEqual([
      { what: 'shipped(order)', because: 'no capability brings it about' },
    ])
    expect(missing(problem({ ...one, facts: [] }))).toMatchObject([{ what: 'shipped(order)' }])
    const both = problem({
      ...one,
      facts: [fact('free', 'forklift'), fact('packed', 'order')],
      achieve: [fact('shipped', 'order'), fact('packed', 'order')],
      capabilities: [ship],
    })
    expect(missing(both)).toEqual([
      { what: 'packed(order)', because: 'whatever the order, it is removed before the end, or so is what it needs' },
    ])
  })

  test('is not met by a plan that brings them about and removes them again', () => {
    const asked = problem({ ...one, achieve: [fact('packed', 'order')] })
    const { plan } = planned(problem(one))
    expect(verify(plan, asked)).toContainEqual({
      kind: 'unmet-want',
      reason: 'step `s4` may remove `packed(order)` before the end',
    })
    expect(verify(sealPlan([], {}), asked)).toEqual([
      { kind: 'unmet-want', reason: 'no step brings about `packed(order)`' },
    ])
  })
})

const names = ['f', 'g', 'h', 'i', 'j']
const anyFacts = fc.subarray(names, { maxLength: 2 })
const anyDeed = fc.record({ requires: anyFacts, brings: anyFacts, removes: anyFacts })
const anyChange = fc.record({
  deeds: fc.array(anyDeed, { minLength: 1, maxLength: 7 }),
  initial: fc.subarray(names),
  goal: fc.subarray(names, { minLength: 1 }),
})

const Thing = thing('Thing')
const about = (facts: readonly string[]) => facts.map(name => fact(name, 'thing'))

/** The fewest deeds that bring the goal about, each as often as one likes, by trying everything. */
function fewest({ deeds, initial, goal }: typeof anyChange extends fc.Arbitrary<infer T> ? T : never) {
  let level = [new Set(initial)]
  const seen = new Set<string>()
  for (let steps = 0; level.length > 0; steps++) {
    if (level.some(held => goal.every(name => held.has(name)))) return steps
    level = level.flatMap(held =>
      deeds
        .filter(({ requires }) => requires.every(name => held.has(name)))
        .map(({ brings, removes }) => held.difference(new Set(removes)).union(new Set(brings)))
        .filter(after => {
          const key = [...after].sort().join()
          return !seen.has(key) && seen.add(key)
        }),
    )
  }
  return undefined
}

function asProblem({ deeds, initial, goal }: typeof anyChange extends fc.Arbitrary<infer T> ? T : never): Problem {
  return problem({
    capabilities: deeds.map(({ requires, brings, removes }, at) =>
      work(
        `deed-${at}`,
        { thing: Thing },
        { slip: Slip },
        { requires: about(requires), brings: about(brings), removes: about(removes) },
      ),
    ),
    given: { thing: Thing },
    wanted: [],
    facts: about(initial),
    achieve: about(goal),
  })
}

/** Whether the steps can be done in this order, and the goal holds then. */
function runs(plan: Plan, order: readonly string[], asked: Problem): boolean {
  const held = new Set((asked.facts ?? []).map(({ fact: name }) => name))
  for (const id of order) {
    const step = plan.steps.find(one => one.id === id)
    const capability = asked.capabilities.find(one => `${one.name}@1` === step?.capability)
    if (!capability?.requires.every(({ fact: name }) => held.has(name))) return false
    for (const { fact: name } of capability.removes) held.delete(name)
    for (const { fact: name } of capability.brings) held.add(name)
  }
  return (asked.achieve ?? []).every(({ fact: name }) => held.has(name))
}

describe('any world of facts', () => {
  test('is solved exactly where it can be, with the fewest steps where that is said, in every order that the plan allows', () => {
    fc.assert(
      fc.property(anyChange, fc.infiniteStream(fc.nat()), (world, draws) => {
        const asked = asProblem(world)
        const least = fewest(world)
        if (least === undefined) return void missing(asked)
        const { plan, proof } = planned(asked)
        expect(verify(plan, asked)).toEqual([])
        expect(plan.steps.length === least || !proof.optimal).toBe(true)
        for (let round = 0; round < 5; round++) {
          const order: string[] = []
          while (order.length < plan.steps.length) {
            const ready = plan.steps.filter(
              step => !order.includes(step.id) && predecessors(step).every(id => order.includes(id)),
            )
            order.push(ready[(draws.next().value ?? 0) % ready.length]?.id ?? '')
          }
          expect(runs(plan, order, asked)).toBe(true)
        }
      }),
      { numRuns: 500 },
    )
  })
})
