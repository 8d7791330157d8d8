/** Ports as JSON Schema: how a capability looks to a language model. */
import { type Concept, jsonSchema, MusterError, type Port } from '../../core/index.ts'

/** The schema of an object with exactly these ports. Throws `bad-config` when a concept has none. */
export function portsSchema(ports: Readonly<Record<string, Port>>): Record<string, unknown> {
  const properties = Object.entries(ports).map(([name, port]): [string, unknown] => {
    const at = `#/properties/${name}`
    if (port.kind === 'concept') return [name, conceptSchema(port, at)]
    return [name, { type: 'array', items: conceptSchema(port.concept, `${at}/items`) }]
  })
  return {
    type: 'object',
    properties: Object.fromEntries(properties),
    required: Object.keys(ports),
    additionalProperties: false,
  }
}

function conceptSchema(concept: Concept, at: string): unknown {
  const schema = schemaOf(concept)
  if (schema === undefined) {
    throw new MusterError('bad-config', `concept \`${concept.name}\` has no JSON Schema to show to a language model`, {
      hint: 'describe it with a schema of zod that holds nothing but JSON',
    })
  }
  const { $schema: _, ...rest } = schema
  const described = concept.description === undefined ? rest : { description: concept.description, ...rest }
  return rebase(described, at)
}

function schemaOf(concept: Concept): Record<string, unknown> | undefined {
  try {
    return jsonSchema(concept.schema)
  } catch {
    return undefined
  }
}

// A recursive schema refers to its own root (`#`), which is no longer the root of the document.
function rebase(node: unknown, at: string): unknown {
  if (Array.isArray(node)) return node.map(item => rebase(item, at))
  if (typeof node !== 'object' || node === null) return node
  return Object.fromEntries(
    Object.entries(node).map(([key, value]) => {
      if (key === '$ref' && typeof value === 'string' && value.startsWith('#')) return [key, `${at}${value.slice(1)}`]
      return [key, rebase(value, at)]
    }),
  )
}
