import * as fc from 'fast-check'
import { generateSet } from '../../bench/generate.ts'
import { toComposition } from '../../bench/composition.ts'
import { describe, expect, test } from 'vitest'
import { findFront, type Objective, plan, type Problem, verify } from '../../src/planner/index.ts'
import { hitBelow } from '../../src/planner/optimum/hitting-set.ts'
import { findPrices, hitGreedily } from '../../src/planner/optimum/prices.ts'
import { everyComposition, type Measures } from '../planner/brute-force.ts'
import { problem, thing, work } from '../planner/problems.ts'

// Two small families among others, so that one output may serve for several inputs.
const root = thing('Root')
const kind = thing('Kind', root)
const concepts = [
  root,
  kind,
  thing('Other', root),
  thing('Kinder', kind),
  ...['P', 'Q', 'R', 'S', 'T'].map(name => thing(name)),
]
const ports = (indices: readonly number[]) =>
  Object.fromEntries(indices.flatMap(index => (concepts[index] ? [[`p${index}`, concepts[index]]] : [])))

const some = (most: number) =>
  fc
    .uniqueArray(fc.nat(concepts.length - 1), { minLength: 1, maxLength: most })
    .map(indices => indices.toSorted((a, b) => a - b))
const anyCapability = fc.record({
  takes: some(3),
  gives: some(2),
  price: fc.nat(3),
  time: fc.nat(4),
  throughput: fc.integer({ min: 1, max: 4 }),
})

/** A problem of up to nine capabilities. */
const anyProblem: fc.Arbitrary<Problem> = fc
  .record({ capabilities: fc.array(anyCapability, { minLength: 4, maxLength: 9 }), given: some(2), wanted: some(3) })
  .map(({ capabilities, given, wanted }) =>
    problem({
      capabilities: capabilities.map(({ takes, gives }, at) => work(`work${at}`, ports(takes), ports(gives))),
      given: ports(given),
      wanted: Object.values(ports(wanted)),
      estimates: Object.fromEntries(
        capabilities.map(({ price, time, throughput }, at) => [`work${at}@1`, { price, time, throughput }]),
      ),
    }),
  )

const anyObjective = fc.constantFrom<Objective>(
  { best: 'weight' },
  { best: 'size' },
  { best: 'path' },
  { best: 'response-time' },
  { best: 'throughput' },
  { best: 'weight', within: 'shortest-path' },
  { best: 'size', within: 'shortest-path' },
)

/** The best value there is, by trying every set of capabilities. */
function bestOf(all: readonly Measures[], objective: Objective): number {
  const shortest = Math.min(...all.map(({ path }) => path))
  const open = 'within' in objective ? all.filter(({ path }) => path === shortest) : all
  const values = open.map(measures => measures[objective.best])
  return objective.best === 'throughput' ? Math.max(...values) : Math.min(...values)
}

/** A clock that moves on whenever it is looked at, so that patience ends after so many looks. */
function countingClock() {
  let now = 0
  return { now: () => now++ }
}

describe('laws of the optimum', () => {
  test('trying every set of capabilities never beats a plan, nor finds one where there is none', () => {
    fc.assert(
      fc.property(anyProblem, anyObjective, (asked, objective) => {
        const answer = plan({ ...asked, objective })
        const all = everyComposition(asked)
        expect(answer.kind).toBe(all.length > 0 ? 'planned' : 'unsolvable')
        if (answer.kind !== 'planned') return
        const best = bestOf(all, objective)
        expect(answer.proof).toEqual({ optimal: true, value: best, bound: best })
        expect(verify(answer.plan, asked)).toEqual([])
      }),
      { numRuns: 500 },
    )
  })

  test('of the best plans the one with the fewest steps is taken', () => {
    fc.assert(
      fc.property(anyProblem, fc.constantFrom('path', 'response-time', 'throughput'), (asked, best) => {
        const answer = plan({ ...asked, objective: { best } })
        fc.pre(answer.kind === 'planned')
        const all = everyComposition(asked)
        const value = bestOf(all, { best })
        const fewest = Math.min(...all.filter(measures => measures[best] === value).map(({ size }) => size))
        expect(answer.plan.steps).toHaveLength(fewest)
      }),
      { numRuns: 300 },
    )
  })

  test('whenever patience ends there is a valid plan, and the bound is on the right side of the best', () => {
    fc.assert(
      fc.property(anyProblem, anyObjective, fc.nat(12), (asked, objective, ms) => {
        const answer = plan({ ...asked, objective, patience: { clock: countingClock(), ms } })
        fc.pre(answer.kind === 'planned')
        const best = bestOf(everyComposition(asked), objective)
        const { value, bound, optimal } = answer.proof
        const [worse, better] = objective.best === 'throughput' ? [bound, value] : [value, bound]
        expect(better).toBeLessThanOrEqual(best)
        expect(worse).toBeGreaterThanOrEqual(best)
        expect(optimal).toBe(value === bound)
        expect(verify(answer.plan, asked)).toEqual([])
      }),
      { numRuns: 300 },
    )
  })

  test('planning ends within a few looks at the clock after its time, with the same plan each time', () => {
    const anyRecipe = fc.record({
      services: fc.constant(400),
      able: fc.integer({ min: 50, max: 250 }),
      layers: fc.integer({ min: 3, max: 8 }),
      seed: fc.nat(1_000),
    })
    fc.assert(
      fc.property(anyRecipe, fc.integer({ min: 1, max: 60 }), (recipe, ms) => {
        const { problem: asked } = toComposition(generateSet(recipe))
        const within = (most: number) => {
          const clock = countingClock()
          const answer = plan({ ...asked, objective: { best: 'size' }, patience: { clock, ms: most } })
          fc.pre(answer.kind === 'planned')
          return { plan: answer.plan, proof: answer.proof, looks: clock.now() }
        }
        const answer = within(ms)
        expect(answer.looks).toBeLessThanOrEqual(ms + 10)
        expect(answer.proof.bound).toBeLessThanOrEqual(answer.proof.value)
        expect(within(ms)).toEqual(answer)
      }),
      { numRuns: 60 },
    )
  })

  test('prices bound the lightest set that hits all rows from below, and a search below it finds none', () => {
    const anyRows = fc.array(fc.uniqueArray(fc.nat(9), { minLength: 1, maxLength: 4 }), { minLength: 1, maxLength: 9 })
    const anyWeights = fc.array(fc.oneof(fc.integer({ min: 1, max: 5 }), fc.constant(1.5)), {
      minLength: 10,
      maxLength: 10,
    })
    const always = () => true
    fc.assert(
      fc.property(anyRows, anyWeights, (sets, weights) => {
        const rows = sets.map(members => ({ members, price: 0 }))
        const weigh = (elements: readonly number[]) =>
          elements.reduce((sum, element) => sum + (weights[element] ?? 0), 0)
        const subsets = Array.from({ length: 1 << 10 }, (_, bits) =>
          weights.keys().filter(at => ((bits >> at) & 1) === 1),
        )
        const hitting = subsets
          .map(subset => [...subset])
          .filter(subset => sets.every(set => set.some(element => subset.includes(element))))
        const least = Math.min(...hitting.map(weigh))
        const { bound, left } = findPrices(rows, weights, least, 100, always)
        expect(bound).toBeLessThanOrEqual(least + 1e-6)
        for (const subset of hitting) {
          const rest = subset.reduce((sum, element) => sum + Math.max(0, left[element] ?? 0), 0)
          expect(bound + rest).toBeLessThanOrEqual(weigh(subset) + 1e-6)
        }
        expect(hitBelow(rows, weights, least, always).kind).toBe('none')
        const found = hitBelow(rows, weights, least + 0.01, always)
        expect(found.kind === 'found' && weigh(found.elements)).toBe(least)
        expect(hitGreedily(rows, weights).length).toBeLessThanOrEqual(10)
      }),
      { numRuns: 300 },
    )
  })

  test('the front has no choice to which a set of capabilities within the budget is better, and all others if it says so', () => {
    const measured = (choice: { responseTime: number; throughput: number; size: number }) =>
      `${choice.responseTime} ${choice.throughput} ${choice.size}`
    fc.assert(
      fc.property(anyProblem, fc.option(fc.nat(12), { nil: undefined }), (free, budget) => {
        const asked = budget === undefined ? free : { ...free, budget }
        const all = everyComposition(asked)
          .filter(({ price }) => price <= (budget ?? Infinity))
          .map(measures => ({ ...measures, responseTime: measures['response-time'] }))
        const best = all.filter(
          one =>
            !all.some(
              other =>
                other.responseTime <= one.responseTime &&
                other.throughput >= one.throughput &&
                other.size <= one.size &&
                measured(other) !== measured(one),
            ),
        )
        const { choices, complete } = findFront(asked)
        expect(complete || budget !== undefined).toBe(true)
        const found = new Set(choices.map(measured))
        expect(found.size).toBe(choices.length)
        expect([...found.difference(new Set(best.map(measured)))]).toEqual([])
        expect(!complete || found.isSupersetOf(new Set(best.map(measured)))).toBe(true)
        for (const choice of choices) expect(verify(choice.plan, asked)).toEqual([])
      }),
      { numRuns: 300 },
    )
  })
})
