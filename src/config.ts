/** What one Muster is made of. Everything has a default but its agents and its policies. */
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { z } from 'zod'
import type { Agent, Method } from './agents/index.ts'
import { type Concept, duration, MusterError, type Principal, type Resources } from './core/index.ts'
import type { Interpreter } from './intent/index.ts'
import type { DrafterSettings } from './planner/index.ts'
import { loadPolicies, type PolicyFile } from './policy/index.ts'

/** A folder of `.cedar` files, or policies by file name. */
export type Policies = string | URL | readonly PolicyFile[]

/** Somebody who may declare goals or decide approvals. */
export interface Person {
  readonly id: string
  /** Default: a person. */
  readonly kind?: 'person' | 'service' | 'agent'
  readonly roles?: readonly string[]
  /** Default: `home`. */
  readonly tenant?: string
  /** The bearer token by which HTTP and WebSocket know them, at least 16 characters; without one they cannot come in there. */
  readonly token?: string
}

/** The configuration of a Muster. */
export interface MusterConfig {
  readonly agents: readonly Agent[]
  /** Ways to do tasks; of those whose condition is decided in a run, the first that holds is taken. */
  readonly methods?: readonly Method[]
  /** Concepts that goals may speak of though no capability takes or gives them, such as lists of what some take one by one. */
  readonly concepts?: readonly Concept[]
  /** The operator's policies. Nothing is permitted that none of them permits. */
  readonly policies: Policies
  /** Policies of the other owners of agents, by domain: they can only narrow. */
  readonly domains?: Readonly<Record<string, Policies>>
  /** How texts become goals; without it only typed goals are taken. */
  readonly interpreter?: Interpreter
  /** Who drafts plans, such as `{ drafter: 'plan.draft' }`; what is drafted is verified and repaired. Default: plans are composed. */
  readonly planner?: DrafterSettings
  readonly people?: readonly Person[]
  /** What relative paths start from. Default: the working directory. */
  readonly root?: string
  /** The folder of the embedded store. Default: `.muster`. */
  readonly data?: string
  /** `full` (default): on disk before anything is told or done. `normal`: a power cut may lose the last moments, a killed process nothing. */
  readonly durability?: 'full' | 'normal'
  /** What the local node lends. Default: all that the machine has. */
  readonly lend?: Resources
  /** Most runs at once, 1 to 10,000. Default: 64. */
  readonly concurrency?: number
  /**
   * How long a run stays with a process that has gone silent before another takes it up, such as `5s` (default). A process
   * that lives renews its leases three times in that.
   */
  readonly lease?: string
  /** Set up and put away with the Muster, such as a server that agents need. */
  readonly attached?: readonly (Disposable | AsyncDisposable)[]
}

/** Whoever holds the Muster itself: its code, or its command line. */
export const operator: Principal = { id: 'operator', kind: 'person', roles: ['operator'], tenant: 'home' }

// Milliseconds. Below that a busy process would lose what it holds again and again.
const shortestLease = 100

const allDiffer = (names: readonly string[]) => new Set(names).size === names.length

const limitsSchema = z.object({
  durability: z.enum(['full', 'normal']).optional(),
  concurrency: z.int().min(1).max(10_000).optional(),
  planner: z.object({ drafter: z.string().min(1), rounds: z.int().min(1).max(5).optional() }).optional(),
  lease: z
    .string()
    .regex(/^\d+(\.\d+)?(ms|s|m|h)$/, { abort: true })
    .refine(lease => duration(lease) >= shortestLease, `a lease has at least ${shortestLease} ms`)
    .optional(),
  people: z
    .array(
      z.object({
        id: z.string().min(1).max(200),
        kind: z.enum(['person', 'service', 'agent']).optional(),
        roles: z.array(z.string().min(1)).optional(),
        tenant: z.string().min(1).optional(),
        token: z.string().min(16).optional(),
      }),
    )
    .refine(
      people => allDiffer([operator.id, ...people.map(({ id }) => id)]),
      'two have one id, or that of the operator',
    )
    .refine(people => allDiffer(people.flatMap(({ token }) => token ?? [])), 'two people have one token')
    .optional(),
})

/** Checks a configuration. Throws `bad-config` naming what is wrong; paths are looked at when it is used. */
export function defineConfig(config: MusterConfig): MusterConfig {
  const result = limitsSchema.safeParse(config)
  if (result.success) return config
  // Values stay out of the message: a token may be among them.
  const issues = result.error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`)
  throw new MusterError('bad-config', `the configuration is not valid: ${issues.join('; ')}`, {
    hint: 'correct the named fields',
  })
}

/** The people of a configuration as Muster knows them, and the operator. */
export function peopleOf({ people = [] }: Pick<MusterConfig, 'people'>): readonly Principal[] {
  return [
    ...people.map(({ id, kind = 'person', roles = [], tenant = 'home' }) => ({ id, kind, roles, tenant })),
    operator,
  ]
}

/** `file` from the configuration's root. */
export function fromRoot({ root = process.cwd() }: Pick<MusterConfig, 'root'>, file: string): string {
  return path.resolve(root, file)
}

/** The policies of every scope, read. Throws `bad-config`. */
export async function readPolicies(
  config: MusterConfig,
): Promise<readonly { scope: string; policies: readonly PolicyFile[] }[]> {
  const read = async (policies: Policies) => {
    if (policies instanceof URL) return loadPolicies(fileURLToPath(policies))
    return typeof policies === 'string' ? loadPolicies(fromRoot(config, policies)) : policies
  }
  const scopes = [{ scope: 'home', policies: await read(config.policies) }]
  for (const [scope, policies] of Object.entries(config.domains ?? {}))
    scopes.push({ scope, policies: await read(policies) })
  return scopes
}
