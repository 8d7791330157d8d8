/**
 * Which capabilities matter to a goal: backward from what is wanted, then forward from what is given. Looked at from
 * afar: facts count by their name alone, whatever they are about, so nothing that could serve is lost.
 */
import { ancestry } from '../core/index.ts'
import { type Catalogue, catalogueFor, type Entry, type Kind } from './catalogue.ts'
import { factsAfter, initialFacts } from './facts.ts'
import type { Problem } from './problem.ts'
import { standingData } from './standing.ts'
import { taskBookOf } from './tasks/book.ts'
import { enlistTasks, type RelevantTasks } from './tasks/relevant.ts'

/** What can be had from what is given, among the capabilities that could serve. */
export interface Relevance {
  readonly catalogue: Catalogue
  /** Capabilities that can run and from which something leads to a want, in an order in which they can run. */
  readonly useful: readonly Entry[]
  readonly tasks: RelevantTasks
  /** What can be had; worked out when it is asked, for a plan does not need it. */
  readonly had: () => Had
}

/** Names of concepts of which data can be had, and of facts that hold or can be brought about. */
export interface Had {
  readonly concepts: ReadonlySet<string>
  readonly facts: ReadonlySet<string>
  /** Ids of capabilities that may not be used, at least not on every data. */
  readonly barred: ReadonlySet<string>
}

/** Finds what is relevant to `problem`. */
export function findRelevance(problem: Problem): Relevance {
  const catalogue = catalogueFor(problem)
  const concepts = new Set(standingData(problem).flatMap(({ concept }) => ancestry(concept)))
  const held = factsAfter(problem, initialFacts(problem), problem.kept ?? [])
  const facts = new Set([...held.values()].map(({ fact }) => fact))
  const wanted = [
    ...problem.wanted
      .filter(({ name }) => !concepts.has(name))
      .flatMap(({ name }) => catalogue.key('concept', name) ?? []),
    ...(problem.achieve ?? []).flatMap(({ fact }) => catalogue.key('fact', fact) ?? []),
  ]
  const given = [...concepts].flatMap(name => catalogue.key('concept', name) ?? [])
  const holding = [...facts].flatMap(name => catalogue.key('fact', name) ?? [])
  const serving = lookBackward(catalogue, problem, wanted, given, undefined).found
  const { runnable, had } = reachForward(catalogue, [...given, ...holding], serving)
  const able = new Uint8Array(catalogue.size.entries)
  for (const { rank } of runnable) able[rank] = 1
  const leading = lookBackward(catalogue, problem, wanted, given, able)
  const namesOf = (kind: Kind) =>
    had.flatMap(key => catalogue.named(key) ?? []).flatMap(named => (named.kind === kind ? [named.name] : []))
  return {
    catalogue,
    useful: runnable.filter(({ rank }) => leading.found[rank] === 1),
    tasks: leading.tasks,
    had: () => ({
      concepts: concepts.union(new Set(namesOf('concept'))),
      facts: facts.union(new Set(namesOf('fact'))),
      barred: new Set((problem.without ?? []).map(({ capability }) => capability)),
    }),
  }
}

/** Marks, by rank, the entries that may lead to `wanted` or to what is to be performed, among those marked in `able`. */
function lookBackward(
  catalogue: Catalogue,
  { methods, perform = [] }: Problem,
  wanted: readonly number[],
  given: readonly number[],
  able: Uint8Array | undefined,
): { readonly found: Uint8Array; readonly tasks: RelevantTasks } {
  const found = new Uint8Array(catalogue.size.entries)
  const had = new Uint8Array(catalogue.size.keys)
  const asked = new Uint8Array(catalogue.size.keys)
  for (const key of given) had[key] = 1
  const queue: Entry[] = []
  const enqueue = (entry: Entry) => {
    if (found[entry.rank] || able?.[entry.rank] === 0) return
    found[entry.rank] = 1
    queue.push(entry)
  }
  const book = taskBookOf(methods)
  const isAble = (id: string) => {
    const entry = catalogue.entry(id)
    return entry !== undefined && able?.[entry.rank] !== 0
  }
  const tasks = enlistTasks(book, isAble, ({ capabilities, concepts, facts }) => {
    for (const id of capabilities) {
      const entry = catalogue.entry(id)
      if (entry) enqueue(entry)
    }
    for (const name of concepts) ask(catalogue.key('concept', name))
    for (const name of facts) ask(catalogue.key('fact', name))
  })
  const ask = (key: number | undefined) => {
    if (key === undefined || asked[key]) return
    asked[key] = 1
    catalogue.giversOf(key).forEach(enqueue)
    const named = methods && catalogue.named(key)
    if (named?.kind === 'concept') for (const task of book.choosing(named.name)) tasks.enlist(task)
  }
  wanted.forEach(ask)
  for (const name of perform) {
    const ways = book.waysOf(name)
    if (ways) tasks.enlist(ways.task)
  }
  for (let entry = queue.pop(); entry; entry = queue.pop()) {
    for (const key of entry.needs) if (!had[key]) ask(key)
    // What is given may lack the fact for good, so other data of the same concept matter as well.
    entry.tells.forEach(ask)
  }
  return { found, tasks: tasks.list() }
}

/** What of the marked entries can run, in an order in which it can, and the keys that are had then. */
export function reachForward(catalogue: Catalogue, given: readonly number[], marked: Uint8Array) {
  const had: number[] = []
  const known = new Uint8Array(catalogue.size.keys)
  const met = new Int32Array(catalogue.size.entries)
  const runnable = catalogue.needless.filter(({ rank }) => marked[rank] === 1)
  const have = (key: number) => {
    if (known[key]) return
    known[key] = 1
    had.push(key)
    for (const entry of catalogue.takersOf(key)) {
      const { rank } = entry
      met[rank] = (met[rank] ?? 0) + 1
      if (met[rank] === entry.needs.length && marked[rank] === 1) runnable.push(entry)
    }
  }
  given.forEach(have)
  for (const { gives } of runnable) gives.forEach(have)
  return { runnable, had }
}
