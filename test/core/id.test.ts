import canonicalize from 'canonicalize'
import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { canonicalJson, digestOf } from '../../src/core/index.ts'

const anyKey = fc.oneof(fc.constantFrom('a', 'aa', 'b', '10', '9', '_x', '__proto__', 'é', '😀', 'ﬁ', ''), fc.string())
const anyLeaf = fc.oneof(
  fc.string(),
  fc.double({ noDefaultInfinity: true, noNaN: true }),
  fc.boolean(),
  fc.constant(null),
)
const { value: anyValue } = fc.letrec<{ value: unknown }>(tie => ({
  value: fc.oneof(
    { depthSize: 'small' },
    anyLeaf,
    fc.array(tie('value'), { maxLength: 4 }),
    fc.dictionary(anyKey, tie('value'), { maxKeys: 5 }),
  ),
}))

/** `value` with the keys of every object in the opposite order. */
function reversed(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(reversed)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(
    Object.entries(value)
      .map(([key, item]) => [key, reversed(item)] as const)
      .toReversed(),
  )
}

describe('canonical JSON', () => {
  test('is what RFC 8785 says, in whatever order the keys stand', () => {
    fc.assert(
      fc.property(anyValue, value => {
        expect(canonicalJson(value)).toBe(canonicalize(value))
        expect(canonicalJson(reversed(value))).toBe(canonicalize(value))
      }),
      { numRuns: 1_000 },
    )
  })

  test('leaves out what JSON cannot say, and asks a value that can speak for itself', () => {
    const value = { b: undefined, a: [undefined, 1], when: new Date(0), set: { toJSON: () => ({ z: 1, y: 2 }) } }
    expect(canonicalJson(value)).toBe('{"a":[null,1],"set":{"y":2,"z":1},"when":"1970-01-01T00:00:00.000Z"}')
  })

  test.each([{ half: '\ud800' }, { '\udc00': 1 }, { n: Number.NaN }, { n: Infinity }])('refuses %o', value => {
    expect(() => canonicalJson(value)).toThrow(/not allowed/)
  })

  test('refuses what goes round in a circle', () => {
    const circle: { next?: unknown } = {}
    circle.next = [circle]
    expect(() => digestOf(circle)).toThrow(/[Cc]ircular/)
  })

  test('takes what is very deep', () => {
    const deep = `${'['.repeat(5_000)}${']'.repeat(5_000)}`
    expect(canonicalJson(JSON.parse(deep))).toBe(deep)
  })
})
