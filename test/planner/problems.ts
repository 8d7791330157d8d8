/** Builders for planning problems that say only what matters. */
import { z } from 'zod'
import { type Capability, defineCapability, type FactPattern } from '../../src/agents/index.ts'
import { type Concept, concept, type Port } from '../../src/core/index.ts'
import type { Estimate, Plan, Planned, Problem } from '../../src/planner/index.ts'
import { plan } from '../../src/planner/index.ts'

/** A concept of any value. */
export function thing(name: string, isA?: Concept): Concept {
  return concept(name, z.unknown(), isA ? { isA } : {})
}

interface Facts {
  requires?: readonly FactPattern[]
  brings?: readonly FactPattern[]
  removes?: readonly FactPattern[]
  when?: string
}

/** A capability that takes and gives the named concepts, and facts about them. */
export function work(
  name: string,
  takes: Readonly<Record<string, Port>>,
  gives: Readonly<Record<string, Concept>>,
  facts: Facts = {},
): Capability {
  return defineCapability({ name, takes, gives, effect: 'pure', ...facts })
}

/** A fact about ports, as in `fact('signed', 'contract')`. */
export function fact(name: string, ...about: string[]): FactPattern {
  return { fact: name, about }
}

const free: Estimate = { price: 0, time: 0, reliability: 1 }

/** A problem; what is not said is free, instant and sure. */
export function problem(
  parts: Omit<Problem, 'estimate'> & { estimates?: Readonly<Record<string, Partial<Estimate>>> },
): Problem {
  const { estimates = {}, ...rest } = parts
  return { ...rest, estimate: capability => ({ ...free, ...estimates[capability] }) }
}

/** The plan for `asked`; fails loudly when there is none. */
export function planned(asked: Problem): Extract<Planned, { kind: 'planned' }> {
  const answer = plan(asked)
  if (answer.kind === 'planned') return answer
  throw new Error(`no plan: ${JSON.stringify(answer.missing)}`)
}

/** What is missing when there is no plan. */
export function missing(asked: Problem): Extract<Planned, { kind: 'unsolvable' }>['missing'] {
  const answer = plan(asked)
  if (answer.kind === 'unsolvable') return answer.missing
  throw new Error(`there is a plan: ${capabilitiesOf(answer.plan).join(', ')}`)
}

/** The capabilities of the steps, in the order of the steps. */
export function capabilitiesOf({ steps }: Plan): readonly string[] {
  return steps.map(step => step.capability)
}
