/**
 * Shapes: what of a concept's JSON a policy can see, in Cedar's words.
 * A value that a shape cannot hold is left out of the schema as well as of the request, so a policy that reads it is
 * refused when it is loaded, and never answers from a gap.
 */
import { jsonSchema, MusterError, type Port } from '../core/index.ts'

/** The type of an attribute, as Cedar's JSON schemas write it. */
export type Shape =
  | { readonly type: 'String' | 'Long' | 'Boolean' }
  | { readonly type: 'Extension'; readonly name: 'decimal' }
  | { readonly type: 'Set'; readonly element: Shape }
  | RecordShape

/** A record; an attribute that is not `required` may be absent. */
export interface RecordShape {
  readonly type: 'Record'
  readonly attributes: Readonly<Record<string, Shape & { readonly required: boolean }>>
}

/** A value as Cedar reads it. */
export type CedarValue =
  | string
  | number
  | boolean
  | { readonly __extn: { readonly fn: 'decimal'; readonly arg: string } }
  | CedarValue[]
  | { [name: string]: CedarValue }

/** The record of `ports` by name. Ports whose schema gives no shape are left out. */
export function shapeOfPorts(ports: Readonly<Record<string, Port>>): RecordShape {
  return recordOf(
    Object.entries(ports).map(([name, port]) => {
      if (port.kind === 'all') return [name, setOf(shapeOfJson(readSchema(port.concept))), true]
      const { schema, nullable } = withoutNull(readSchema(port))
      return [name, shapeOfJson(schema), !nullable]
    }),
  )
}

/** A record of named shapes; those that are undefined, or whose name Cedar keeps for itself, are left out. */
export function recordOf(entries: readonly (readonly [string, Shape | undefined, boolean])[]): RecordShape {
  const attributes: Record<string, Shape & { readonly required: boolean }> = {}
  for (const [name, shape, required] of entries) {
    // In Cedar's JSON `__entity` and `__extn` are no attributes but typed values.
    if (shape !== undefined && !name.startsWith('__')) attributes[name] = { ...shape, required }
  }
  return { type: 'Record', attributes }
}

function setOf(element: Shape | undefined): Shape | undefined {
  return element && { type: 'Set', element }
}

function readSchema(concept: Extract<Port, { kind: 'concept' }>): unknown {
  try {
    return jsonSchema(concept.schema)
  } catch {
    // A schema that JSON Schema cannot express, such as a date, has no shape either.
    return undefined
  }
}

function shapeOfJson(schema: unknown): Shape | undefined {
  if (!isRecord(schema)) return undefined
  switch (schema.type) {
    case 'string':
      return { type: 'String' }
    case 'integer':
      return { type: 'Long' }
    case 'number':
      return { type: 'Extension', name: 'decimal' }
    case 'boolean':
      return { type: 'Boolean' }
    case 'array':
      return setOf(shapeOfJson(schema.items))
    case 'object': {
      if (!isRecord(schema.properties)) return undefined
      const required: readonly unknown[] = Array.isArray(schema.required) ? schema.required : []
      return recordOf(
        Object.entries(schema.properties).map(([name, property]) => {
          const { schema, nullable } = withoutNull(property)
          return [name, shapeOfJson(schema), required.includes(name) && !nullable]
        }),
      )
    }
    default:
      return undefined
  }
}

// Cedar has no null: what may be null is an attribute that may be absent.
function withoutNull(schema: unknown): { readonly schema: unknown; readonly nullable: boolean } {
  if (!isRecord(schema)) return { schema, nullable: false }
  if (Array.isArray(schema.type)) {
    const types = schema.type.filter(type => type !== 'null')
    if (types.length === 1)
      return { schema: { ...schema, type: types[0] }, nullable: types.length < schema.type.length }
  }
  if (Array.isArray(schema.anyOf)) {
    const choices = schema.anyOf.filter(choice => !isRecord(choice) || choice.type !== 'null')
    if (choices.length === 1) return { schema: choices[0], nullable: choices.length < schema.anyOf.length }
  }
  return { schema, nullable: false }
}

/**
 * One shape for two versions of the thing called `at`: what only one of them has is optional. Throws `bad-config` where
 * they differ in type: leaving that out would silence every policy that tests for it.
 */
export function sharedShape(a: RecordShape, b: RecordShape, at: string): RecordShape {
  const names = new Set([...Object.keys(a.attributes), ...Object.keys(b.attributes)])
  return recordOf(
    [...names].map(name => {
      const [left, right] = [a.attributes[name], b.attributes[name]]
      if (left === undefined || right === undefined) return [name, left ?? right, false]
      return [name, sharedType(left, right, `${at}.${name}`), left.required && right.required]
    }),
  )
}

function sharedType(a: Shape, b: Shape, at: string): Shape {
  if (a.type === 'Record' && b.type === 'Record') return sharedShape(a, b, at)
  if (a.type === 'Set' && b.type === 'Set') return { type: 'Set', element: sharedType(a.element, b.element, at) }
  if (a.type === b.type) return a
  throw new MusterError('bad-config', `versions of \`${at}\` differ in type: ${a.type} and ${b.type}`, {
    hint: 'give the capability with the new type a new name, so that policies can tell them apart',
  })
}

/** The part of `value` that `shape` shows. Throws `bad-input` naming the place `at` where it does not fit. */
function project(shape: Shape, value: unknown, at: string): CedarValue {
  switch (shape.type) {
    case 'String':
      if (typeof value === 'string') return value
      break
    case 'Long':
      if (typeof value === 'number' && Number.isSafeInteger(value)) return value
      break
    case 'Boolean':
      if (typeof value === 'boolean') return value
      break
    case 'Extension':
      if (typeof value === 'number' && Number.isFinite(value)) return decimal(value)
      break
    case 'Set':
      if (Array.isArray(value)) return value.map((item, index) => project(shape.element, item, `${at}[${index}]`))
      break
    case 'Record':
      if (isRecord(value)) return projectRecord(shape, value, at)
      break
  }
  throw new MusterError('bad-input', `\`${at}\` is no ${shape.type === 'Extension' ? shape.name : shape.type}`)
}

/** The attributes of `value` that `shape` shows. Throws as `project` does; without `at` places are named from here. */
export function projectRecord(
  shape: RecordShape,
  value: Readonly<Record<string, unknown>>,
  at?: string,
): Record<string, CedarValue> {
  const shown: [string, CedarValue][] = []
  for (const [name, attribute] of Object.entries(shape.attributes)) {
    const place = at === undefined ? name : `${at}.${name}`
    const part = Object.hasOwn(value, name) ? value[name] : undefined
    if (part !== undefined && part !== null) shown.push([name, project(attribute, part, place)])
    else if (attribute.required) throw new MusterError('bad-input', `\`${place}\` is missing`)
  }
  return Object.fromEntries(shown)
}

const widest = 922_337_203_685_477

// Rounded and bounded instead of left out: a limit must not stop to apply because of a fifth digit.
function decimal(value: number): CedarValue {
  return { __extn: { fn: 'decimal', arg: Math.min(widest, Math.max(-widest, value)).toFixed(4) } }
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
