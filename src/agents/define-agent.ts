/** Agents whose work is done by functions of this process. */
import { MusterError } from '../core/index.ts'
import type { Agent, BidContext, Performers, WorkContext } from './agent.ts'
import type { Offer } from './bid.ts'
import type { Capability } from './capability.ts'
import { introduce, standingBid } from './introduction.ts'

/**
 * Declares an agent that works by functions: one for every capability it offers, by name; inputs and outputs are typed
 * by the capabilities. Without `bid` it asks no price, expects 50 ms and is sure to 0.9. `id` is lower-case words joined
 * by hyphens; `domain` is who owns it (default `home`). Throws `bad-config` on a malformed definition.
 */
export function defineAgent<const Offers extends readonly Capability[]>(definition: {
  id: string
  offers: Offers
  perform: Performers<Offers>
  bid?: (context: BidContext, signal: AbortSignal) => Offer | Promise<Offer>
  domain?: string
  description?: string
}): Agent {
  const { id } = definition
  const performers = new Map<string, unknown>(Object.entries(definition.perform))
  const performerOf = (capability: string) => {
    const performer = performers.get(capability)
    if (isPerformer(performer)) return performer
    throw new MusterError('bad-config', `agent \`${id}\` has no function for \`${capability}\``, {
      hint: `add it to \`perform\``,
    })
  }
  for (const { name } of definition.offers) performerOf(name)
  return {
    ...introduce(definition),
    kind: 'function',
    models: [],
    bid: definition.bid ?? standingBid(id, { time: '50ms', confidence: 0.9 }),
    perform: async (capability, input, context) => performerOf(capability)(input, context),
  }
}

type Performer = (input: Readonly<Record<string, unknown>>, context: WorkContext) => unknown

// The types of `Performers` have made sure of the arguments, and the funnel checks them against the same schemas.
function isPerformer(value: unknown): value is Performer {
  return typeof value === 'function'
}
