/** A capability is a contract: what work takes and gives, what it needs, and what it does to the world. */
import { type Concept, MusterError, type Port, type Resources, type Sensitivity } from '../core/index.ts'

/** What work does to the world: nothing, looks at it, changes it, or changes it for good. */
export const effects = ['pure', 'reads', 'writes', 'acts'] as const
export type Effect = (typeof effects)[number]

/** What work needs in order to run. `inference` runs on a GPU device when there is one, `control` always on CPU. */
export interface Needs extends Resources {
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
> {
  readonly kind: 'capability'
  /** Dotted lower-case words, such as `refund.issue`. */
  readonly name: string
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
  const Takes extends Readonly<Record<string, Port>>,
  const Gives extends Readonly<Record<string, Concept>>,
>(definition: {
  name: string
  takes: Takes
  gives: Gives
  effect: Effect
  version?: number
  description?: string
  requires?: readonly FactPattern[]
  brings?: readonly FactPattern[]
  removes?: readonly FactPattern[]
  idempotent?: boolean
  needs?: Needs
  sees?: Sensitivity
  when?: string
}): Capability<Takes, Gives> {
  const { name, takes, gives, effect } = definition
  const refuse = (why: string, hint: string): never => {
    throw new MusterError('bad-config', `capability \`${name}\`: ${why}`, { hint })
  }
  if (!/^[a-z][a-z0-9-]*(\.[a-z][a-z0-9-]*)*$/.test(name))
    refuse('the name is malformed', 'use dotted lower-case words, such as `refund.issue`')
  if (Object.keys(gives).length === 0) refuse('it gives nothing', 'name at least one output, so that a plan can use it')
  const requires = definition.requires ?? []
  const brings = definition.brings ?? []
  const removes = definition.removes ?? []
  for (const { fact, about } of [...requires, ...removes, ...brings]) {
    const unknown = about.find(port => !(port in takes) && !(port in gives))
    if (unknown !== undefined)
      refuse(`fact \`${fact}\` is about \`${unknown}\`, which is no port of it`, `name one of its inputs or outputs`)
  }
  for (const { fact, about } of [...requires, ...removes]) {
    const output = about.find(port => !(port in takes))
    if (output !== undefined)
      refuse(
        `required fact \`${fact}\` is about the output \`${output}\``,
        'require and remove facts about inputs only',
      )
  }
  return {
    kind: 'capability',
    name,
    version: definition.version ?? 1,
    description: definition.description ?? name.replaceAll(/[.-]/g, ' '),
    takes,
    gives,
    requires,
    brings,
    removes,
    effect,
    idempotent: definition.idempotent ?? (effect === 'pure' || effect === 'reads'),
    needs: { cpu: 0.1, work: 'control', ...definition.needs },
    sees: definition.sees ?? 'restricted',
    when: definition.when,
  }
}

/** The name of a capability with its version, such as `refund.issue@1`: what plans speak of. */
export function capabilityId(capability: Pick<Capability, 'name' | 'version'>): string {
  return `${capability.name}@${capability.version}`
}
