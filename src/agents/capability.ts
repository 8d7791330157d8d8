/** A capability is a contract: what work takes and gives, what it needs, and what it does to the world. */
import { type Concept, MusterError, type Port, resourceKinds, type Resources, type Sensitivity } from '../core/index.ts'

/** What work does to the world: nothing, looks at it, changes it, or changes it for good. */
export const effects = ['pure', 'reads', 'writes', 'acts'] as const
export type Effect = (typeof effects)[number]

/** What work needs in order to run. `inference` runs on a GPU device when there is one, `control` always on CPU. */
interface Needs extends Resources {
  readonly work?: 'control' | 'inference'
}

/** A fact about the data at the named ports: `{ fact: 'verified', about: ['customer'] }`. */
export interface FactPattern {
  readonly fact: string
  readonly about: readonly string[]
}

/** A versioned contract of work. */
export interface Capability<
  Takes extends Readonly<Record<string, Port>> = Readonly<Record<string, Port>>,
  Gives extends Readonly<Record<string, Concept>> = Readonly<Record<string, Concept>>,
  Name extends string = string,
> {
  readonly kind: 'capability'
  /** Dotted lower-case words, such as `refund.issue`. */
  readonly name: Name
  readonly version: number
  readonly description: string
  readonly takes: Takes
  readonly gives: Gives
  /** Facts that must hold about inputs before it runs. */
  readonly requires: readonly FactPattern[]
  /** Facts that hold about inputs or outputs after it ran. */
  readonly brings: readonly FactPattern[]
  /** Facts about inputs that no longer hold after it ran. */
  readonly removes: readonly FactPattern[]
  readonly effect: Effect
  /** Whether a repeated call with the same idempotency key is known to act once. `pure` and `reads` always are. */
  readonly idempotent: boolean
  readonly needs: Needs
  /** The most sensitive data that it may see. */
  readonly sees: Sensitivity
  /** A condition over the inputs, in the Common Expression Language; when it is false the step is skipped. */
  readonly when: string | undefined
}

/** Declares a capability; types of inputs and outputs follow from the concepts. Throws `bad-config` on a malformed one. */
export function defineCapability<
  const Name extends string,
  const Takes extends Readonly<Record<string, Port>>,
  const Gives extends Readonly<Record<string, Concept>>,
>(definition: {
  name: Name
  takes: Takes
  gives: Gives
  effect: Effect
  /** A whole number from 1, the default. */
  version?: number
  description?: string
  requires?: readonly FactPattern[]
  brings?: readonly FactPattern[]
  removes?: readonly FactPattern[]
  /** Default: true for `pure` and `reads`, else false. */
  idempotent?: boolean
  /** Default: a tenth of a core, on CPU. */
  needs?: Needs
  /** Default: `restricted`, that is everything. */
  sees?: Sensitivity
  when?: string
}): Capability<Takes, Gives, Name> {
  const capability: Capability<Takes, Gives, Name> = {
    kind: 'capability',
    name: definition.name,
    version: definition.version ?? 1,
    description: definition.description ?? definition.name.replaceAll(/[.-]/g, ' '),
    takes: definition.takes,
    gives: definition.gives,
    requires: definition.requires ?? [],
    brings: definition.brings ?? [],
    removes: definition.removes ?? [],
    effect: definition.effect,
    idempotent: definition.idempotent ?? (definition.effect === 'pure' || definition.effect === 'reads'),
    needs: { cpu: 0.1, work: 'control', ...definition.needs },
    sees: definition.sees ?? 'restricted',
    when: definition.when,
  }
  checkShape(capability)
  checkFacts(capability)
  return capability
}

function refuse(capability: Capability, why: string, hint: string): never {
  throw new MusterError('bad-config', `capability \`${capability.name}\`: ${why}`, { hint })
}

function checkShape(capability: Capability): void {
  const { name, version, takes, gives, needs } = capability
  if (!/^[a-z][a-z0-9-]*(\.[a-z][a-z0-9-]*)*$/.test(name))
    refuse(capability, 'the name is malformed', 'use dotted lower-case words, such as `refund.issue`')
  if (!Number.isSafeInteger(version) || version < 1)
    refuse(capability, `the version \`${version}\` is malformed`, 'use a whole number from 1')
  if (Object.keys(gives).length === 0)
    refuse(capability, 'it gives nothing', 'name at least one output, so that a plan can use it')
  for (const port of [...Object.keys(takes), ...Object.keys(gives)]) {
    if (!/^[a-z][A-Za-z0-9]{0,79}$/.test(port))
      refuse(capability, `the port name \`${port}\` is malformed`, 'use lowerCamelCase, such as `refundPolicy`')
  }
  const short = resourceKinds.find(kind => !((needs[kind] ?? 0) >= 0))
  if (short !== undefined)
    refuse(capability, `it needs \`${needs[short]}\` of \`${short}\``, 'use zero or a positive amount')
}

function checkFacts(capability: Capability): void {
  const { takes, gives, requires, brings, removes } = capability
  for (const { fact, about } of brings) {
    const unknown = about.find(port => !Object.hasOwn(takes, port) && !Object.hasOwn(gives, port))
    if (unknown !== undefined)
      refuse(
        capability,
        `fact \`${fact}\` is about \`${unknown}\`, which is no port of it`,
        'name an input or an output',
      )
  }
  for (const { fact, about } of [...requires, ...removes]) {
    const unknown = about.find(port => !Object.hasOwn(takes, port))
    if (unknown !== undefined)
      refuse(
        capability,
        `fact \`${fact}\` is about \`${unknown}\`, which is no input of it`,
        'require and remove facts about inputs only',
      )
  }
}

/** The name of a capability with its version, such as `refund.issue@1`: what plans speak of. */
export function capabilityId(capability: Pick<Capability, 'name' | 'version'>): string {
  return `${capability.name}@${capability.version}`
}
