/**
 * Names of things. An id is a prefix that says what it names, and 80 random bits behind 48 bits of time, so that ids
 * sort by age. A digest names content: equal content, equal digest.
 */
import { createHash } from 'node:crypto'
import canonicalize from 'canonicalize'
import { MusterError } from './error.ts'

type Brand<Name extends string> = string & { readonly __brand: Name }

export type RunId = Brand<'RunId'>
export type ApprovalId = Brand<'ApprovalId'>
export type Digest = Brand<'Digest'>

/** Where new ids come from. Passed in, so that a simulation can repeat them. */
export interface Ids {
  /** A new id `prefix-xxxxxxxxxxxxxxxxxxxxxxxxxx` (26 characters of Crockford base 32, sortable by time). */
  next(prefix: string): string
}

const alphabet = '0123456789abcdefghjkmnpqrstvwxyz'

/** Ids made of `now()` (milliseconds) and `random(bytes)`; pass a seeded source to repeat them. */
export function createIds(now: () => number, random: (bytes: number) => Uint8Array): Ids {
  return {
    next(prefix) {
      let time = now()
      let head = ''
      for (let i = 0; i < 10; i++) {
        head = `${alphabet[time % 32]}${head}`
        time = Math.floor(time / 32)
      }
      let tail = ''
      for (const byte of random(16)) tail += alphabet[byte % 32]
      return `${prefix}-${head}${tail}`
    },
  }
}

/** `text` as the id of a run; throws `bad-input` when it does not look like one. */
export function runId(text: string): RunId {
  if (!/^run-[0-9a-z]{26}$/.test(text)) {
    throw new MusterError('bad-input', `\`${text.slice(0, 60)}\` is not a run id`, {
      hint: 'list runs with `muster runs`',
    })
  }
  return text as RunId
}

/** The canonical JSON text of `value` (RFC 8785). Throws `bad-input` for what JSON cannot hold. */
export function canonicalJson(value: unknown): string {
  const sorted = sortKeys(value, mostDepth)
  const quick = sorted === undefined ? loneSurrogate : JSON.stringify(sorted)
  if (!quick.includes(loneSurrogate)) return quick
  const text = canonicalize(value)
  if (text === undefined) throw new MusterError('bad-input', 'the value is not JSON')
  return text
}

// Data that is deeper, perhaps without end, is left to the library.
const mostDepth = 64
// How half a character would be written; it has no canonical form.
const loneSurrogate = '\\ud'
const [zero, nine, underscore] = [0x30, 0x39, 0x5f]

/**
 * Plain `value` with the keys of its objects in canonical order, copied only where they are not: written at once it is
 * canonical, several times as fast as piece by piece. Undefined for anything else, and for keys that begin with
 * a digit (numbers would be written first) or with `_` (an object may be born with such a one).
 */
function sortKeys(value: unknown, depth: number): unknown {
  if (typeof value === 'string' || typeof value === 'boolean' || value === null) return value
  if (typeof value === 'number') return Number.isFinite(value) ? value : undefined
  if (typeof value !== 'object' || depth === 0) return undefined
  if (Array.isArray(value)) return sortWithin(value, depth)
  if (!isPlain(value)) return undefined
  let last = ''
  let before = -1
  let inOrder = true
  let changed: Record<string, unknown> | undefined
  for (const key of Object.keys(value)) {
    const first = key.charCodeAt(0)
    if (first === underscore || (first >= zero && first <= nine)) return undefined
    const item = value[key]
    const sorted = sortKeys(item, depth - 1)
    if (sorted === undefined) return undefined
    if (sorted !== item) (changed ??= { ...value })[key] = sorted
    inOrder &&= before < first || (before === first && last < key)
    last = key
    before = first
  }
  const whole = changed ?? value
  return inOrder ? whole : Object.fromEntries(Object.entries(whole).sort(([a], [b]) => (a < b ? -1 : 1)))
}

function sortWithin(items: readonly unknown[], depth: number): readonly unknown[] | undefined {
  let changed: unknown[] | undefined
  for (let at = 0; at < items.length; at++) {
    const item = items[at]
    const sorted = sortKeys(item, depth - 1)
    if (sorted === undefined) return undefined
    if (sorted !== item) (changed ??= [...items])[at] = sorted
  }
  return changed ?? items
}

function isPlain(value: object): value is Readonly<Record<string, unknown>> {
  const prototype: unknown = Object.getPrototypeOf(value)
  return (prototype === Object.prototype || prototype === null) && !('toJSON' in value)
}

/** SHA-256 over bytes or text, as `sha256:<hex>`. */
export function digestBytes(bytes: Uint8Array | string): Digest {
  return `sha256:${createHash('sha256').update(bytes).digest('hex')}` as Digest
}

/** The digest of a JSON value: SHA-256 of its canonical text, so that the order of keys does not matter. */
export function digestOf(value: unknown): Digest {
  return digestBytes(canonicalJson(value))
}
