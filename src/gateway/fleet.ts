/** Who there is and what they offer, and the machines. */
import { z } from 'zod'
import {
  type Capability,
  capabilityId,
  createMatcher,
  type Matcher,
  type Registry,
  type Task,
} from '../agents/index.ts'
import type { Port } from '../core/index.ts'
import { pageOf, pageQuery } from './page.ts'
import { defineRead, nothing, type Route } from './route.ts'

/** Most capabilities that a search in words gives. */
const mostFound = 200

const capabilitiesQuery = pageQuery.extend({
  /** What is wanted, in words: those that may serve it, best first. */
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
    const found = input.q.trim() === '' ? muster.registry.capabilities : findCapabilities(muster.registry, input.q)
    const { page, next } = pageOf(found, capabilityId, input)
    return c.json({ capabilities: page.map(one => capabilityView(one, muster.registry)), next })
  }),
  defineRead(
    '/v1/tasks',
    'tasks that can be performed, and the methods for each',
    pageQuery,
    ({ c, muster, input }) => {
      const { page, next } = pageOf(muster.registry.tasks, ({ name }) => name, input)
      return c.json({ tasks: page.map(one => taskView(one, muster.registry)), next })
    },
  ),
  defineRead('/v1/nodes', 'nodes with their devices, room and load', nothing, ({ c, muster }) =>
    c.json({ nodes: muster.nodes() }),
  ),
]

// The index is made at the first search and serves as long as the registry does.
const matchers = new WeakMap<Registry, Matcher>()

function findCapabilities(registry: Registry, words: string): readonly Capability[] {
  const matcher = matchers.get(registry) ?? createMatcher(registry.capabilities)
  matchers.set(registry, matcher)
  return matcher.match(words, { limit: mostFound }).map(({ capability }) => capability)
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

function taskView({ name, description, takes, gives, requires }: Task, { methods }: Registry) {
  const named = (concepts: Task['takes']) =>
    Object.fromEntries(Object.entries(concepts).map(([port, concept]) => [port, { concept: concept.name }]))
  const own = methods.filter(({ of }) => of.name === name)
  return {
    name,
    description,
    takes: named(takes),
    gives: named(gives),
    requires,
    methods: own.map(method => ({
      name: method.name,
      description: method.description,
      when: method.when,
      requires: method.requires,
      steps: method.steps.map(({ name: step, do: what, after }) => ({
        name: step,
        ...(what.kind === 'task' ? { task: what.name } : { capability: capabilityId(what) }),
        after,
      })),
    })),
  }
}

function nameOf(port: Port): string {
  return port.kind === 'all' ? port.concept.name : port.name
}
