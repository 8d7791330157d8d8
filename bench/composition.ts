/** Composition sets: services over a taxonomy of concepts, as a problem for the planner. */
import { readFile } from 'node:fs/promises'
import { promisify } from 'node:util'
import { gunzip } from 'node:zlib'
import { z } from 'zod'
import { type Capability, defineCapability } from '../src/agents/index.ts'
import { type Concept, concept, MusterError } from '../src/core/index.ts'
import type { Estimate, Problem } from '../src/planner/index.ts'

const indices = z.array(z.int().nonnegative())
const setSchema = z.object({
  /** The index of the parent of each concept; -1 for none. */
  conceptParent: z.array(z.int()),
  services: z.array(z.tuple([z.string(), indices, indices])),
  provided: indices,
  wanted: indices,
  /** Response time in milliseconds and throughput in calls a minute, service by service. */
  qos: z.array(z.tuple([z.number(), z.number()])).optional(),
})

/** Services over a taxonomy, and what is provided and wanted. */
export type CompositionSet = z.infer<typeof setSchema>

/** A set as a problem, and the name of the service behind each capability. */
export interface Composition {
  readonly problem: Problem
  readonly serviceOf: (capability: string) => string
}

/** Reads a set from a gzipped JSON file. Throws `bad-input` for anything else. */
export async function readComposition(file: string): Promise<Composition> {
  try {
    return toComposition(setSchema.parse(JSON.parse((await promisify(gunzip)(await readFile(file))).toString('utf8'))))
  } catch (cause) {
    throw new MusterError('bad-input', `\`${file}\` is no composition set`, {
      hint: 'give the path of a gzipped JSON file with `conceptParent`, `services`, `provided` and `wanted`',
      cause,
    })
  }
}

/** A set as a problem for the planner. */
export function toComposition({ conceptParent, services, provided, wanted, qos }: CompositionSet): Composition {
  const concepts = new Map<number, Concept>()
  const conceptAt = (index: number): Concept => {
    const parent = conceptParent[index] ?? -1
    const known = concepts.get(index) ?? concept(`C${index}`, z.unknown(), parent < 0 ? {} : { isA: conceptAt(parent) })
    concepts.set(index, known)
    return known
  }
  const ports = (of: readonly number[]) => Object.fromEntries(of.map(index => [`c${index}`, conceptAt(index)]))
  const names = new Map<string, string>()
  const estimates = new Map<string, Estimate>()
  const capabilities: Capability[] = []
  for (const [at, [service, takes, gives]] of services.entries()) {
    // A service that gives nothing is in no plan, and no capability.
    if (gives.length === 0) continue
    const [time, throughput] = qos?.[at] ?? [1, Infinity]
    capabilities.push(defineCapability({ name: `s${at}`, takes: ports(takes), gives: ports(gives), effect: 'pure' }))
    names.set(`s${at}@1`, service)
    estimates.set(`s${at}@1`, { price: 0, time, reliability: 1, throughput })
  }
  const unknown: Estimate = { price: 0, time: 0, reliability: 1 }
  return {
    problem: {
      capabilities,
      given: ports(provided),
      wanted: wanted.map(conceptAt),
      estimate: capability => estimates.get(capability) ?? unknown,
    },
    serviceOf: capability => names.get(capability) ?? capability,
  }
}
