/** One change to a problem that might make its plan better, or make one possible. */
import { type Capability, capabilityId, defineCapability } from '../../agents/index.ts'
import type { Concept, MicroUsd } from '../../core/index.ts'
import { givenNameOf } from '../../intent/index.ts'
import type { Objective } from '../objective.ts'
import type { Problem } from '../problem.ts'

/** What is supposed. */
export type Supposed =
  | { readonly kind: 'given'; readonly concept: string }
  | { readonly kind: 'fact'; readonly fact: string; readonly about: readonly string[] }
  /** Somebody would offer to give a concept from others, for as much as `like` asks now; for nothing without one. */
  | {
      readonly kind: 'offered'
      readonly gives: string
      readonly takes: readonly string[]
      readonly like: string | undefined
    }
  | { readonly kind: 'budget'; readonly atLeast: MicroUsd }
  /** Something else would matter most. */
  | { readonly kind: 'best'; readonly best: Objective['best'] }

/** A supposition that has not been tried yet. */
export interface Idea {
  readonly supposed: readonly Supposed[]
  readonly problem: Problem
}

/** Supposes that data of `concepts` were given. */
export function ifGiven(problem: Problem, concepts: readonly Concept[]): Idea {
  const given: Record<string, Concept> = { ...problem.given }
  for (const concept of concepts) {
    let name = givenNameOf(concept)
    while (Object.hasOwn(given, name)) name = `${name}2`
    given[name] = concept
  }
  return {
    supposed: concepts.map(({ name }) => ({ kind: 'given', concept: name })),
    problem: { ...problem, given },
  }
}

/** Supposes that `fact` held about data that are given under the names `about`. */
export function ifFact(problem: Problem, fact: string, about: readonly string[]): Idea {
  return {
    supposed: [{ kind: 'fact', fact, about }],
    problem: { ...problem, facts: [...(problem.facts ?? []), { fact, about }] },
  }
}

/**
 * Supposes that somebody offered to make `gives` of `takes`, and as dear as `like`. Besides that only `others` are
 * planned with: few, since whatever is planned with for the first time must be indexed.
 */
export function ifOffered(
  problem: Problem,
  others: readonly Capability[],
  gives: Concept,
  takes: readonly Concept[],
  like: string | undefined,
): Idea {
  const offered = defineCapability({
    name: 'supposed',
    takes: Object.fromEntries(takes.map((concept, at) => [`taken${at}`, concept])),
    gives: { supposed: gives },
    effect: 'pure',
  })
  const id = capabilityId(offered)
  const estimate: Problem['estimate'] = capability => {
    if (capability !== id) return problem.estimate(capability)
    return like === undefined ? { price: 0, time: 0, reliability: 1 } : problem.estimate(like)
  }
  return {
    supposed: [{ kind: 'offered', gives: gives.name, takes: takes.map(({ name }) => name), like }],
    problem: { ...problem, capabilities: [...others, offered], estimate },
  }
}
