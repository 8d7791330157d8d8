/** What plans are made of, numbered: some datum of a concept, one certain datum, and facts about certain data. */
import type { Capability, FactPattern } from '../agents/index.ts'
import { ancestry, type Concept, isKindOf } from '../core/index.ts'
import type { Entry } from './catalogue.ts'
import type { Problem } from './problem.ts'

/** The atoms of a problem, numbered as they come up. */
export interface Atoms {
  /** Each in words, by its number. */
  names(): readonly string[]
  /**
   * What data of `concept` are good for: the concepts, of it and what it is a kind of, that somebody takes or wants.
   */
  ofConcept(concept: Concept): readonly number[]
  /** What a port needs that takes any datum of `concept`. */
  ofPort(concept: Concept): number
  ofDatum(key: string): number
  /** Those of the facts that somebody requires and that are about single data. */
  ofFacts(patterns: readonly FactPattern[], keyAt: (port: string) => string | undefined): readonly number[]
  /** Whether somebody requires a fact that may be about data of `concept`. */
  isTold(concept: Concept): boolean
  /** The ports of which a required fact speaks, with what they take: it matters which datum is bound there. */
  portsToBind(capability: Capability): readonly (readonly [string, Concept])[]
}

/** The atoms of `problem` when it is solved with `useful`. */
export function createAtoms(problem: Problem, useful: readonly Entry[]): Atoms {
  const asked = new Set([...problem.wanted.map(({ name }) => name), ...useful.flatMap(({ takes }) => takes)])
  const demanded = new Set(useful.flatMap(({ requires }) => requires))
  const portsToBind = ({ takes, requires, brings, removes }: Capability) => {
    const spoken = [...requires, ...brings, ...removes].filter(({ fact }) => demanded.has(fact))
    const ports = new Set(spoken.flatMap(({ about }) => about))
    return Object.entries(takes).flatMap(([port, taken]) =>
      taken.kind === 'concept' && ports.has(port) ? [[port, taken] as const] : [],
    )
  }
  const told = useful.flatMap(({ capability }) => portsToBind(capability).map(([, concept]) => concept))
  const numbers = new Map<string, number>()
  const byConcept = new Map<Concept, readonly number[]>()
  const number = (what: string): number => {
    const known = numbers.get(what) ?? numbers.size
    numbers.set(what, known)
    return known
  }
  return {
    names: () => [...numbers.keys()],
    ofConcept(concept) {
      const known =
        byConcept.get(concept) ??
        ancestry(concept)
          .filter(name => asked.has(name))
          .map(number)
      byConcept.set(concept, known)
      return known
    },
    ofPort: concept => number(concept.name),
    ofDatum: key => number(`datum ${key}`),
    ofFacts: (patterns, keyAt) =>
      patterns.flatMap(({ fact, about }) => {
        const keys = about.map(keyAt)
        return demanded.has(fact) && !keys.includes(undefined) ? [number(`${fact}(${keys.join(', ')})`)] : []
      }),
    isTold: concept => told.some(other => isKindOf(concept, other)),
    portsToBind,
  }
}
