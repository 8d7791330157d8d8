import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  plan,
  type Problem,
  sayUnlocked,
  saySupposition,
  suppose,
  type Supposition,
  verify,
} from '../../src/planner/index.ts'
import { anyProblem, full } from './any-problem.ts'
import { fact, problem, thing, work } from './problems.ts'

const A = thing('A')
const B = thing('B')
const C = thing('C')
const D = thing('D')
const chain = [work('first', { a: A }, { b: B }), work('second', { b: B }, { c: C }), work('third', { c: C }, { d: D })]
const estimates = {
  'first@1': { price: 1000, time: 10 },
  'second@1': { price: 2000, time: 20 },
  'third@1': { price: 4000, time: 40 },
}

function supposed(asked: Problem): readonly Supposition[] {
  return suppose(asked, plan(asked))
}

function wordsOf(asked: Problem): readonly string[] {
  return supposed(asked).map(saySupposition)
}

describe('for a better plan', () => {
  test('something would have to be given, or somebody to offer a shorter way; what saves most comes first', () => {
    const asked = problem({ capabilities: chain, given: { a: A }, wanted: [D], estimates })
    expect(wordsOf(asked)).toEqual([
      'if `C` were given, `s1` and `s2` would fall away: $0.003, 30 ms and 2 steps less',
      'if somebody offered to make `D` of `A`, for what `third@1` asks, `s1`, `s2` and `s3` would fall away: $0.003, 30 ms and 2 steps less',
      'if somebody offered to make `D` of `B`, for what `third@1` asks, `s2` and `s3` would fall away: $0.002, 20 ms and 1 step less',
      'if `B` were given, `s1` would fall away: $0.001, 10 ms and 1 step less',
    ])
  })

  test('a fact would have to hold from the start', () => {
    const capabilities = [
      work('check', { a: A }, { b: B }, { brings: [fact('checked', 'a')] }),
      work('use', { a: A }, { c: C }, { requires: [fact('checked', 'a')] }),
    ]
    const asked = problem({
      capabilities,
      given: { a: A },
      wanted: [C],
      estimates: { 'check@1': { price: 500, time: 5 } },
    })
    expect(wordsOf(asked)).toContain(
      'if `checked(a)` held from the start, `s1` would fall away: $0.0005, 5 ms and 1 step less',
    )
  })

  test('the budget would have to be higher, or something else to matter most', () => {
    const quick = work('quick', { a: A }, { d: D })
    const dear = { ...estimates, 'quick@1': { price: 7500, time: 1 } }
    const asked = problem({ capabilities: [...chain, quick], given: { a: A }, wanted: [D], estimates: dear })
    expect(wordsOf(asked)).toContain(
      'if the fewest steps mattered most, `s1`, `s2` and `s3` would fall away and `quick@1` would come in: ' +
        '69 ms and 2 steps less, but $0.0005 more',
    )
    const slow = { ...dear, 'third@1': { price: 4000, time: 4000 } }
    const poor = problem({ capabilities: [...chain, quick], given: { a: A }, wanted: [D], estimates: slow })
    expect(wordsOf({ ...poor, budget: 7000 })[0]).toBe(
      'if the budget were at least $0.0075, `s1`, `s2` and `s3` would fall away and `quick@1` would come in: ' +
        '4029 ms and 2 steps less, but $0.0005 more',
    )
  })

  test('nothing is supposed where nothing could be better', () => {
    expect(supposed(problem({ capabilities: chain, given: { a: A, d: D }, wanted: [D] }))).toEqual([])
  })
})

describe('for any plan', () => {
  test('what the nearest capabilities lack would have to be given', () => {
    const asked = problem({ capabilities: chain, given: { d: thing('E') }, wanted: [D] })
    const found = supposed(asked)
    expect(sayUnlocked(found)).toBe(
      'there would be a plan if `C` were given; or if `B` were given; or if `A` were given; ' +
        'or if somebody offered to make `D` of `E`',
    )
    expect(found[1]?.plan.steps.map(({ capability }) => capability)).toEqual(['second@1', 'third@1'])
  })

  test('a fact would have to hold, or the budget to be high enough', () => {
    const use = work('use', { a: A }, { c: C }, { requires: [fact('checked', 'a')] })
    const unchecked = problem({ capabilities: [use], given: { a: A }, wanted: [C] })
    expect(sayUnlocked(supposed(unchecked))).toContain('if `checked(a)` held from the start')
    // A plan that is better, but dearer, does not tell how little would do.
    const slow = { ...estimates, 'third@1': { price: 4000, time: 90_000 }, 'quick@1': { price: 9000, time: 1 } }
    const poor = problem({ capabilities: chain, given: { a: A }, wanted: [D], estimates: slow, budget: 6999 })
    const quick = work('quick', { a: A }, { d: D })
    const dear = { ...poor, capabilities: [...chain, quick] }
    expect(sayUnlocked(supposed(dear))).toBe('there would be a plan if the budget were at least $0.007')
    expect(sayUnlocked(supposed(poor))).toBe('there would be a plan if the budget were at least $0.007')
  })
})

test('every supposition is true of the changed problem, and the order of the capabilities makes no difference', () => {
  const shuffled = anyProblem(full).chain(asked =>
    fc
      .shuffledSubarray([...asked.capabilities], { minLength: asked.capabilities.length })
      .map(capabilities => ({ asked, other: { ...asked, capabilities } })),
  )
  fc.assert(
    fc.property(shuffled, ({ asked, other }) => {
      const found = supposed(asked)
      expect(supposed(other)).toEqual(found)
      for (const { saves } of found)
        expect(Math.max(saves?.steps ?? 1, saves?.price ?? 0, saves?.time ?? 0)).toBeGreaterThan(0)
      // What somebody would offer is not among the capabilities.
      const possible = found.filter(({ supposed: what }) => what.every(({ kind }) => kind !== 'offered'))
      expect(possible.flatMap(one => verify(one.plan, changed(asked, one)))).toEqual([])
    }),
    { numRuns: 150 },
  )
})

/** The problem as it would be. */
function changed(asked: Problem, { supposed: what }: Supposition): Problem {
  const given = what.flatMap(one => (one.kind === 'given' ? [one.concept] : []))
  return {
    ...asked,
    budget: Infinity,
    given: { ...asked.given, ...givenOf(asked, given) },
    facts: [...(asked.facts ?? []), ...what.flatMap(one => (one.kind === 'fact' ? [one] : []))],
  }
}

function givenOf({ capabilities }: Problem, names: readonly string[]) {
  const concepts = capabilities.flatMap(({ takes, gives }) => [
    ...Object.values(takes).map(port => (port.kind === 'all' ? port.concept : port)),
    ...Object.values(gives),
  ])
  return Object.fromEntries(
    names.flatMap(name => {
      const concept = concepts.find(one => one.name === name)
      return concept ? [[name.toLowerCase(), concept]] : []
    }),
  )
}
