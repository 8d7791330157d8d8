import { describe, expect, it } from 'vitest'
import { ground, readDomain, readInstance, solve, validate } from '../../src/planner/index.ts'

/** A domain with these parts in place of the usual ones. */
function domainOf({
  requirements = ':strips',
  types = '',
  predicates = '(at ?p) (lit ?p) (next ?a ?b)',
  action = '(:action go :parameters (?a ?b) :precondition (and (at ?a) (next ?a ?b)) :effect (and (at ?b) (not (at ?a))))',
} = {}): string {
  return `(define (domain walk) (:requirements ${requirements})
${types}
(:predicates ${predicates})
${action})`
}

function problemOf({ objects = 'x y', init = '(at x) (next x y)', goal = '(at y)', rest = '' } = {}): string {
  return `(define (problem p) (:domain walk)
(:objects ${objects})
(:init ${init})
(:goal ${goal})
${rest})`
}

function plansOf(domainText: string, problemText: string) {
  const domain = readDomain(domainText)
  const instance = readInstance(problemText, domain)
  const solution = solve(ground(domain, instance))
  if (solution.kind !== 'solved') return solution.kind
  expect(validate(domain, instance, solution.plan)).toEqual({ valid: true })
  return solution.plan
}

describe('what is wrong with a PDDL domain is said with its place', () => {
  it.each([
    [
      'an unknown predicate',
      { action: '(:action go :parameters (?a) :precondition (beside ?a))' },
      'there is no predicate `beside` at line 4, column 44',
    ],
    [
      'a wrong number of arguments',
      { action: '(:action go :parameters (?a) :precondition (next ?a))' },
      '`next` takes 2 arguments and has 1 at line 4, column 44',
    ],
    [
      'an unknown type',
      { action: '(:action go :parameters (?a - place) :effect (at ?a))' },
      'there is no type `place` at line 4, column 31',
    ],
    [
      'an unknown parameter',
      { action: '(:action go :parameters (?a) :effect (at ?b))' },
      'there is no parameter `?b` at line 4, column 42',
    ],
    [
      'an unknown object',
      { action: '(:action go :parameters (?a) :effect (at home))' },
      'there is no object `home` at line 4, column 42',
    ],
    [
      'a condition that is not supported',
      { action: '(:action go :parameters (?a) :effect (forall (?b) (at ?b)))' },
      '`forall` is not supported at line 4, column 38',
    ],
    [
      'a requirement that is not supported',
      { requirements: ':strips :durative-actions' },
      'the requirement `:durative-actions` is not supported at line 1, column 46',
    ],
    [
      'an effect on what is equal',
      { action: '(:action go :parameters (?a ?b) :effect (= ?a ?b))' },
      'an effect cannot change what is equal at line 4, column 41',
    ],
    [
      'a cost below zero',
      { action: '(:action go :parameters (?a) :effect (increase (total-cost) -1))' },
      '`-1` is not a cost at line 4, column 61',
    ],
    [
      'a bracket that is never closed',
      { action: '(:action go' },
      'a bracket is never closed: it opens at line 1, column 1',
    ],
  ])('%s', (_, parts, message) => {
    expect(() => readDomain(domainOf(parts))).toThrow(message)
  })
})

describe('what is wrong with a PDDL problem is said with its place', () => {
  const domain = readDomain(domainOf({ types: '(:types place)', predicates: '(at ?p - place) (next ?a ?b - place)' }))
  it.each([
    ['an unknown predicate', { goal: '(near y)' }, 'there is no predicate `near` at line 4, column 8'],
    ['a wrong number of arguments', { init: '(at x y)' }, '`at` takes 1 arguments and has 2 at line 3, column 8'],
    ['an unknown object', { goal: '(at z)' }, 'there is no object `z` at line 4, column 12'],
    ['an unknown type', { objects: 'x - town' }, 'there is no type `town` at line 2, column 15'],
    [
      'a value of an unknown function',
      { init: '(= (length x y) 3)' },
      'there is no function `length` at line 3, column 11',
    ],
  ])('%s', (_, parts, message) => {
    expect(() => readInstance(problemOf(parts), domain)).toThrow(message)
  })

  it('another domain, and no goal', () => {
    expect(() => readInstance('(define (problem p) (:domain fly) (:goal (at x)))', domain)).toThrow(
      'the problem is of the domain `fly`, not of `walk` at line 1, column 30',
    )
    expect(() => readInstance('(define (problem p) (:domain walk))', domain)).toThrow('there is no goal')
  })
})

describe('PDDL', () => {
  it('puts only objects of its type, or of a kind of it, for a parameter', () => {
    const domain = domainOf({
      types: '(:types town harbour - place  place ship)',
      predicates: '(at ?p - place) (seen ?p - place) (next ?a ?b - place)',
      action:
        '(:action see :parameters (?p - harbour) :effect (seen ?p)) (:action walk :parameters (?p - place) :effect (at ?p))',
    })
    const problem = (goal: string) => problemOf({ objects: 'x - town y - harbour z - ship', init: '', goal })
    expect(plansOf(domain, problem('(and (seen y) (at x))'))).toHaveLength(2)
    expect(plansOf(domain, problem('(seen x)'))).toBe('unsolvable')
    const read = readDomain(domain)
    const instance = readInstance(problem('(at x)'), read)
    expect(validate(read, instance, ['(walk z)'])).toEqual({
      valid: false,
      flaws: [{ kind: 'wrong-type', step: 1, reason: '`z` is `ship`, not `place`' }],
    })
  })

  it('keeps to negative preconditions and goals, and to what is not equal', () => {
    const domain = domainOf({
      requirements: ':strips :negative-preconditions :equality',
      action: `(:action light :parameters (?p) :precondition (not (lit ?p)) :effect (lit ?p))
        (:action quench :parameters (?p ?q) :precondition (and (lit ?p) (lit ?q) (not (= ?p ?q))) :effect (not (lit ?p)))`,
    })
    expect(plansOf(domain, problemOf({ init: '(lit x)', goal: '(and (not (lit x)) (lit y))' }))).toEqual([
      '(light y)',
      '(quench x y)',
    ])
    expect(plansOf(domain, problemOf({ objects: 'x', init: '(lit x)', goal: '(not (lit x))' }))).toBe('unsolvable')
    expect(plansOf(domain, problemOf({ init: '', goal: '(not (lit x))' }))).toEqual([])
  })

  it('takes the cheaper way where the problem asks for the lowest cost, and the shorter one where it does not', () => {
    const domain = domainOf({
      requirements: ':strips :action-costs',
      types: '(:functions (total-cost) (far ?a ?b))',
      action: `(:action go :parameters (?a ?b) :precondition (and (at ?a) (next ?a ?b))
        :effect (and (at ?b) (not (at ?a)) (increase (total-cost) (far ?a ?b))))`,
    })
    const parts = {
      objects: 'x y z',
      init: '(at x) (next x y) (next x z) (next z y) (= (far x y) 9) (= (far x z) 2) (= (far z y) 3)',
    }
    expect(plansOf(domain, problemOf(parts))).toEqual(['(go x y)'])
    expect(plansOf(domain, problemOf({ ...parts, rest: '(:metric minimize (total-cost))' }))).toEqual([
      '(go x z)',
      '(go z y)',
    ])
  })
})
