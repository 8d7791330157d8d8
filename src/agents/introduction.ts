/** What every agent says of itself, whatever does its work. */
import { duration, microUsd, MusterError } from '../core/index.ts'
import type { Agent } from './agent.ts'
import type { Offer } from './bid.ts'
import type { Capability } from './capability.ts'

/** Who an agent is and what it offers. */
export interface Introduction {
  /** Lower-case words joined by hyphens, unique in one Muster. */
  readonly id: string
  readonly offers: readonly Capability[]
  /** Who owns it; default `home`, the operator of this Muster. */
  readonly domain?: string
  readonly description?: string
}

/** The terms that an agent offers for every role alike. */
export interface StandingTerms {
  /** Default: nothing. */
  readonly price?: { readonly usd: number }
  /** How long it expects to take, such as `40ms`. */
  readonly time?: string
  /** 0 to 1: how sure it is that its result will serve. */
  readonly confidence?: number
}

/** The part that all kinds of agent share, checked. Throws `bad-config` when the id or the offers are malformed. */
export function introduce(introduction: Introduction): Pick<Agent, 'id' | 'domain' | 'description' | 'offers'> {
  const { id, offers, domain = 'home' } = introduction
  if (!/^[a-z][a-z0-9-]{0,79}$/.test(id)) {
    throw new MusterError('bad-config', `\`${id}\` is not an agent id`, {
      hint: 'use lower-case words joined by hyphens, such as `refund-desk`',
    })
  }
  if (offers.length === 0) {
    throw new MusterError('bad-config', `agent \`${id}\` offers nothing`, { hint: 'name at least one capability' })
  }
  const names = offers.map(capability => capability.name)
  const twice = names.find((name, at) => names.indexOf(name) !== at)
  if (twice !== undefined) {
    throw new MusterError('bad-config', `agent \`${id}\` offers \`${twice}\` twice`, {
      hint: 'let a second agent offer the other version',
    })
  }
  return { id, domain, description: introduction.description ?? `offers ${names.join(', ')}`, offers }
}

/** The bid of an agent that offers the same terms for every role. Throws `bad-config` when the terms are malformed. */
export function standingBid(id: string, terms: StandingTerms & { time: string; confidence: number }): () => Offer {
  const { price, time, confidence } = terms
  const refuse = (cause: unknown) =>
    new MusterError('bad-config', `agent \`${id}\` has malformed terms`, {
      hint: 'give a price in dollars, a time such as `40ms` and a confidence from 0 to 1',
      cause,
    })
  try {
    duration(time)
    microUsd(price?.usd ?? 0)
  } catch (thrown) {
    throw refuse(thrown)
  }
  if (!(confidence >= 0 && confidence <= 1)) throw refuse(undefined)
  const offer: Offer = { ...(price === undefined ? {} : { price }), time, confidence }
  return () => offer
}
