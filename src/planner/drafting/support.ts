/** What must run before a capability can: looked at from afar, facts by their names alone, as relevance does. */
import { ancestry } from '../../core/index.ts'
import { catalogueOf, type Entry } from '../catalogue.ts'
import type { Problem } from '../problem.ts'
import { findRelevance, reachForward } from '../relevance.ts'
import { standingData } from '../standing.ts'

/** The wanted concepts that no plan can deliver, whoever makes it. */
export function outOfReach(problem: Problem): readonly string[] {
  const { concepts } = findRelevance(problem).had()
  return problem.wanted.flatMap(({ name }) => (concepts.has(name) ? [] : [name]))
}

/** Which capabilities can run from what is given, and by which others. */
export interface Support {
  canRun(entry: Entry): boolean
  /** `entry`, which can run, and what it needs that `among` does not give. */
  of(entry: Entry, among: ReadonlySet<Entry>): ReadonlySet<Entry>
}

/** Looks once through everything that can run. */
export function createSupport(problem: Problem): Support {
  const catalogue = catalogueOf(problem.capabilities)
  const concepts = new Set(standingData(problem).flatMap(({ concept }) => ancestry(concept)))
  const standing = [
    ...[...concepts].flatMap(name => catalogue.key('concept', name) ?? []),
    ...(problem.facts ?? []).flatMap(({ fact }) => catalogue.key('fact', fact) ?? []),
  ]
  const { runnable } = reachForward(catalogue, standing, new Uint8Array(catalogue.size.entries).fill(1))
  const able = new Set(runnable)
  const held = new Set(standing)
  // Who comes first needs only what comes before it, so that no support goes round in circles.
  const first = new Map<number, Entry>()
  for (const entry of runnable) for (const key of entry.gives) if (!first.has(key)) first.set(key, entry)
  return {
    canRun: entry => able.has(entry),
    of(entry, among) {
      const had = new Set([...held, ...[...among].flatMap(({ gives }) => gives)])
      const more = new Set<Entry>()
      const queue = [entry]
      for (let one = queue.pop(); one; one = queue.pop()) {
        if (among.has(one) || more.has(one)) continue
        more.add(one)
        for (const key of one.needs) {
          const giver = had.has(key) ? undefined : first.get(key)
          if (giver) queue.push(giver)
        }
      }
      return more
    },
  }
}
