/**
 * Which capabilities matter to a goal: backward from what is wanted, then forward from what is given. Looked at from
 * afar: facts count by their name alone, whatever they are about, so nothing that could serve is lost.
 */
import type { Capability } from '../agents/index.ts'
import { ancestry } from '../core/index.ts'
import { type Catalogue, catalogueOf, type Entry } from './catalogue.ts'
import type { Problem } from './problem.ts'

/** What can be had from what is given, among the capabilities that could serve. */
export interface Relevance {
  readonly catalogue: Catalogue
  /** Capabilities that can run and from which something leads to a want, in the order of their ranks. */
  readonly useful: readonly Entry[]
  /** Names of concepts of which data can be had. */
  readonly concepts: ReadonlySet<string>
  /** Names of facts that hold or can be brought about. */
  readonly facts: ReadonlySet<string>
}

/** Finds what is relevant to `problem`. */
export function findRelevance(problem: Problem): Relevance {
  const catalogue = catalogueOf(problem.capabilities)
  const able = reachForward(
    problem,
    lookBackward(problem, catalogue, () => true),
  )
  return { ...able, catalogue, useful: lookBackward(problem, catalogue, entry => able.runnable.has(entry)) }
}

/** The names of the concepts that `capability` cannot do without: an `all` port may stay empty. */
export function conceptsTaken(capability: Capability): readonly string[] {
  return Object.values(capability.takes).flatMap(port => (port.kind === 'concept' ? [port.name] : []))
}

/** The names of the facts that `capability` cannot do without. */
export function factsRequired(capability: Capability): readonly string[] {
  return capability.requires
    .filter(({ about }) => about.every(port => capability.takes[port]?.kind === 'concept'))
    .map(({ fact }) => fact)
}

function lookBackward(problem: Problem, catalogue: Catalogue, may: (entry: Entry) => boolean): readonly Entry[] {
  const given = new Set(Object.values(problem.given).flatMap(concept => ancestry(concept)))
  const found = new Set<Entry>()
  const asked = new Set<string>()
  const demanded = new Set<string>()
  const queue: Entry[] = []
  const add = (entries: readonly Entry[]) => {
    for (const entry of entries) {
      if (found.has(entry) || !may(entry)) continue
      found.add(entry)
      queue.push(entry)
    }
  }
  const ask = (concept: string) => {
    if (asked.has(concept)) return
    asked.add(concept)
    add(catalogue.giversOf(concept))
  }
  for (const { name } of problem.wanted) if (!given.has(name)) ask(name)
  for (let entry = queue.pop(); entry; entry = queue.pop()) {
    const { takes, requires } = entry.capability
    for (const name of conceptsTaken(entry.capability)) if (!given.has(name)) ask(name)
    for (const fact of factsRequired(entry.capability)) {
      if (demanded.has(fact)) continue
      demanded.add(fact)
      add(catalogue.bringersOf(fact))
    }
    // What is given may lack the fact for good, so other data of the same concept matter as well.
    for (const port of requires.flatMap(({ about }) => about.map(name => takes[name])))
      if (port?.kind === 'concept') ask(port.name)
  }
  return [...found].sort((a, b) => a.rank - b.rank)
}

function reachForward(problem: Problem, entries: readonly Entry[]) {
  const concepts = new Set<string>()
  const facts = new Set<string>()
  const runnable = new Set<Entry>()
  const waiting = new Map<string, Entry[]>()
  const lacks = new Map<Entry, number>()
  const ready: Entry[] = []
  for (const entry of entries) {
    const needs = new Set([
      ...conceptsTaken(entry.capability).map(name => `concept ${name}`),
      ...factsRequired(entry.capability).map(name => `fact ${name}`),
    ])
    lacks.set(entry, needs.size)
    if (needs.size === 0) ready.push(entry)
    for (const need of needs) {
      const queue = waiting.get(need)
      if (queue) queue.push(entry)
      else waiting.set(need, [entry])
    }
  }
  const have = (known: Set<string>, kind: 'concept' | 'fact', name: string) => {
    if (known.has(name)) return
    known.add(name)
    for (const entry of waiting.get(`${kind} ${name}`) ?? []) {
      const left = (lacks.get(entry) ?? 0) - 1
      lacks.set(entry, left)
      if (left === 0) ready.push(entry)
    }
  }
  for (const concept of Object.values(problem.given))
    for (const name of ancestry(concept)) have(concepts, 'concept', name)
  for (const { fact } of problem.facts ?? []) have(facts, 'fact', fact)
  for (let entry = ready.pop(); entry; entry = ready.pop()) {
    runnable.add(entry)
    for (const concept of Object.values(entry.capability.gives))
      for (const name of ancestry(concept)) have(concepts, 'concept', name)
    for (const { fact } of entry.capability.brings) have(facts, 'fact', fact)
  }
  return { concepts, facts, runnable }
}
