/** Chains: the best order of the likeliest capabilities, among those that follow known links. */
import { compareText } from '../../order.ts'
import { keyed } from '../keyed.ts'

/** One capability's output goes into the next. */
export interface Link {
  readonly from: string
  readonly to: string
}

/** What is known of a request: how likely it needs a capability, and one right after another; both from 0 to 1. */
export interface Likelihoods {
  readonly capabilities: readonly { readonly name: string; readonly likely: number }[]
  link(from: string, to: string): number
}

/** How chains usually are. */
export interface Habits {
  readonly shortest: number
  readonly longest: number
  /** How much more often `a` comes somewhere before `b` than after it: a logarithm, 0 when nothing is known. */
  precedes(a: string, b: string): number
  /** How often it is the first of a chain that it is in: a logarithm. */
  begins(name: string): number
}

interface Chain {
  readonly names: readonly string[]
  readonly score: number
}

const linkShare = 0.3
const orderShare = 0.1
// A link as likely as this neither speaks for a chain nor against it.
const indifferent = 0.05
const leastLikely = 0.001
// One capability too many costs less than one that is missing.
const eagerness = 0.3
const widest = 8
const beam = 100

/** The links of a chain. */
export function linksOf(names: readonly string[]): readonly Link[] {
  return names.slice(1).map((to, at) => ({ from: names[at] ?? '', to }))
}

/** What the chains of examples have in common. */
export function habitsOf(chains: readonly (readonly string[])[]): Habits {
  const all = new Map<string, number>()
  const first = new Map<string, number>()
  const before = new Map<string, Map<string, number>>()
  for (const names of chains) {
    for (const [at, name] of names.entries()) {
      count(all, name)
      if (at === 0) count(first, name)
      for (const later of names.slice(at + 1))
        count(
          keyed(before, name, () => new Map()),
          later,
        )
    }
  }
  const times = (a: string, b: string) => before.get(a)?.get(b) ?? 0
  const lengths = chains.map(names => names.length)
  return {
    shortest: lengths.reduce((a, b) => Math.min(a, b), Number.POSITIVE_INFINITY),
    longest: lengths.reduce((a, b) => Math.max(a, b), 0),
    precedes: (a, b) => Math.log((times(a, b) + 0.5) / (times(b, a) + 0.5)),
    begins: name => Math.log(((first.get(name) ?? 0) + 0.5) / ((all.get(name) ?? 0) + 1)),
  }
}

/** The chain with the best sum, by beam search; of equals the first by name. Only links that are `allowed` are followed. */
export function bestChain(
  likelihoods: Likelihoods,
  habits: Habits,
  allowed: (from: string, to: string) => boolean,
): readonly string[] {
  const candidates = likelihoods.capabilities
    .toSorted((a, b) => b.likely - a.likely || compareText(a.name, b.name))
    .slice(0, widest)
    .map(({ name, likely }) => ({ name, worth: logOdds(likely) + eagerness }))
  let chains: readonly Chain[] = candidates.map(({ name, worth }) => ({
    names: [name],
    score: worth + orderShare * habits.begins(name),
  }))
  let best: Chain | undefined
  let longest: Chain | undefined
  for (let length = 1; length <= habits.longest && chains.length > 0; length++) {
    longest = chains[0]
    if (length >= habits.shortest)
      for (const chain of chains) if (best === undefined || chain.score > best.score) best = chain
    chains = chains
      .flatMap(({ names, score }) =>
        candidates
          .filter(({ name }) => !names.includes(name) && allowed(names.at(-1) ?? '', name))
          .map(({ name, worth }) => ({
            names: [...names, name],
            score:
              score + worth + linkWorth(likelihoods.link(names.at(-1) ?? '', name)) + orderWorth(names, name, habits),
          })),
      )
      .sort((a, b) => b.score - a.score)
      .slice(0, beam)
  }
  return (best ?? longest)?.names ?? []
}

function linkWorth(likely: number): number {
  return linkShare * Math.log((likely + leastLikely) / indifferent)
}

function orderWorth(names: readonly string[], next: string, habits: Habits): number {
  return orderShare * names.reduce((sum, name) => sum + habits.precedes(name, next), 0)
}

function logOdds(likely: number): number {
  const bounded = Math.min(1 - 1e-6, Math.max(1e-6, likely))
  return Math.log(bounded / (1 - bounded))
}

function count(counts: Map<string, number>, key: string): void {
  counts.set(key, (counts.get(key) ?? 0) + 1)
}
