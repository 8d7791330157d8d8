/** Generated planning problems over a small family of concepts. */
import * as fc from 'fast-check'
import type { Capability, FactPattern } from '../../src/agents/index.ts'
import { all, type Concept, type Port } from '../../src/core/index.ts'
import type { Problem } from '../../src/planner/index.ts'
import { fact, problem, thing, work } from './problems.ts'

// A small family: B and C are kinds of A, D is a kind of B.
const A = thing('A')
const B = thing('B', A)
const C = thing('C', A)
const D = thing('D', B)
const E = thing('E')
const F = thing('F')
const concepts: readonly Concept[] = [A, B, C, D, E, F]

/** What the capabilities of a generated problem are like. */
export interface Shape {
  readonly inputs: number
  readonly collects: boolean
  readonly facts: boolean
  readonly removes: boolean
  readonly most: number
}

const anyConcept = fc.constantFrom(...concepts)

function anyFacts(ports: readonly string[], use: boolean): fc.Arbitrary<readonly FactPattern[]> {
  if (!use || ports.length === 0) return fc.constant([])
  return fc.array(
    fc
      .record({ name: fc.constantFrom('good', 'ripe'), port: fc.constantFrom(...ports) })
      .map(r => fact(r.name, r.port)),
    { maxLength: 1 },
  )
}

function anyCapability(name: string, { inputs, collects, facts, removes }: Shape): fc.Arbitrary<Capability> {
  return fc
    .record({
      takes: fc.array(anyConcept, { maxLength: inputs }),
      list: collects ? fc.option(anyConcept, { nil: undefined }) : fc.constant(undefined),
      gives: fc.array(anyConcept, { minLength: 1, maxLength: 2 }),
    })
    .chain(({ takes, list, gives }) => {
      const ins: Record<string, Port> = Object.fromEntries(takes.map((concept, at) => [`in${at}`, concept]))
      if (list) ins['list'] = all(list)
      const outs = Object.fromEntries(gives.map((concept, at) => [`out${at}`, concept]))
      return fc
        .record({
          requires: anyFacts(Object.keys(ins), facts),
          brings: anyFacts([...Object.keys(ins), ...Object.keys(outs)], facts),
          removes: anyFacts(Object.keys(ins), facts && removes),
        })
        .map(parts => work(name, ins, outs, parts))
    })
}

/** Any problem of this shape; every capability costs up to four micro-dollars and a millisecond. */
export function anyProblem(shape: Shape): fc.Arbitrary<Problem> {
  const names = Array.from({ length: shape.most }, (_, at) => `work.${'abcdefghij'.charAt(at)}`)
  return fc
    .record({
      capabilities: fc.tuple(...names.map(name => anyCapability(name, shape))),
      given: fc.array(anyConcept, { minLength: 1, maxLength: 2 }),
      wanted: fc.array(anyConcept, { minLength: 1, maxLength: 2 }),
      known: fc.boolean(),
      prices: fc.array(fc.nat(4), { minLength: shape.most, maxLength: shape.most }),
      unsure: fc.array(fc.boolean(), { minLength: shape.most, maxLength: shape.most }),
    })
    .map(({ capabilities, given, wanted, known, prices, unsure }) =>
      problem({
        capabilities,
        given: Object.fromEntries(given.map((concept, at) => [`given${at}`, concept])),
        wanted,
        facts: shape.facts && known ? [fact('good', 'given0')] : [],
        estimates: Object.fromEntries(
          names.map((name, at) => [
            `${name}@1`,
            { price: prices[at] ?? 0, time: 1, reliability: unsure[at] ? 0.5 : 1 },
          ]),
        ),
      }),
    )
}

export const plain: Shape = { inputs: 2, collects: false, facts: false, removes: false, most: 8 }
export const full: Shape = { inputs: 2, collects: true, facts: true, removes: true, most: 6 }
export const narrow: Shape = { inputs: 1, collects: false, facts: true, removes: true, most: 4 }
