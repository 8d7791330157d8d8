/** Who there is and what they offer, and the machines. */
import { z } from 'zod'
import { type Capability, capabilityId, type Registry } from '../agents/index.ts'
import type { Port } from '../core/index.ts'
import { pageOf, pageQuery } from './page.ts'
import { defineRead, nothing, type Route } from './route.ts'

const capabilitiesQuery = pageQuery.extend({
  /** Words that its name, its description or its concepts contain. */
  q: z.string().max(200).default(''),
})

export const fleetRoutes: readonly Route[] = [
  defineRead('/v1/agents', 'agents and what they offer', pageQuery, ({ c, muster, input }) => {
    const { page, next } = pageOf(muster.registry.agents, ({ id }) => id, input)
    const agents = page.map(({ id, kind, domain, description, offers, models }) => ({
      id,
      kind,
      domain,
      description,
      offers: offers.map(capabilityId),
      models: models.map(({ name }) => name),
    }))
    return c.json({ agents, next })
  }),
  defineRead('/v1/capabilities', 'capabilities that can be planned with', capabilitiesQuery, ({ c, muster, input }) => {
    const words = input.q.toLowerCase().split(/\s+/).filter(Boolean)
    const found = muster.registry.capabilities.filter(one => words.every(word => wordsOf(one).includes(word)))
    const { page, next } = pageOf(found, capabilityId, input)
    return c.json({ capabilities: page.map(one => capabilityView(one, muster.registry)), next })
  }),
  defineRead('/v1/nodes', 'nodes with their devices, room and load', nothing, ({ c, muster }) =>
    c.json({ nodes: muster.nodes() }),
  ),
]

function wordsOf({ name, description, takes, gives }: Capability): string {
  const concepts = [...Object.values(takes), ...Object.values(gives)].map(nameOf)
  return [name, description, ...concepts].join(' ').toLowerCase()
}

function capabilityView(capability: Capability, registry: Registry) {
  const { name, version, description, takes, gives, requires, brings, removes } = capability
  const { effect, idempotent, needs, sees, when } = capability
  const id = capabilityId(capability)
  return {
    id,
    name,
    version,
    description,
    takes: Object.fromEntries(
      Object.entries(takes).map(([port, taken]) => [port, { concept: nameOf(taken), all: taken.kind === 'all' }]),
    ),
    gives: Object.fromEntries(Object.entries(gives).map(([port, given]) => [port, { concept: given.name }])),
    requires,
    brings,
    removes,
    effect,
    idempotent,
    needs,
    sees,
    when,
    offeredBy: registry.offering(id).map(agent => agent.id),
  }
}

function nameOf(port: Port): string {
  return port.kind === 'all' ? port.concept.name : port.name
}
