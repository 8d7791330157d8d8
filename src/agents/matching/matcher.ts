/**
 * The matcher: from a request in words to the capabilities that it may mean, best first.
 *
 * 1. Words decide (`lexical.ts`), the same way every time; an embedding, where there is one, adds what is meant but not said.
 * 2. What is found lifts its neighbours: those that it feeds, or that feed it.
 * 3. Ties fall to the smaller id; the order in which capabilities are given makes no difference.
 */
import { type Capability, capabilityId } from '../capability.ts'
import { compareText } from '../order.ts'
import { createFeedsGraph, type Feed } from './feeds.ts'
import { createLexicalReader, type LexicalReading, type Matchable, type SharedWord } from './lexical.ts'
import { topPlaces } from './top.ts'

/** Why a capability was found: a word of the request that it has, a neighbour that was found, or its meaning. */
export type Reason =
  | ({ readonly kind: 'word' } & SharedWord)
  | { readonly kind: 'neighbour'; readonly capability: string; readonly concept: string; readonly worth: number }
  | { readonly kind: 'meaning'; readonly worth: number }

/** A capability that a request may mean. */
export interface Match<C extends Matchable = Capability> {
  readonly capability: C
  /** Above 0; near 1 when the request says in words what the capability says of itself. Good for order, not a probability. */
  readonly score: number
  /** At most eight words, the weightiest first, then what else spoke for it. */
  readonly because: readonly Reason[]
}

/** Finds capabilities by words. */
export interface Matcher<C extends Matchable = Capability> {
  /** The capabilities that `request` may mean, best first, at most `limit` (default 10). Nothing in common: not listed. */
  match(request: string, options?: { readonly limit?: number }): readonly Match<C>[]
}

const defaultLimit = 10
const neighbourShare = 0.1
// So many of the best lift their neighbours.
const leaders = 32
const mostWords = 8

/** Indexes capabilities, ten thousand in about two seconds. Of two with one id the later counts. */
export function createMatcher<C extends Matchable>(capabilities: readonly C[]): Matcher<C> {
  const catalogue = inOrder(capabilities)
  const read = createLexicalReader(catalogue)
  const rank = createRanking(catalogue)
  return {
    match: (request, { limit = defaultLimit } = {}) => rank(read(request), undefined, limit),
  }
}

/** Capabilities by id, each once. */
export function inOrder<C extends Matchable>(capabilities: readonly C[]): readonly C[] {
  const byId = new Map(capabilities.map(capability => [capabilityId(capability), capability]))
  return [...byId].sort(([a], [b]) => compareText(a, b)).map(([, capability]) => capability)
}

/** Puts together what words, meaning and neighbours say of capabilities in order of id. */
export function createRanking<C extends Matchable>(catalogue: readonly C[]) {
  const neighboursOf = createFeedsGraph(catalogue)
  return (reading: LexicalReading, meaning: Float64Array | undefined, limit: number): readonly Match<C>[] => {
    const own = meaning === undefined ? reading.scores : reading.scores.map((score, at) => score + (meaning[at] ?? 0))
    const lifts = strongestLifts(own, neighboursOf)
    const scores = own.map((score, at) => score + (lifts.get(at)?.worth ?? 0))
    return topPlaces(scores, limit).flatMap(at => {
      const capability = catalogue[at]
      if (capability === undefined) return []
      const words = reading.sharedWords(at).slice(0, mostWords)
      const because: Reason[] = words.map(word => ({ kind: 'word', ...word }))
      const lift = lifts.get(at)
      const by = lift && catalogue[lift.by]
      if (lift && by)
        because.push({ kind: 'neighbour', capability: capabilityId(by), concept: lift.concept, worth: lift.worth })
      const meant = meaning?.[at] ?? 0
      if (meant > 0) because.push({ kind: 'meaning', worth: meant })
      return [{ capability, score: scores[at] ?? 0, because }]
    })
  }
}

interface Lift {
  readonly by: number
  readonly concept: string
  readonly worth: number
}

/** For every neighbour of a leader, what its strongest one gives it. */
function strongestLifts(
  scores: Float64Array,
  neighboursOf: (capability: number) => readonly Feed[],
): ReadonlyMap<number, Lift> {
  const lifts = new Map<number, Lift>()
  for (const by of topPlaces(scores, leaders))
    for (const { neighbour, concept, strength } of neighboursOf(by)) {
      const worth = neighbourShare * strength * (scores[by] ?? 0)
      if (worth > (lifts.get(neighbour)?.worth ?? 0)) lifts.set(neighbour, { by, concept, worth })
    }
  return lifts
}
