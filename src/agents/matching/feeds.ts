/**
 * Who feeds whom: what is given by one capability and taken by another makes them neighbours. Work that a request speaks of
 * makes the work beside it more likely: who asks to book a flight needs one to be found.
 */
import { ancestry, type Port } from '../../core/index.ts'
import type { Capability } from '../capability.ts'
import { keyed } from './keyed.ts'

/** A neighbour, by its place, and the concept that passes between the two. */
export interface Feed {
  readonly neighbour: number
  readonly concept: string
  /** From 0 to 1: the fewer give and take the concept, the more it says. */
  readonly strength: number
}

/** The neighbours of a capability, by its place. */
export type FeedsGraph = (capability: number) => readonly Feed[]

// A concept that more give or take joins everything to everything, and says nothing.
const mostEnds = 32

/** The graph over capabilities in the order given. */
export function createFeedsGraph(capabilities: readonly Pick<Capability, 'takes' | 'gives'>[]): FeedsGraph {
  const givers = new Map<string, Set<number>>()
  const takers = new Map<string, Set<number>>()
  for (const [at, { takes, gives }] of capabilities.entries()) {
    for (const given of Object.values(gives))
      for (const name of ancestry(given)) keyed(givers, name, () => new Set()).add(at)
    for (const port of Object.values(takes)) keyed(takers, takenName(port), () => new Set()).add(at)
  }
  const neighbours = capabilities.map((): Feed[] => [])
  for (const [concept, giving] of givers) {
    const taking = takers.get(concept)
    if (taking === undefined || giving.size > mostEnds || taking.size > mostEnds) continue
    const strength = 1 / Math.sqrt(giving.size * taking.size)
    for (const from of giving)
      for (const to of taking) {
        if (from === to) continue
        neighbours[from]?.push({ neighbour: to, concept, strength })
        neighbours[to]?.push({ neighbour: from, concept, strength })
      }
  }
  return capability => neighbours[capability] ?? []
}

function takenName(port: Port): string {
  return port.kind === 'all' ? port.concept.name : port.name
}
