/**
 * Capabilities found by what they take and give. Built once a list, so that planning touches only what a goal needs.
 * Names of concepts and of facts are numbered as keys, whatever the facts are about. Where lists of what a capability
 * takes and gives are known, it stands here a second time, as a loop over such a list.
 */
import { type Capability, capabilityId } from '../agents/index.ts'
import { ancestry, type Concept, type Port } from '../core/index.ts'
import { loopsOf } from './loops.ts'
import type { Each } from './plan.ts'
import type { Problem } from './problem.ts'

/** A capability under its id. */
export interface Entry {
  readonly id: string
  /** The capability that its steps request: its own id, unless it is a loop. */
  readonly requests: string
  /** Of a loop, what it takes and gives as a whole. */
  readonly capability: Capability
  readonly loop?: Omit<Each, 'most'>
  /** Its place among all, by name, the newest version first; loops come last. */
  readonly rank: number
  /** What it takes and gives, port by port in the order of their names, with the keys of the concepts. */
  readonly inputs: readonly PortOf<Port>[]
  readonly outputs: readonly PortOf<Concept>[]
  /** Names of the concepts that it cannot do without: an `all` port may stay empty. */
  readonly takes: readonly string[]
  /** The keys of those concepts, each once. */
  readonly asks: readonly number[]
  /** Names of the facts that it cannot do without. */
  readonly requires: readonly string[]
  /** The keys of both. */
  readonly needs: readonly number[]
  /** The keys of concepts of which it requires facts: it matters which data of them there are. */
  readonly tells: readonly number[]
  /** The keys of the concepts that it gives, of what they are kinds of, and of the facts that it brings about. */
  readonly gives: readonly number[]
}

/** A port of a capability. */
export interface PortOf<Taken extends Port> {
  readonly port: string
  readonly of: Taken
  readonly key: number
}

/** A list of capabilities, indexed. Every list of entries is in the order of their ranks. */
export interface Catalogue {
  /** How many capabilities and keys there are. */
  readonly size: { readonly entries: number; readonly keys: number }
  entry(id: string): Entry | undefined
  /** A concept that some capability takes or gives, or that one of these is a kind or a list of. */
  concept(name: string): Concept | undefined
  /** The key of a name that some capability speaks of. */
  key(kind: Kind, name: string): number | undefined
  /** The name of a key, with its kind. */
  named(key: number): { readonly kind: Kind; readonly name: string } | undefined
  giversOf(key: number | undefined): readonly Entry[]
  takersOf(key: number): readonly Entry[]
  /** Those that need nothing. */
  readonly needless: readonly Entry[]
}

/** What a name names. */
export type Kind = 'concept' | 'fact'

// A memo and no registry: an entry lives as long as the list that it was made from. Beside it those with further lists.
const catalogues = new WeakMap<readonly Capability[], Catalogue>()
const extended = new WeakMap<readonly Capability[], Map<string, Catalogue>>()
const mostExtended = 16

/** The catalogue for a problem: with loops over the lists that only the problem speaks of. */
export function catalogueFor({
  capabilities,
  given,
  wanted,
}: Pick<Problem, 'capabilities' | 'given' | 'wanted'>): Catalogue {
  const base = catalogueOf(capabilities)
  const lists = [...Object.values(given), ...wanted].filter(({ listOf, name }) => listOf && !base.concept(name))
  if (lists.length === 0) return base
  const known = extended.get(capabilities) ?? new Map<string, Catalogue>()
  extended.set(capabilities, known)
  const key = [...new Set(lists.map(({ name }) => name))].sort().join(' ')
  const made = known.get(key) ?? buildCatalogue(capabilities, lists)
  if (known.size >= mostExtended) known.clear()
  known.set(key, made)
  return made
}

/**
 * The catalogue of `capabilities`; made at the first call with this very array. An id that occurs twice counts once.
 */
export function catalogueOf(capabilities: readonly Capability[]): Catalogue {
  const known = catalogues.get(capabilities)
  if (known) return known
  const made = buildCatalogue(capabilities)
  catalogues.set(capabilities, made)
  return made
}

function buildCatalogue(capabilities: readonly Capability[], lists: readonly Concept[] = []): Catalogue {
  const numbers = { concept: new Map<string, number>(), fact: new Map<string, number>() }
  const names: { readonly kind: Kind; readonly name: string }[] = []
  const keyOf = (kind: Kind, name: string): number => {
    const known = numbers[kind].get(name) ?? names.push({ kind, name }) - 1
    numbers[kind].set(name, known)
    return known
  }
  const byId = new Map<string, Entry>()
  const sorted = capabilities
    .map(capability => ({ name: capability.name, version: capability.version, capability }))
    .sort((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : b.version - a.version))
  for (const { capability } of sorted) {
    const id = capabilityId(capability)
    if (!byId.has(id)) byId.set(id, makeEntry(id, capability, byId.size, keyOf))
  }
  const concepts = conceptsOf([...byId.values()], lists)
  for (const { id, capability, ...loop } of loopsOf([...byId.values()], concepts.values()))
    byId.set(id, { ...makeEntry(id, capability, byId.size, keyOf), ...loop })
  const givers: Entry[][] = names.map(() => [])
  const takers: Entry[][] = names.map(() => [])
  for (const entry of byId.values()) {
    for (const key of entry.gives) givers[key]?.push(entry)
    for (const key of entry.needs) takers[key]?.push(entry)
  }
  return {
    size: { entries: byId.size, keys: names.length },
    entry: id => byId.get(id),
    concept: name => concepts.get(name),
    key: (kind, name) => numbers[kind].get(name),
    named: key => names[key],
    giversOf: key => givers[key ?? -1] ?? [],
    takersOf: key => takers[key] ?? [],
    needless: [...byId.values()].filter(({ needs }) => needs.length === 0),
  }
}

function conceptsOf(entries: readonly Entry[], lists: readonly Concept[]): ReadonlyMap<string, Concept> {
  const concepts = new Map<string, Concept>()
  for (const { inputs, outputs } of entries) {
    for (const { of } of inputs) addConcept(concepts, of.kind === 'all' ? of.concept : of)
    for (const { of } of outputs) addConcept(concepts, of)
  }
  for (const list of lists) addConcept(concepts, list)
  return concepts
}

/** Adds `concept` and whatever it is a kind or a list of. */
export function addConcept(concepts: Map<string, Concept>, concept: Concept): void {
  if (concepts.has(concept.name)) return
  concepts.set(concept.name, concept)
  if (concept.isA) addConcept(concepts, concept.isA)
  if (concept.listOf) addConcept(concepts, concept.listOf)
}

function makeEntry(
  id: string,
  capability: Capability,
  rank: number,
  keyOf: (kind: Kind, name: string) => number,
): Entry {
  const { takes: ports, gives, requires: required, brings } = capability
  const takes = Object.values(ports).flatMap(port => (port.kind === 'concept' ? [port.name] : []))
  const requires = required
    .filter(({ about }) => about.every(port => ports[port]?.kind === 'concept'))
    .map(({ fact }) => fact)
  const told = required.flatMap(({ about }) => about.map(name => ports[name]))
  const given = Object.values(gives).flatMap(concept => ancestry(concept))
  const keys = (kind: Kind, all: readonly string[]) => all.map(name => keyOf(kind, name))
  const asks = [...new Set(keys('concept', takes))]
  return {
    id,
    requests: id,
    capability,
    rank,
    inputs: byName(ports, name => keyOf('concept', name)),
    outputs: byName(gives, name => keyOf('concept', name)),
    takes,
    asks,
    requires,
    needs: [...asks, ...new Set(keys('fact', requires))],
    tells: [...new Set(told.flatMap(port => (port?.kind === 'concept' ? [keyOf('concept', port.name)] : [])))],
    gives: [
      ...new Set([
        ...keys('concept', given),
        ...keys(
          'fact',
          brings.map(({ fact }) => fact),
        ),
      ]),
    ],
  }
}

function byName<Taken extends Port>(
  ports: Readonly<Record<string, Taken>>,
  keyOf: (concept: string) => number,
): readonly PortOf<Taken>[] {
  return Object.entries(ports)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([port, of]) => ({ port, of, key: keyOf(of.kind === 'all' ? of.concept.name : of.name) }))
}
