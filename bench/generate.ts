/**
 * Composition sets like those of the Web Service Challenge 2008: services over a taxonomy, in layers, each taking what
 * earlier ones give, most of them of no use to the goal. Made from a seed, always the same.
 */

import type { CompositionSet } from './composition.ts'

/** What a set is made of. */
export interface Recipe {
  readonly services: number
  /** Of these, how many can run and may lead to the goal. */
  readonly able: number
  readonly layers: number
  readonly seed: number
}

// As in the public sets: what a service takes and gives at least and at most, and how many services give a concept: many
// are given by one alone, a few by dozens.
const fewest = 2
const most = 5
const givers = 2.2
const skew = 2.5

/** Makes the set of `recipe`. */
export function generateSet({ services, able, layers, seed }: Recipe): CompositionSet {
  const below = randomFrom(seed)
  const between = (low: number, high: number) => low + below(high - low + 1)
  const conceptParent: number[] = [-1]
  for (let at = 1; at < Math.max(200, services); at++) conceptParent.push(below(Math.min(at, 1 + Math.floor(at / 3))))
  const pick = (pool: readonly number[]) => pool[Math.floor(pool.length * (below(2 ** 20) / 2 ** 20) ** skew)] ?? 0
  const some = (pool: readonly number[], of = pick) => [
    ...new Set(Array.from({ length: between(fewest, most) }, () => of(pool))),
  ]
  const evenly = (pool: readonly number[]) => pool[below(pool.length)] ?? 0
  const freshPool = (size: number) =>
    Array.from({ length: size }, () => between(conceptParent.length >> 1, conceptParent.length - 1))
  // Every concept of a layer is given by about so many services of it.
  const wide = Math.max(3, Math.round((able / layers) * ((fewest + most) / 2 / givers)))
  const provided = freshPool(4)
  const pools = [provided]
  const made: [string, number[], number[]][] = []
  for (let layer = 1; layer <= layers; layer++) {
    const pool = freshPool(wide)
    const before = pools.slice(-3).flat()
    const given = new Set<number>()
    for (let count = Math.floor(able / layers); count > 0; count--) {
      const gives = some(pool)
      made.push(['', some(below(2) === 0 ? (pools.at(-1) ?? []) : before, evenly), gives])
      for (const concept of gives) given.add(concept)
    }
    pools.push([...given])
  }
  const anything = conceptParent.map((_, concept) => concept).slice(1)
  while (made.length < services) made.push(['', some(anything, evenly), some(anything, evenly)])
  const shuffled = made.map(service => ({ service, at: below(2 ** 30) })).sort((a, b) => a.at - b.at)
  const last = pools.at(-1) ?? []
  return {
    conceptParent,
    services: shuffled.map(({ service: [, takes, gives] }, at) => [`generated${at}`, takes, gives]),
    provided: [...new Set(provided)],
    wanted: [...new Set([evenly(last), evenly(last), evenly(last)])],
  }
}

/** Whole numbers below a bound, from a seed (Steele, Lea & Flood, 2014: SplitMix, in 32 bits). */
function randomFrom(seed: number): (bound: number) => number {
  let state = seed | 0
  return bound => {
    state = (state + 0x9e3779b9) | 0
    let mixed = Math.imul(state ^ (state >>> 16), 0x21f0aaad)
    mixed = Math.imul(mixed ^ (mixed >>> 15), 0x735a2d97)
    return ((mixed ^ (mixed >>> 15)) >>> 0) % bound
  }
}
