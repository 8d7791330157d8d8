/**
 * The part of the capabilities that is worth showing to whoever drafts a plan: what can run and leads to what is wanted, what
 * the objective speaks of, and what lists could take, each with what its inputs need. Bounded, and the same whatever their
 * order.
 */
import { type Capability, capabilityId, type Matcher } from '../../agents/index.ts'
import { type Catalogue, catalogueOf, type Entry } from '../catalogue.ts'
import type { Plan } from '../plan.ts'
import type { Problem } from '../problem.ts'
import { findRelevance } from '../relevance.ts'
import { createSupport } from './support.ts'

/** The most capabilities that are shown. */
const mostShown = 40
/** The most that are shown only because the objective speaks of them, or only because a list could take what they give. */
const mostBeside = 10
/** How far down the matches are looked through. */
const deepestMatch = 200

/** What the part is chosen by. */
export interface Choosing {
  readonly objective: string
  readonly matcher: Matcher
  /** What composition would do. */
  readonly composed: Plan | undefined
  /** The capability that drafts: it is not shown. */
  readonly drafter: Capability
}

/**
 * The matching part, in the order of names. First comes what the composed plan uses, then what is relevant and matches, then
 * what only matches, then what lists of the relevant could take, then the rest of the relevant. What does not fit together
 * with all that it needs is left out.
 */
export function matchingPart(problem: Problem, chosen: Choosing): readonly Capability[] {
  const { objective, matcher, composed, drafter } = chosen
  const catalogue = catalogueOf(problem.capabilities)
  const { useful } = findRelevance(problem)
  const support = createSupport(problem)
  const relevant = new Set(useful)
  const matched = matcher
    .match(objective, { limit: deepestMatch })
    .flatMap(({ capability }) => catalogue.entry(capabilityId(capability)) ?? [])
    .filter(entry => support.canRun(entry))
  const inOrder = [
    ...(composed?.steps ?? []).flatMap(({ capability }) => catalogue.entry(capability) ?? []),
    ...matched.filter(entry => relevant.has(entry)),
    ...matched.filter(entry => !relevant.has(entry)).slice(0, mostBeside),
    ...collectable(catalogue, useful)
      .filter(entry => support.canRun(entry))
      .slice(0, mostBeside),
    ...useful,
  ]
  const shown = new Set<Entry>()
  for (const entry of inOrder) {
    if (shown.size >= mostShown) break
    if (entry.id === capabilityId(drafter)) continue
    const more = support.of(entry, shown)
    if (shown.size + more.size <= mostShown) for (const one of more) shown.add(one)
  }
  return [...shown].sort((a, b) => a.rank - b.rank).map(({ capability }) => capability)
}

/** What gives data for the lists that `entries` take, without changing the world. */
function collectable(catalogue: Catalogue, entries: readonly Entry[]): readonly Entry[] {
  const taken = entries.flatMap(({ capability }) =>
    Object.values(capability.takes).flatMap(port => (port.kind === 'all' ? [port.concept.name] : [])),
  )
  const givers = [...new Set(taken)].flatMap(name => catalogue.giversOf(catalogue.key('concept', name)))
  return givers.filter(({ capability: { effect } }) => effect === 'pure' || effect === 'reads')
}
