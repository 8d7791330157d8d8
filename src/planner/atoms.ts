/** What plans are made of, numbered: some datum of a concept, one certain datum, and facts about certain data. */
import type { Capability, FactPattern } from '../agents/index.ts'
import { ancestry, type Concept } from '../core/index.ts'
import type { Problem } from './problem.ts'
import type { Relevance } from './relevance.ts'

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
  /** The same, by the key of the concept in the catalogue. */
  ofKey(key: number): number
  /** Whether somebody takes or wants data of the concept of this key. */
  isAsked(key: number): boolean
  ofDatum(key: string): number
  /** That what this key names in a task network has been done. */
  ofDone(key: string): number
  /** Those of the facts that somebody requires or wants and that are about single data. */
  ofFacts(patterns: readonly FactPattern[], keyAt: (port: string) => string | undefined): readonly number[]
  /** Whether somebody requires a fact that may be about data of `concept`. */
  isTold(concept: Concept): boolean
  /** The ports of which a required fact speaks, with what they take: it matters which datum is bound there. */
  portsToBind(capability: Capability): readonly (readonly [string, Concept])[]
}

/** The atoms of `problem` when it is solved with what is relevant. */
export function createAtoms(problem: Problem, { useful, catalogue, tasks }: Relevance): Atoms {
  const wanted = new Set([...problem.wanted.map(({ name }) => name), ...tasks.concepts])
  const asked = new Uint8Array(catalogue.size.keys)
  for (const name of wanted) asked[catalogue.key('concept', name) ?? asked.length] = 1
  for (const { asks } of useful) for (const key of asks) asked[key] = 1
  const isAsked = (key: number) => asked[key] === 1
  const demanded = new Set([
    ...useful.flatMap(({ requires }) => requires),
    ...(problem.achieve ?? []).map(({ fact }) => fact),
    ...tasks.facts,
  ])
  const portsToBind = ({ takes, requires, brings, removes }: Capability) => {
    if (demanded.size === 0) return []
    const spoken = [...requires, ...brings, ...removes].filter(({ fact }) => demanded.has(fact))
    const ports = new Set(spoken.flatMap(({ about }) => about))
    return Object.entries(takes).flatMap(([port, taken]) =>
      taken.kind === 'concept' && ports.has(port) ? [[port, taken] as const] : [],
    )
  }
  const told = new Set([
    ...useful.flatMap(({ capability }) => portsToBind(capability).map(([, concept]) => concept.name)),
    ...tasks.told,
  ])
  const names: string[] = []
  const numbers = new Map<string, number>()
  // By the keys of concepts; 0: without a number so far.
  const numbered = new Int32Array(catalogue.size.keys)
  const number = (what: string): number => {
    const known = numbers.get(what) ?? names.push(what) - 1
    numbers.set(what, known)
    return known
  }
  const ofKey = (key: number): number => {
    const known = numbered[key] ?? 0
    if (known > 0) return known - 1
    const length = names.push(catalogue.named(key)?.name ?? '')
    numbered[key] = length
    return length - 1
  }
  const ofName = (name: string): number => {
    const key = catalogue.key('concept', name)
    return key === undefined ? number(name) : ofKey(key)
  }
  return {
    names: () => names,
    ofConcept: concept =>
      ancestry(concept)
        .filter(name => wanted.has(name) || isAsked(catalogue.key('concept', name) ?? -1))
        .map(ofName),
    ofPort: concept => ofName(concept.name),
    ofKey,
    isAsked,
    ofDatum: key => number(`datum ${key}`),
    ofDone: key => number(doneName(key)),
    ofFacts: (patterns, keyAt) =>
      patterns.flatMap(({ fact, about }) => {
        const keys = about.map(keyAt)
        return demanded.has(fact) && !keys.includes(undefined) ? [number(`${fact}(${keys.join(', ')})`)] : []
      }),
    isTold: concept => told.size > 0 && ancestry(concept).some(name => told.has(name)),
    portsToBind,
  }
}

/** The atom, in words, that what this key names in a task network has been done. */
export function doneName(key: string): string {
  return `done ${key}`
}
