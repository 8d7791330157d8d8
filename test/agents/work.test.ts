import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { checkInput, checkOutput, defineCapability } from '../../src/agents/index.ts'
import { all, concept } from '../../src/core/index.ts'

const Order = concept('Order', z.object({ id: z.string(), items: z.number().default(1) }))
const Note = concept('Note', z.string())
const pack = defineCapability({
  name: 'order.pack',
  takes: { order: Order, notes: all(Note) },
  gives: { note: Note },
  effect: 'writes',
})

describe('the border of work', () => {
  it('passes what fits, as the schemas read it', async () => {
    const input = await checkInput(pack, { order: { id: 'o1' }, notes: ['fragile', 'gift'] })
    expect(input).toEqual({ order: { id: 'o1', items: 1 }, notes: ['fragile', 'gift'] })
    expect(await checkOutput(pack, { note: 'packed' })).toEqual({ note: 'packed' })
  })

  it('lets an `all` input be empty, but not absent', async () => {
    expect(await checkInput(pack, { order: { id: 'o1' }, notes: [] })).toMatchObject({ notes: [] })
    await expect(checkInput(pack, { order: { id: 'o1' } })).rejects.toThrow(/`notes`: it is missing/)
  })

  it('names every port and issue at once', async () => {
    const wrong = checkInput(pack, { order: { id: 7 }, notes: ['ok', 3], weight: 2 })
    await expect(wrong).rejects.toMatchObject({ code: 'bad-input' })
    await expect(wrong).rejects.toThrow(/`weight`: there is no such input.*`order`: id: .*`notes`: 1: /)
  })

  it.each([undefined, null, 'packed', ['packed'], 7])(
    'refuses %j where an object of outputs should be',
    async value => {
      await expect(checkOutput(pack, value)).rejects.toMatchObject({ code: 'bad-output' })
    },
  )

  it('refuses a single value where a list is taken', async () => {
    await expect(checkInput(pack, { order: { id: 'o1' }, notes: 'fragile' })).rejects.toThrow(/not a list of `Note`/)
  })

  it('does not take an inherited name for an output', async () => {
    const outputs: unknown = JSON.parse('{"note":"x","__proto__":{"note":"y"}}')
    await expect(checkOutput(pack, outputs)).rejects.toThrow(/`__proto__`: there is no such output/)
  })

  it.each([
    ['a function', () => 'x'],
    ['a big integer', 7n],
  ])('refuses %s, which JSON cannot hold', async (_, value) => {
    await expect(checkOutput(pack, { note: value })).rejects.toThrow(/`note`: it is not JSON/)
  })

  it('refuses a datum of more than 1 MiB, and no other', async () => {
    const fits = 'x'.repeat(1024 * 1024 - 2)
    await expect(checkOutput(pack, { note: fits })).resolves.toEqual({ note: fits })
    await expect(checkOutput(pack, { note: `${fits}x` })).rejects.toMatchObject({ code: 'too-large' })
    await expect(checkInput(pack, { order: { id: 'o1' }, notes: [fits, fits] })).resolves.toBeDefined()
  })
})
