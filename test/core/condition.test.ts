import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { compileCondition, MusterError } from '../../src/core/index.ts'

const holds = (text: string, variables: Record<string, unknown> = {}) => compileCondition(text).holds(variables)

function attempt(act: () => unknown): unknown {
  try {
    return act()
  } catch (error) {
    return error
  }
}

function refusal(act: () => unknown): MusterError {
  const outcome = attempt(act)
  if (outcome instanceof MusterError) return outcome
  throw new Error(`not refused: ${String(outcome)}`)
}

describe('a condition', () => {
  const claim = { amount: 12, rate: 1.5, tags: ['late', 'paid'], lines: [{ price: 3 }, { price: 9 }], note: null }

  test.each([
    ['claim.amount > 0', true],
    ['claim.amount == 12 && claim.amount != 13.0', true],
    ['claim.amount + 1 == 13', true],
    ['claim.amount - 0.5 > 11', true],
    ['2 * claim.amount >= 24', true],
    ['claim.amount * claim.rate == 18', true],
    ['claim.amount / 5 == 2.4', true],
    ['claim.amount % 5 == 2', true],
    ['-claim.amount < 0', true],
    ['claim.amount in [11, 12]', true],
    ['"late" in claim.tags', true],
    ['claim.lines[0].price == 3', true],
    ['claim.lines.all(line, line.price > 3)', false],
    ['claim.lines.exists(line, line.price > 3)', true],
    ['size(claim.lines.filter(line, line.price > 3)) == 1', true],
    ['has(claim.refund) && claim.refund > 3', false],
    ['claim.note == null', true],
    ['claim.tags.all(t, claim.lines.exists(l, l.price > size(t)))', true],
  ])('%s is %s of a claim of JSON', (text, expected) => {
    expect(holds(text, { claim })).toBe(expected)
  })

  test('names the variables it speaks of, not those it binds itself nor the words of the language', () => {
    const { names } = compileCondition('order.lines.all(line, line.price < limit) && type(order) == map && limit > 0')
    expect(names).toEqual(['limit', 'order'])
  })

  test.each([
    ['claim.amount >', /unexpected token/],
    ['1 == "one"', /no such overload/],
    ['nonsense(claim)', /nonsense/],
    ['1 + 1', /gives a `int`/],
    ['"yes"', /gives a `string`/],
    ['x'.repeat(2001), /too long/],
    [`${'('.repeat(60)}true${')'.repeat(60)}`, /depth/i],
    ['claim.text.matches("(a+)+$")', /`matches`/],
    ['[claim.tags].map(t, t + t)[0] == claim.tags', /`map`/],
    ['cel.bind(x, claim.tags, x == x)', /`bind`/],
    ['a.all(x, b.all(y, c.all(z, x + y == z)))', /3 deep/],
  ])('%s is refused before it runs', (text, why) => {
    const error = refusal(() => compileCondition(text))
    expect(error).toMatchObject({ code: 'bad-input', message: expect.stringMatching(why), hint: expect.any(String) })
  })

  test.each([
    ['ghost > 1', /ghost/],
    ['claim.ghost > 1', /ghost/],
    ['claim.amount > "a"', /overload/],
    ['claim.amount', /neither true nor false/],
    ['claim.lines[7].price == 1', /7/],
    ['constructor == null', /constructor/],
    ['claim.constructor == null', /constructor/],
  ])('%s throws, because an error is not a no', (text, why) => {
    const error = refusal(() => holds(text, { claim }))
    expect(error).toMatchObject({ code: 'bad-input', message: expect.stringMatching(why) })
  })

  test('does not start a loop within a loop over more items than it could finish soon', () => {
    const items = Array.from({ length: 2000 }, (_, i) => i)
    expect(holds('items.exists(x, x == 1999)', { items })).toBe(true)
    expect(refusal(() => holds('items.all(x, items.exists(y, y == x))', { items })).code).toBe('too-large')
  })

  test('survives more different conditions than it keeps', () => {
    for (let i = 0; i < 1100; i++) expect(holds(`n == ${i}`, { n: i })).toBe(true)
  })

  test('for any text and any variables: true, false or an error of the family', () => {
    const word = fc.constantFrom(
      'a',
      'b',
      '1',
      '2.5',
      '"t"',
      '&&',
      '||',
      '>',
      '==',
      '+',
      '.',
      '(',
      ')',
      '[',
      ']',
      'all',
      ',',
    )
    const text = fc.oneof(
      fc.string(),
      fc.array(word, { maxLength: 12 }).map(words => words.join(' ')),
    )
    fc.assert(
      fc.property(text, fc.dictionary(fc.constantFrom('a', 'b'), fc.jsonValue()), (text, variables) => {
        const outcome = attempt(() => holds(text, variables))
        expect(typeof outcome === 'boolean' || outcome instanceof MusterError).toBe(true)
      }),
      { numRuns: 500 },
    )
  })
})
