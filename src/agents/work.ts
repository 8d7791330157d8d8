/** The border of all work: what goes into an agent and what comes out is exactly what its capability says. */
import { check, type Concept, type ErrorCode, MusterError, type Port } from '../core/index.ts'
import type { Capability } from './capability.ts'

/** The most bytes of JSON that one datum may take. */
const largestDatum = 1024 * 1024

/**
 * The inputs by port, parsed by the schemas of their concepts. Throws `bad-input` naming every port and issue, and
 * `too-large` when a datum takes more than 1 MiB of JSON.
 */
export function checkInput(capability: Capability, values: unknown): Promise<Readonly<Record<string, unknown>>> {
  return checkPorts({ capability: capability.name, side: 'input', code: 'bad-input', ports: capability.takes }, values)
}

/** The outputs by port, parsed likewise. Throws `bad-output` or `too-large`. */
export function checkOutput(capability: Capability, values: unknown): Promise<Readonly<Record<string, unknown>>> {
  return checkPorts(
    { capability: capability.name, side: 'output', code: 'bad-output', ports: capability.gives },
    values,
  )
}

interface Border {
  readonly capability: string
  readonly side: 'input' | 'output'
  readonly code: ErrorCode
  readonly ports: Readonly<Record<string, Port>>
}

async function checkPorts(border: Border, values: unknown): Promise<Readonly<Record<string, unknown>>> {
  const { side, ports } = border
  if (!isRecord(values)) throw refusal(border, [`the ${side} is not an object with its ports as keys`])
  const parsed: [string, unknown][] = []
  const issues: string[] = []
  for (const name of Object.keys(values))
    if (!Object.hasOwn(ports, name)) issues.push(`\`${name.slice(0, 80)}\`: there is no such ${side}`)
  for (const [name, port] of Object.entries(ports)) {
    if (!Object.hasOwn(values, name) || values[name] === undefined) {
      issues.push(`\`${name}\`: it is missing`)
      continue
    }
    const result = await checkPort(border, name, port, values[name])
    if ('issues' in result) issues.push(...result.issues.map(issue => `\`${name}\`: ${issue}`))
    else parsed.push([name, result.value])
  }
  if (issues.length > 0) throw refusal(border, issues)
  return Object.fromEntries(parsed)
}

type Checked = { readonly value: unknown } | { readonly issues: readonly string[] }

async function checkPort(border: Border, name: string, port: Port, value: unknown): Promise<Checked> {
  if (port.kind === 'concept') return checkDatum(border, name, port, value)
  if (!Array.isArray(value)) return { issues: [`it is not a list of \`${port.concept.name}\``] }
  const items: unknown[] = []
  for (const [at, item] of value.entries()) {
    const result = await checkDatum(border, name, port.concept, item)
    if ('issues' in result) return { issues: result.issues.map(issue => `${at}: ${issue}`) }
    items.push(result.value)
  }
  return { value: items }
}

// The size comes first: a schema should not have to chew on what is refused anyway.
async function checkDatum(border: Border, name: string, concept: Concept, value: unknown): Promise<Checked> {
  const size = jsonSize(value)
  if (size === undefined) return { issues: ['it is not JSON'] }
  if (size > largestDatum) {
    throw new MusterError('too-large', `${border.side} \`${name}\` of \`${border.capability}\` takes ${size} bytes`, {
      hint: `a datum may take ${largestDatum} bytes of JSON: keep the bulk elsewhere and pass its name`,
    })
  }
  // Whoever takes the general concept may rely on all that it promises.
  if (concept.isA !== undefined) {
    const general = await checkDatum(border, name, concept.isA, value)
    if ('issues' in general) return { issues: general.issues.map(issue => `as a \`${concept.isA?.name}\`: ${issue}`) }
  }
  return check(concept.schema, value)
}

function jsonSize(value: unknown): number | undefined {
  try {
    const text: string | undefined = JSON.stringify(value)
    return text === undefined ? undefined : Buffer.byteLength(text)
  } catch {
    return undefined
  }
}

function refusal({ capability, side, code }: Border, issues: readonly string[]): MusterError {
  return new MusterError(code, `the ${side} of \`${capability}\` is not valid: ${issues.join('; ')}`, {
    hint: 'give every port a value of its concept, and nothing else',
  })
}

/** Whether `value` is an object with keys. */
export function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
