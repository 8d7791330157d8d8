/** The registry: a frozen index of who there is and what they offer. Made once; a change makes a new one. */
import { type Concept, digestOf, MusterError, type Port } from '../core/index.ts'
import type { Agent } from './agent.ts'
import { type Capability, capabilityId } from './capability.ts'
import type { Method } from './method.ts'
import { compareText } from './order.ts'
import type { Task } from './task.ts'
import { indexTasks } from './task-index.ts'

/** Everything that a plan may be made of, and who can do it. */
export interface Registry {
  /** In order of id. */
  readonly agents: readonly Agent[]
  /** Each once, in order of name and version; always the same array, so that an index over it stays good. */
  readonly capabilities: readonly Capability[]
  /** In order of name. */
  readonly tasks: readonly Task[]
  /** As they were given; always the same array. */
  readonly methods: readonly Method[]
  /** Every concept that a capability takes or gives or that was named beside them, and what these are kinds or lists of, in order of name. */
  readonly concepts: readonly Concept[]
  agent(id: string): Agent | undefined
  /** By `name@version`. */
  capability(id: string): Capability | undefined
  task(name: string): Task | undefined
  concept(name: string): Concept | undefined
  /** The agents that offer a capability, by `name@version`, in order of id. */
  offering(capability: string): readonly Agent[]
}

/**
 * Indexes agents, concepts that none of them need speak of, and the ways to do tasks with what they offer. Throws
 * `bad-config` when two agents have one id, when two capabilities of one name and version differ in their contract, when
 * two concepts of one name are not the same concept, or when methods do not fit together.
 */
export function createRegistry(
  agents: readonly Agent[],
  { concepts: further = [], methods = [] }: { concepts?: readonly Concept[]; methods?: readonly Method[] } = {},
): Registry {
  const byId = new Map<string, Agent>()
  const capabilities = new Map<string, Capability>()
  const concepts = new Map<string, Concept>()
  const offering = new Map<string, readonly Agent[]>()
  for (const agent of agents.toSorted((a, b) => compareText(a.id, b.id))) {
    if (byId.has(agent.id)) {
      throw new MusterError('bad-config', `two agents have the id \`${agent.id}\``, { hint: 'rename one of them' })
    }
    byId.set(agent.id, agent)
    for (const offered of agent.offers) {
      const id = capabilityId(offered)
      const known = capabilities.get(id)
      if (known === undefined) capabilities.set(id, offered)
      else requireSameContract(known, offered)
      for (const port of [...Object.values(offered.takes), ...Object.values(offered.gives)])
        addConcept(concepts, conceptOf(port))
      offering.set(id, [...(offering.get(id) ?? []), agent])
    }
  }
  for (const concept of further) addConcept(concepts, concept)
  const index = indexTasks(methods)
  for (const { steps } of methods) {
    for (const { do: what } of steps) {
      const known = what.kind === 'capability' ? capabilities.get(capabilityId(what)) : undefined
      if (known && what.kind === 'capability') requireSameContract(known, what)
    }
  }
  for (const concept of index.concepts)
    for (let at: Concept | undefined = concept; at; at = at.isA) addConcept(concepts, at)
  const tasks = new Map(index.tasks.map(task => [task.name, task]))
  return Object.freeze({
    agents: Object.freeze([...byId.values()]),
    capabilities: Object.freeze(
      [...capabilities.values()].sort((a, b) => compareText(a.name, b.name) || a.version - b.version),
    ),
    tasks: Object.freeze([...index.tasks]),
    methods: Object.freeze([...methods]),
    concepts: Object.freeze([...concepts.values()].sort((a, b) => compareText(a.name, b.name))),
    agent: (id: string) => byId.get(id),
    capability: (id: string) => capabilities.get(id),
    task: (name: string) => tasks.get(name),
    concept: (name: string) => concepts.get(name),
    offering: (capability: string) => offering.get(capability) ?? [],
  })
}

function conceptOf(port: Port): Concept {
  return port.kind === 'all' ? port.concept : port
}

function addConcept(concepts: Map<string, Concept>, concept: Concept): void {
  const known = concepts.get(concept.name)
  if (known === undefined) concepts.set(concept.name, concept)
  const same =
    known === undefined ||
    (known.schema === concept.schema &&
      known.isA?.name === concept.isA?.name &&
      known.listOf?.name === concept.listOf?.name &&
      known.sensitivity === concept.sensitivity)
  for (const behind of [concept.isA, concept.listOf]) if (behind) addConcept(concepts, behind)
  if (same) return
  throw new MusterError('bad-config', `two different concepts have the name \`${concept.name}\``, {
    hint: 'declare it once and import it where it is used, or rename one of them',
  })
}

// Descriptions may differ: they bind nobody.
function contractOf(capability: Capability): Readonly<Record<string, unknown>> {
  const portNames = (ports: Readonly<Record<string, Port>>) =>
    Object.fromEntries(Object.entries(ports).map(([name, port]) => [name, `${port.kind} ${conceptOf(port).name}`]))
  const { requires, brings, removes, effect, idempotent, needs, sees, when = null } = capability
  const [takes, gives] = [portNames(capability.takes), portNames(capability.gives)]
  return { takes, gives, requires, brings, removes, effect, idempotent, needs, sees, when }
}

function requireSameContract(known: Capability, other: Capability): void {
  if (known === other) return
  const contract = contractOf(known)
  const differing = Object.entries(contractOf(other)).filter(
    ([key, value]) => digestOf(value) !== digestOf(contract[key]),
  )
  if (differing.length === 0) return
  const fields = differing.map(([key]) => `\`${key}\``).join(', ')
  throw new MusterError('bad-config', `two capabilities \`${capabilityId(known)}\` differ in ${fields}`, {
    hint: 'declare it once and import it where it is used, or give one a new version',
  })
}
