/** The data that a port can take, while a plan is wired. */
import { type Concept, isKindOf } from '../core/index.ts'
import type { Source } from './plan.ts'

/** A datum of a plan. */
export interface Offer {
  readonly source: Source
  readonly concept: Concept
}

/** The data that there are so far, the earliest first. */
export interface Offers {
  add(offer: Offer): void
  /**
   * The source for a port that takes `concept`: what was given under the port's own name, or else the datum of the
   * closest kind, the earliest of several; undefined when there is none.
   */
  closest(concept: Concept, port?: string): Source | undefined
  list(): readonly Offer[]
}

/** No data yet. */
export function createOffers(): Offers {
  const offers: Offer[] = []
  const given = new Map<string, Offer>()
  const best = new Map<string, { readonly source: Source; readonly distance: number }>()
  return {
    add(offer) {
      offers.push(offer)
      if (offer.source.from === 'given') given.set(offer.source.name, offer)
      let distance = 0
      for (let at: Concept | undefined = offer.concept; at; at = at.isA) {
        const known = best.get(at.name)
        if (!known || distance < known.distance) best.set(at.name, { source: offer.source, distance })
        distance++
      }
    },
    closest(concept, port) {
      const named = port === undefined ? undefined : given.get(port)
      if (named && isKindOf(named.concept, concept)) return named.source
      return best.get(concept.name)?.source
    },
    list: () => offers,
  }
}
