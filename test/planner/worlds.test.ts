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

const blocks = `(define (domain blocks) (:requirements :strips)
  (:predicates (clear ?x) (ontable ?x) (handempty) (holding ?x) (on ?x ?y))
  (:action pick-up :parameters (?x) :precondition (and (clear ?x) (ontable ?x) (handempty))
    :effect (and (holding ?x) (not (clear ?x)) (not (ontable ?x)) (not (handempty))))
  (:action put-down :parameters (?x) :precondition (holding ?x)
    :effect (and (clear ?x) (handempty) (ontable ?x) (not (holding ?x))))
  (:action stack :parameters (?x ?y) :precondition (and (clear ?y) (holding ?x))
    :effect (and (handempty) (clear ?x) (on ?x ?y) (not (clear ?y)) (not (holding ?x))))
  (:action unstack :parameters (?x ?y) :precondition (and (on ?x ?y) (clear ?x) (handempty))
    :effect (and (holding ?x) (clear ?y) (not (on ?x ?y)) (not (clear ?x)) (not (handempty)))))`

/** A world of blocks: towers from the bottom up, and what is wanted as pairs of a block on another. */
function worldOf(towers: readonly (readonly string[])[], wanted: readonly (readonly [string, string])[]) {
  const facts = towers.flatMap(tower =>
    tower.flatMap((block, at) => [
      at === 0 ? `(ontable ${block})` : `(on ${block} ${tower[at - 1]})`,
      ...(at === tower.length - 1 ? [`(clear ${block})`] : []),
    ]),
  )
  const goals = wanted.map(([a, b]) => `(on ${a} ${b})`).join(' ')
  const text = `(define (problem p) (:domain blocks) (:objects ${towers.flat().join(' ')})
    (:init (handempty) ${facts.join(' ')}) (:goal (and ${goals})))`
  const domain = readDomain(blocks)
  const instance = readInstance(text, domain)
  return { domain, instance, task: ground(domain, instance) }
}

/** The fewest moves of whole blocks that bring `wanted` about, by trying everything; each is two actions. */
function fewestMoves(
  towers: readonly (readonly string[])[],
  wanted: readonly (readonly [string, string])[],
): number | undefined {
  const key = (state: readonly (readonly string[])[]) =>
    state
      .map(tower => tower.join())
      .sort()
      .join('|')
  const met = (state: readonly (readonly string[])[]) =>
    wanted.every(([a, b]) => state.some(tower => tower.includes(a) && tower[tower.indexOf(a) - 1] === b))
  let level = [towers]
  const seen = new Set([key(towers)])
  for (let moves = 0; level.length > 0; moves++) {
    if (level.some(met)) return moves
    const next: (readonly (readonly string[])[])[] = []
    for (const state of level) {
      for (const from of state) {
        const block = from.at(-1)
        if (block === undefined) continue
        const rest = state.map(tower => (tower === from ? tower.slice(0, -1) : tower)).filter(tower => tower.length > 0)
        for (const after of [
          [...rest, [block]],
          ...rest.map((to, at) => (to === state.find(t => t === from) ? rest : rest.with(at, [...to, block]))),
        ]) {
          if (seen.has(key(after))) continue
          seen.add(key(after))
          next.push(after)
        }
      }
    }
    level = next
  }
  return undefined
}

const names = ['a', 'b', 'c', 'd']
const anyTowers = fc.shuffledSubarray(names, { minLength: 2 }).chain(order =>
  fc.array(fc.boolean(), { minLength: order.length, maxLength: order.length }).map(starts => {
    const towers: string[][] = []
    order.forEach((block, at) => (at === 0 || starts[at] === true ? towers.push([block]) : towers.at(-1)?.push(block)))
    return towers
  }),
)
const anyWorld = anyTowers.chain(towers =>
  fc
    .uniqueArray(fc.tuple(fc.constantFrom(...towers.flat()), fc.constantFrom(...towers.flat())), {
      minLength: 1,
      maxLength: 3,
    })
    .map(wanted => ({ towers, wanted })),
)

describe('a plan in a world of facts', () => {
  it('is found, valid, and the shortest, exactly where there is one', () => {
    fc.assert(
      fc.property(anyWorld, ({ towers, wanted }) => {
        const { domain, instance, task } = worldOf(towers, wanted)
        const solution = solve(task)
        const fewest = fewestMoves(towers, wanted)
        expect(solution.kind).toBe(fewest === undefined ? 'unsolvable' : 'solved')
        if (solution.kind !== 'solved' || fewest === undefined) return
        expect(validate(domain, instance, solution.plan)).toEqual({ valid: true })
        expect(solution.plan).toHaveLength(2 * fewest)
      }),
      { numRuns: 150 },
    )
  })

  it('that is a draft is repaired to a valid one, and left alone when it is valid', () => {
    const actions = names.flatMap(x => [
      `(pick-up ${x})`,
      `(put-down ${x})`,
      ...names.flatMap(y => [`(stack ${x} ${y})`, `(unstack ${x} ${y})`]),
    ])
    fc.assert(
      fc.property(
        anyWorld,
        fc.array(fc.constantFrom('(fly a)', ...actions), { maxLength: 6 }),
        ({ towers, wanted }, draft) => {
          const { domain, instance, task } = worldOf(towers, wanted)
          const verdict = validate(domain, instance, draft)
          const repaired = createRepairer({ domain, instance, task })(draft)
          const solvable = fewestMoves(towers, wanted) !== undefined
          expect(repaired.kind).toBe(verdict.valid ? 'valid' : solvable ? 'repaired' : 'unsolvable')
          const plan = 'plan' in repaired ? repaired.plan : undefined
          expect(plan === undefined || validate(domain, instance, plan).valid).toBe(true)
          expect(!verdict.valid || plan === draft).toBe(true)
        },
      ),
      { numRuns: 150 },
    )
  })

  it('that fails says at which action and why', () => {
    const { domain, instance } = worldOf([['a'], ['b']], [['a', 'b']])
    const verdict = validate(domain, instance, ['(pick-up a)', '(pick-up b)'])
    expect(verdict.valid).toBe(false)
    expect(JSON.stringify(verdict)).toContain('handempty')
  })

  it('is ordered only where it must be: what does not touch each other may run side by side', () => {
    const { domain, instance, task } = worldOf([['a', 'b'], ['c']], [['b', 'c']])
    const solution = solve(task)
    const plan = solution.kind === 'solved' ? solution.plan : []
    expect(toPartialOrder(task, plan)).toHaveLength(plan.length)
    expect(validate(domain, instance, plan)).toEqual({ valid: true })
  })

  it('is not made of text that is no PDDL: the error names the line', () => {
    expect(() => readDomain('(define (domain x)\n  (:action))')).toThrow(/2/)
  })
})
