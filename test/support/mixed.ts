/** Generated registries and goals in which everything that a plan can be made of is mixed. */
import * as fc from 'fast-check'
import {
  all,
  type Capability,
  type Concept,
  concept,
  defineCapability,
  defineMethod,
  defineTask,
  type Goal,
  type Method,
} from 'muster'
import { z } from 'zod'
import type { FactPattern } from '../../src/agents/index.ts'
import { isKindOf, type Port } from '../../src/core/index.ts'
import { conceptNameOf, parseGoal } from '../../src/intent/index.ts'
import type { Problem } from '../../src/planner/index.ts'

const A = concept('A', z.int())
const B = concept('B', z.int(), { isA: A })
const C = concept('C', z.int())
const D = concept('D', z.int(), { isA: C })
const E = concept('E', z.int())
const As = concept('As', z.array(z.int()), { listOf: A })
const Cs = concept('Cs', z.array(z.int()), { listOf: C })

/** Every concept: numbers, and lists of numbers. */
export const concepts: readonly Concept[] = [A, B, C, D, E, As, Cs]

const anyGiven = fc.constantFrom(
  { a: A },
  { b: B, e: E },
  { a: A, as: As },
  { as: As },
  { a: A, b: B },
  { c: C, as: As },
)

/** Choices of one capability, as numbers: what is chosen depends on what there is by then. */
interface Choices {
  readonly takes: readonly number[]
  readonly gives: readonly number[]
  readonly collects: boolean
  readonly effect: 'pure' | 'reads' | 'writes' | 'acts'
  readonly idempotent: boolean
  readonly condition: number
  readonly facts: readonly { readonly kind: number; readonly name: string; readonly port: number }[]
}

const anyChoices = fc.record<Choices>({
  takes: fc.array(fc.nat(99), { minLength: 1, maxLength: 2 }),
  gives: fc.array(fc.nat(99), { minLength: 1, maxLength: 2 }),
  collects: fc.oneof({ weight: 6, arbitrary: fc.constant(false) }, { weight: 1, arbitrary: fc.constant(true) }),
  effect: fc.constantFrom('pure', 'pure', 'reads', 'writes', 'acts', 'acts'),
  idempotent: fc.boolean(),
  condition: fc.nat(11),
  facts: fc.array(fc.record({ kind: fc.nat(6), name: fc.constantFrom('good', 'ripe'), port: fc.nat(9) }), {
    maxLength: 2,
  }),
})

function at<T>(list: readonly T[], index: number): T {
  const found = list[index % list.length]
  if (found === undefined) throw new Error('nothing to choose from')
  return found
}

/** A capability over what is there by now; `known` are the concepts that can be had. */
function capabilityOf(name: string, known: readonly Concept[], choices: Choices): Capability {
  const takes = choices.takes.map((pick, place): [string, Port] => [`in${place}`, at(known, pick)])
  if (choices.collects) takes.push(['list', all(A)])
  const gives = choices.gives.map((pick, place) => [`out${place}`, at(concepts, pick)] as const)
  const inputs = takes.map(([port]) => port)
  const facts = (kinds: readonly number[], ports: readonly string[]): readonly FactPattern[] =>
    choices.facts
      .filter(({ kind }) => kinds.includes(kind))
      .map(fact => ({ fact: fact.name, about: [at(ports, fact.port)] }))
  const single = takes.find(([, port]) => port.kind === 'concept' && port.listOf === undefined)
  return defineCapability({
    name,
    takes: Object.fromEntries(takes),
    gives: Object.fromEntries(gives),
    effect: choices.effect,
    idempotent: choices.idempotent,
    requires: facts([0, 1], inputs),
    brings: facts([2, 3, 4, 5], [...inputs, ...gives.map(([port]) => port)]),
    removes: facts([6], inputs),
    ...(choices.condition < 3 && single ? { when: `${single[0]} % ${choices.condition + 2} != 0` } : {}),
  })
}

/** A registry and a goal, each capability with its price. */
export interface Mixed {
  readonly capabilities: readonly Capability[]
  readonly methods: readonly Method[]
  readonly given: Readonly<Record<string, Concept>>
  readonly goal: Goal
  /** In thousandths of a dollar, by name. */
  readonly prices: Readonly<Record<string, number>>
}

/** A task with two methods, the first of which is conditional; none when the choices fit no task. */
function methodsOf(given: Concept, capabilities: readonly Capability[], picks: readonly number[]): readonly Method[] {
  const [first = 0, second = 0, third = 0, shape = 0] = picks
  const last = at(capabilities, first)
  const [output = '', made = A] = Object.entries(last.gives)[0] ?? []
  const others = capabilities.flatMap(one =>
    Object.entries(one.gives).flatMap(([port, concept]) => (isKindOf(concept, made) ? [[one, port] as const] : [])),
  )
  const [other, port] = at(others, second)
  const early = at(capabilities, third)
  const task = defineTask({ name: 'task.main', takes: { have: given }, gives: shape % 3 === 0 ? {} : { made } })
  const gives = (step: string, from: string) =>
    shape % 3 === 0 ? {} : { gives: { made: [step, from] as readonly [string, string] } }
  const when = given.listOf ? 'size(have) > 1' : 'have % 2 == 0'
  return [
    defineMethod({
      of: task,
      name: 'one',
      when,
      steps: { early: { do: early }, last: { do: last, after: shape % 2 === 0 ? ['early'] : [] } },
      ...gives('last', output),
    }),
    defineMethod({ of: task, name: 'two', steps: { last: { do: other } }, ...gives('last', port) }),
  ]
}

/** Any registry and goal. */
export const anyMixed: fc.Arbitrary<Mixed> = fc
  .record({
    given: anyGiven,
    choices: fc.array(anyChoices, { minLength: 4, maxLength: 6 }),
    spare: fc.nat(9),
    other: fc.nat(9),
    picks: fc.array(fc.nat(99), { minLength: 4, maxLength: 4 }),
    prices: fc.array(fc.nat(4), { minLength: 8, maxLength: 8 }),
    wanted: fc.array(fc.nat(99), { minLength: 1, maxLength: 2 }),
    aims: fc.constantFrom(1, 1, 1, 2, 3, 4, 5, 7),
    facts: fc.array(fc.constantFrom('good', 'ripe'), { maxLength: 1 }),
    achieve: fc.constantFrom('good', 'ripe'),
    values: fc.array(fc.nat(30), { minLength: 6, maxLength: 6 }),
    budget: fc.constantFrom(1, 1, 1, 0.02, 0.006),
  })
  .map(({ given, choices, spare, other, picks, prices, wanted, aims, facts, achieve, values, budget }) => {
    let known: readonly Concept[] = Object.values(given)
    const made = choices.map((one, place) => {
      const capability = capabilityOf(`work.${'abcdef'.charAt(place)}`, known, one)
      known = [...known, ...Object.values(capability.gives)]
      return capability
    })
    const capabilities = [
      ...made,
      { ...at(made, spare), name: 'spare.one', when: undefined },
      { ...at(made, other), name: 'spare.two' },
    ]
    const names = Object.keys(given)
    const [name = '', first = A] = Object.entries(given)[0] ?? []
    const late = made.slice(1).flatMap(({ gives }) => Object.values(gives))
    const methods = methodsOf(first, capabilities, picks)
    const goal = parseGoal({
      objective: 'everything at once',
      given: Object.fromEntries(
        Object.entries(given).map(([given, { listOf }], place) => [
          given,
          listOf ? values.slice(0, (values[0] ?? 0) % 4) : values[place],
        ]),
      ),
      wanted: aims & 1 ? [...new Set(wanted.map(pick => at(late, pick).name))] : [],
      ...(aims & 2 ? { perform: ['task.main'] } : {}),
      facts: facts.map(fact => ({ fact, about: [name] })),
      achieve: aims & 4 ? [{ fact: achieve, about: [at(names, spare)] }] : [],
      limits: { budget: { usd: budget } },
    })
    return {
      capabilities,
      methods,
      given,
      goal,
      [fc.toStringMethod]: () => describe(capabilities, methods, goal),
      prices: Object.fromEntries(
        capabilities.map((one, place) => [one.name, (prices[place] ?? 0) + (one.name.startsWith('spare') ? 5 : 0)]),
      ),
    }
  })

function describe(capabilities: readonly Capability[], methods: readonly Method[], goal: Goal): string {
  const ports = (all: Readonly<Record<string, Port>>) =>
    Object.entries(all).map(
      ([name, port]) => `${name}: ${port.kind === 'all' ? `all ${port.concept.name}` : port.name}`,
    )
  const facts = (word: string, patterns: readonly FactPattern[]) =>
    patterns.map(({ fact, about }) => ` ${word} ${fact}(${about.join()})`).join('')
  return [
    ...capabilities.map(
      ({ name, takes, gives, effect, idempotent, when, requires, brings, removes }) =>
        `${name}(${ports(takes).join()}) -> ${ports(gives).join()} ${effect}${idempotent ? ' keyed' : ''}` +
        `${when ? ` when ${when}` : ''}${facts('requires', requires)}${facts('brings', brings)}${facts('removes', removes)}`,
    ),
    ...methods.map(({ of, name, when, steps, gives }) => {
      const named = steps.map(
        step => `${step.name}=${step.do.name} ${JSON.stringify(step.inputs)} ${step.after.join()}`,
      )
      return `${of.name} by ${name}${when ? ` when ${when}` : ''}: ${named.join('; ')} gives ${JSON.stringify(gives)}`
    }),
    JSON.stringify(goal),
  ].join('\n')
}

/** The planning problem of a goal, apart from what is only known in a run. */
export function problemOf({ capabilities, methods, given, goal }: Mixed): Omit<Problem, 'estimate'> {
  const named = (name: string): Concept => {
    const found = concepts.find(one => one.name === name)
    if (!found) throw new Error(`no concept \`${name}\``)
    return found
  }
  return {
    capabilities,
    methods,
    given: Object.fromEntries(Object.keys(given).map(name => [name, named(conceptNameOf(name))])),
    wanted: goal.wanted.map(named),
    ...(goal.perform ? { perform: goal.perform } : {}),
    facts: goal.facts ?? [],
    achieve: goal.achieve ?? [],
  }
}
