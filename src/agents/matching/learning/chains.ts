/** Chains: the best order of the likeliest capabilities, among those that follow known links. */
import { compareText } from '../../order.ts'

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

/** The fewest and the most capabilities that a chain has. */
export interface Lengths {
  readonly shortest: number
  readonly longest: number
}

interface Chain {
  readonly names: readonly string[]
  readonly last: string
  readonly score: number
}

const linkShare = 0.6
// A link as likely as this speaks neither for a chain nor against it.
const indifferent = 0.05
const leastLikely = 0.001
const widest = 8
const beam = 100

/** The links of a chain. */
export function linksOf(names: readonly string[]): readonly Link[] {
  return names.slice(1).map((to, at) => ({ from: names[at] ?? '', to }))
}

/** The chain with the best sum, by beam search; of equals the first by name. Only links that are `allowed` are followed. */
export function bestChain(
  likelihoods: Likelihoods,
  { shortest, longest }: Lengths,
  allowed: (from: string, to: string) => boolean,
): readonly string[] {
  const candidates = likelihoods.capabilities
    .toSorted((a, b) => b.likely - a.likely || compareText(a.name, b.name))
    .slice(0, widest)
    .map(({ name, likely }) => ({ name, worth: logOdds(likely) }))
  let chains: readonly Chain[] = candidates.map(({ name, worth }) => ({ names: [name], last: name, score: worth }))
  let best: Chain | undefined
  for (let length = 1; length <= longest && chains.length > 0; length++) {
    // One that is too short is better than none.
    const better = length <= shortest ? chains[0] : chains.find(chain => chain.score > (best?.score ?? 0))
    best = better ?? best
    chains = chains
      .flatMap(({ names, last, score }) =>
        candidates
          .filter(({ name }) => !names.includes(name) && allowed(last, name))
          .map(({ name, worth }) => ({
            names: [...names, name],
            last: name,
            score: score + worth + linkWorth(likelihoods.link(last, name)),
          })),
      )
      .sort((a, b) => b.score - a.score)
      .slice(0, beam)
  }
  return best?.names ?? []
}

function linkWorth(likely: number): number {
  return linkShare * Math.log((likely + leastLikely) / indifferent)
}

function logOdds(likely: number): number {
  const bounded = Math.min(1 - 1e-6, Math.max(1e-6, likely))
  return Math.log(bounded / (1 - bounded))
}
