/** The part of JSON Schema that the OpenAI API can enforce while the model writes ("strict" structured outputs). */
import { isRecord } from '../work.ts'

const enforced = new Set(['type', 'properties', 'required', 'additionalProperties', 'items', 'enum', 'const', 'anyOf'])
const ignored = new Set(['description', 'title'])

/**
 * `schema` with every object closed, when all of it can be enforced: only known keywords, every property required.
 * Undefined otherwise; the API refuses a strict schema that says more than it can keep.
 */
export function strictSchema(schema: Readonly<Record<string, unknown>>): Record<string, unknown> | undefined {
  if (!Object.keys(schema).every(key => enforced.has(key) || ignored.has(key))) return undefined
  const strict: Record<string, unknown> = { ...schema }
  if (schema['items'] !== undefined) {
    strict['items'] = isRecord(schema['items']) ? strictSchema(schema['items']) : undefined
    if (strict['items'] === undefined) return undefined
  }
  if (schema['anyOf'] !== undefined) {
    const arms = strictAll(schema['anyOf'])
    if (arms === undefined) return undefined
    strict['anyOf'] = arms
  }
  if (schema['type'] === 'object') {
    const { properties, required, additionalProperties = false } = schema
    if (!isRecord(properties) || additionalProperties !== false) return undefined
    const names = Object.keys(properties)
    if (!Array.isArray(required) || !names.every(name => required.includes(name))) return undefined
    const values = strictAll(Object.values(properties))
    if (values === undefined) return undefined
    strict['properties'] = Object.fromEntries(names.map((name, at) => [name, values[at]]))
    strict['additionalProperties'] = false
  }
  return strict
}

function strictAll(schemas: unknown): readonly Record<string, unknown>[] | undefined {
  if (!Array.isArray(schemas)) return undefined
  const strict = schemas.map(schema => (isRecord(schema) ? strictSchema(schema) : undefined))
  return strict.every(schema => schema !== undefined) ? strict : undefined
}
