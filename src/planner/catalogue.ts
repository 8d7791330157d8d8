/**
 * Capabilities found by what they give and bring about. Built once a list, so that planning touches only what a goal
 * needs.
 */
import { type Capability, capabilityId } from '../agents/index.ts'
import { ancestry } from '../core/index.ts'

/** A capability under its id. `rank` decides ties: by name, the newest version first. */
export interface Entry {
  readonly id: string
  readonly capability: Capability
  readonly rank: number
}

/** A list of capabilities, indexed. Every list of entries is in the order of their ranks. */
export interface Catalogue {
  entry(id: string): Entry | undefined
  /** Those that give the concept of this name, or a kind of it. */
  giversOf(concept: string): readonly Entry[]
  /** Those that bring the fact about, whatever it is about. */
  bringersOf(fact: string): readonly Entry[]
}

// A memo and no registry: an entry lives as long as the list that it was made from.
const catalogues = new WeakMap<readonly Capability[], Catalogue>()

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

function buildCatalogue(capabilities: readonly Capability[]): Catalogue {
  const byId = new Map<string, Entry>()
  const givers = new Map<string, Entry[]>()
  const bringers = new Map<string, Entry[]>()
  const sorted = capabilities
    .map(capability => ({ name: capability.name, version: capability.version, capability }))
    .sort((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : b.version - a.version))
  for (const { capability } of sorted) {
    const id = capabilityId(capability)
    if (byId.has(id)) continue
    const entry = { id, capability, rank: byId.size }
    byId.set(id, entry)
    const concepts = new Set(Object.values(capability.gives).flatMap(concept => ancestry(concept)))
    for (const concept of concepts) file(givers, concept, entry)
    for (const fact of new Set(capability.brings.map(brought => brought.fact))) file(bringers, fact, entry)
  }
  return {
    entry: id => byId.get(id),
    giversOf: concept => givers.get(concept) ?? [],
    bringersOf: fact => bringers.get(fact) ?? [],
  }
}

function file(index: Map<string, Entry[]>, key: string, entry: Entry): void {
  const filed = index.get(key)
  if (filed) filed.push(entry)
  else index.set(key, [entry])
}
