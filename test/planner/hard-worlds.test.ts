import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  createRepairer,
  ground,
  readDomain,
  readInstance,
  solve,
  toPartialOrder,
  validate,
} from '../../src/planner/index.ts'
import { blocksWorld, logisticsWorld, obfuscated, sokobanWorld, type WorldText } from './world-texts.ts'

function read({ domain: domainText, problem }: WorldText) {
  const domain = readDomain(domainText)
  const instance = readInstance(problem, domain)
  return { domain, instance, task: ground(domain, instance) }
}

/** The plan, which works. */
function planFor(world: WorldText): readonly string[] {
  const { domain, instance, task } = read(world)
  const solution = solve(task)
  if (solution.kind !== 'solved') throw new Error(`it is ${solution.kind}`)
  expect(validate(domain, instance, solution.plan)).toEqual({ valid: true })
  return solution.plan
}

const small = { cities: 2, places: 2, packages: 3, planes: 1 }

describe('a hard world', () => {
  it('of twenty blocks is planned in about the fewest moves', () => {
    // Every block that is out of place moves once, or twice; a move is two actions.
    expect(planFor(blocksWorld(1, 20)).length).toBeLessThanOrEqual(38)
  })

  it('of ten packages in five cities is planned', () => {
    expect(planFor(logisticsWorld(10, { cities: 5, places: 4, packages: 10, planes: 2 })).length).toBeLessThanOrEqual(
      81,
    )
  })

  it('with dead ends is planned, and refused where every way ends in one', () => {
    expect(planFor(sokobanWorld(['#######', '#@    #', '# a b #', '#  #  #', '#A   B#', '#######']))).toHaveLength(14)
    const stuck = read(sokobanWorld(['######', '#@a  #', '#   A#', '######']))
    expect(solve(stuck.task)).toMatchObject({ kind: 'unsolvable' })
  })

  it('takes as many actions under names that say nothing', () => {
    for (const world of [blocksWorld(3, 12), logisticsWorld(3, { ...small, packages: 5 })]) {
      expect(planFor(obfuscated(world, 7))).toHaveLength(planFor(world).length)
    }
  })
})

describe('a plan for any world', () => {
  const anyWorld = fc
    .tuple(fc.boolean(), fc.nat({ max: 1000 }))
    .map(([blocks, seed]) => (blocks ? blocksWorld(seed, 5) : logisticsWorld(seed, small)))

  it('works in every order that its partial order allows', () => {
    fc.assert(
      fc.property(anyWorld, fc.infiniteStream(fc.nat()), (world, draws) => {
        const { domain, instance, task } = read(world)
        const solution = solve(task)
        const steps = toPartialOrder(task, solution.kind === 'solved' ? solution.plan : [])
        const order: number[] = []
        while (order.length < steps.length) {
          const ready = [...steps.keys()].filter(
            at => !order.includes(at) && steps[at]?.after.every(before => order.includes(before)),
          )
          order.push(ready[(draws.next().value ?? 0) % ready.length] ?? -1)
        }
        expect(
          validate(
            domain,
            instance,
            order.map(at => steps[at]?.action ?? ''),
          ),
        ).toEqual({ valid: true })
      }),
      { numRuns: 40 },
    )
  })

  it('is repaired when an action is left out, the same whatever was repaired before', () => {
    fc.assert(
      fc.property(anyWorld, fc.nat(), (world, left) => {
        const { domain, instance, task } = read(world)
        const solution = solve(task)
        const plan = solution.kind === 'solved' ? solution.plan : []
        const draft = plan.filter((_, at) => at !== left % Math.max(1, plan.length))
        const repairer = createRepairer({ domain, instance, task })
        expect(repairer(plan)).toEqual({ kind: 'valid', plan })
        repairer([])
        const repaired = repairer(draft)
        expect(repaired).toEqual(createRepairer({ domain, instance, task })(draft))
        expect(validate(domain, instance, 'plan' in repaired ? repaired.plan : [])).toEqual({ valid: true })
      }),
      { numRuns: 20 },
    )
  })
})
