/** Concepts: the named types of data by which plans are wired. */
import { MusterError } from './error.ts'
import type { Schema } from './schema.ts'

/** How closely data must be kept, loosest first. */
export const sensitivities = ['public', 'internal', 'confidential', 'restricted'] as const
export type Sensitivity = (typeof sensitivities)[number]

/** A named type of data. `isA` makes it a kind of another concept: wherever that one is taken, this one will do. */
export interface Concept<Name extends string = string, Value = unknown> {
  readonly kind: 'concept'
  readonly name: Name
  readonly schema: Schema<Value>
  readonly isA: Concept | undefined
  /** What the items are, when data of it are lists of data of one concept. */
  readonly listOf: Concept | undefined
  readonly sensitivity: Sensitivity
  readonly description: string | undefined
}

/** An input that takes everything given or wanted that is of `concept` or a kind of it, as a list (perhaps empty). */
export interface All<C extends Concept = Concept> {
  readonly kind: 'all'
  readonly concept: C
}

/** What an input of a capability may be. */
export type Port = Concept | All

/** The value that a port carries. */
export type PortValue<P> =
  P extends Concept<string, infer Value> ? Value : P extends All<infer C> ? PortValue<C>[] : never

/** The values of a record of ports, by name. */
export type PortValues<Ports extends Readonly<Record<string, Port>>> = { [K in keyof Ports]: PortValue<Ports[K]> }

/**
 * Declares a concept. `name` is UpperCamelCase and unique in one Muster; data of it is checked against `schema`;
 * `isA` names the more general concept, `listOf` what the items of a list are; `sensitivity` labels its data (by default
 * that of the general concept or of the items, else `internal`).
 * Throws `bad-config` when the name is malformed.
 */
export function concept<const Name extends string, Value>(
  name: Name,
  schema: Schema<Value>,
  options: { isA?: Concept; listOf?: Concept; sensitivity?: Sensitivity; description?: string } = {},
): Concept<Name, Value> {
  if (!/^[A-Z][A-Za-z0-9]{0,79}$/.test(name)) {
    throw new MusterError('bad-config', `\`${name}\` is not a concept name`, {
      hint: 'use UpperCamelCase, such as `RefundPolicy`',
    })
  }
  const listOf = options.listOf ?? options.isA?.listOf
  return {
    kind: 'concept',
    name,
    schema,
    isA: options.isA,
    listOf,
    sensitivity: options.sensitivity ?? options.isA?.sensitivity ?? listOf?.sensitivity ?? 'internal',
    description: options.description,
  }
}

/** An input that collects: every given or wanted datum that is a `concept`, as a list. It waits for all of them, and goes on without those that will not come. */
export function all<C extends Concept>(concept: C): All<C> {
  return { kind: 'all', concept }
}

/** The names of `concept` and of everything it is a kind of, most special first. */
export function ancestry(concept: Concept): readonly string[] {
  const names: string[] = []
  for (let at: Concept | undefined = concept; at; at = at.isA) names.push(at.name)
  return names
}

/** Whether data of `given` will do where `wanted` is asked for. */
export function isKindOf(given: Concept, wanted: Concept): boolean {
  for (let at: Concept | undefined = given; at; at = at.isA) if (at.name === wanted.name) return true
  return false
}
