/** The exam on pools: what is spent plus what is reserved never exceeds the capacity. */
import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Amounts, Store, Write } from '../../../src/store/index.ts'
import { type Place, refusal, sitting } from './sitting.ts'

const pool = (capacity: Amounts, name = 'p'): Write => ({ kind: 'pool', pool: name, capacity })
const reserve = (id: string, amounts: Amounts, name = 'p'): Write => ({ kind: 'reserve', pool: name, id, amounts })
const release = (id: string, name = 'p'): Write => ({ kind: 'release', pool: name, id })
const settle = (id: string, spent: Amounts, name = 'p'): Write => ({ kind: 'settle', pool: name, id, spent })

/** Pools. */
export function poolExam(newPlace: () => Promise<Place>): void {
  describe('a pool', () => {
    const at = sitting(newPlace)

    it('reserves, releases and settles', async () => {
      const { store } = at
      expect(await store.pools.get('p')).toBeUndefined()
      await store.commit([pool({ cpu: 4, usd: 100 }), reserve('a', { cpu: 1, usd: 60 }), reserve('b', { usd: 40 })])
      expect(await store.pools.get('p')).toEqual({
        capacity: { cpu: 4, usd: 100 },
        reserved: { cpu: 1, usd: 100 },
        spent: {},
      })
      expect(await store.pools.reservations('p')).toEqual(['a', 'b'])
      await store.commit([settle('a', { usd: 25 }), release('b')])
      expect(await store.pools.get('p')).toEqual({ capacity: { cpu: 4, usd: 100 }, reserved: {}, spent: { usd: 25 } })
      expect(await store.pools.reservations('p')).toEqual([])
      expect(await refusal(store, reserve('c', { usd: 76 }))).toBe('over-capacity')
      await store.commit([reserve('c', { usd: 75 })])
    })

    it('refuses what would overflow in any kind, and kinds that it does not have', async () => {
      const { store } = at
      await store.commit([pool({ cpu: 4, usd: 100 }), reserve('a', { cpu: 3 })])
      expect(await refusal(store, reserve('b', { cpu: 2, usd: 1 }))).toBe('over-capacity')
      expect(await refusal(store, reserve('b', { gpu: 0.1 }))).toBe('over-capacity')
      for (const kind of ['toString', 'constructor', '__proto__', 'hasOwnProperty']) {
        expect(await refusal(store, reserve('b', Object.fromEntries([[kind, 1]])))).toBe('over-capacity')
      }
      await store.commit([reserve('b', { cpu: 1, gpu: 0 }), reserve('nothing', {})])
    })

    it('compares whole numbers exactly', async () => {
      const { store } = at
      const most = Number.MAX_SAFE_INTEGER - 1
      await store.commit([pool({ usd: most }), reserve('a', { usd: most - 1 })])
      expect(await refusal(store, reserve('b', { usd: 2 }))).toBe('over-capacity')
      await store.commit([reserve('b', { usd: 1 })])
      expect(await refusal(store, reserve('c', { usd: 1 }))).toBe('over-capacity')
    })

    it('is neither filled nor leaked by adding fractions', async () => {
      const { store } = at
      await store.commit([pool({ cpu: 0.3 }), ...['a', 'b', 'c'].map(id => reserve(id, { cpu: 0.1 }))])
      expect(await refusal(store, reserve('d', { cpu: 0.001 }))).toBe('over-capacity')
      await store.commit(['a', 'b', 'c'].map(id => release(id)))
      expect(await store.pools.get('p')).toEqual({ capacity: { cpu: 0.3 }, reserved: {}, spent: {} })
    })

    it('refuses an id that is taken, and settling what is not there', async () => {
      const { store } = at
      expect(await refusal(store, reserve('a', {}))).toBe('not-found')
      await store.commit([pool({ usd: 9 }), pool({ usd: 9 }, 'q'), reserve('a', { usd: 1 }), reserve('a', {}, 'q')])
      expect(await refusal(store, reserve('a', { usd: 1 }))).toBe('conflict')
      expect(await refusal(store, settle('b', {}))).toBe('not-found')
      expect(await refusal(store, settle('a', {}, 'elsewhere'))).toBe('not-found')
      await store.commit([settle('a', {})])
      expect(await refusal(store, settle('a', {}))).toBe('not-found')
    })

    it('gives back once, however often it is released', async () => {
      const { store } = at
      await store.commit([pool({ usd: 9 }), reserve('a', { usd: 4 }), reserve('b', { usd: 5 })])
      await store.commit([release('a'), release('a')])
      await store.commit([release('a'), release('never'), release('a', 'elsewhere')])
      expect((await store.pools.get('p'))?.reserved).toEqual({ usd: 5 })
    })

    it('never spends more than was reserved', async () => {
      const { store } = at
      await store.commit([pool({ usd: 9, cpu: 1 }), reserve('a', { usd: 4 })])
      expect(await refusal(store, settle('a', { usd: 5 }))).toBe('over-capacity')
      expect(await refusal(store, settle('a', { usd: 4, cpu: 0.5 }))).toBe('over-capacity')
      expect(await store.pools.reservations('p')).toEqual(['a'])
    })

    it('takes no amounts that could make room', async () => {
      const { store } = at
      await store.commit([pool({ usd: 9 }), reserve('a', { usd: 4 })])
      for (const amount of [-1, Number.NaN, Number.POSITIVE_INFINITY, -1e-12]) {
        expect(await refusal(store, reserve('b', { usd: amount }))).toBe('bad-input')
        expect(await refusal(store, settle('a', { usd: amount }))).toBe('bad-input')
        expect(await refusal(store, pool({ usd: amount }))).toBe('bad-input')
      }
      expect(await store.pools.get('p')).toEqual({ capacity: { usd: 9 }, reserved: { usd: 4 }, spent: {} })
    })

    it('keeps what is reserved when its capacity changes, and grants nothing while it is too small', async () => {
      const { store } = at
      await store.commit([pool({ cpu: 4, gpu: 1 }), reserve('a', { cpu: 3, gpu: 1 }), pool({ cpu: 2 })])
      expect(await store.pools.get('p')).toEqual({ capacity: { cpu: 2 }, reserved: { cpu: 3, gpu: 1 }, spent: {} })
      expect(await refusal(store, reserve('b', { cpu: 0.5 }))).toBe('over-capacity')
      await store.commit([release('a'), reserve('b', { cpu: 2 })])
    })

    it('grants no more than it has to many who ask at once', async () => {
      const other = await at.again()
      await at.store.commit([pool({ usd: 10 })])
      const asked = Array.from({ length: 25 }, (_, n) =>
        (n % 2 ? other : at.store).commit([reserve(`r${n}`, { usd: 3 })]),
      )
      const granted = (await Promise.allSettled(asked)).filter(end => end.status === 'fulfilled')
      expect(granted).toHaveLength(3)
      expect((await at.store.pools.get('p'))?.reserved).toEqual({ usd: 9 })
    })

    it('never exceeds its capacity, whatever is asked of it in whatever order', async () => {
      let nth = 0
      await fc.assert(
        fc.asyncProperty(steps, async steps => {
          const name = `pool-${++nth}`
          await at.store.commit([pool(capacity, name)])
          await Promise.allSettled(steps.map(step => at.store.commit(step(name))))
          const account = await accountOf(at.store, name)
          expect(account.usd).toBeLessThanOrEqual(1000)
          expect(account.cpu).toBeLessThanOrEqual(2.5 + 1e-9)
          expect(account.left).toEqual({})
        }),
        { numRuns: 40 },
      )
    })
  })
}

const capacity: Amounts = { usd: 1000, cpu: 2.5 }
const amounts = fc.record({ usd: fc.integer({ min: 0, max: 500 }), cpu: fc.double({ min: 0, max: 1.5, noNaN: true }) })
const id = fc.constantFrom('a', 'b', 'c', 'd', 'e', 'f')

// Each step is one commit; some are of several writes, so that some are refused in the middle.
const one = fc.oneof(
  fc.tuple(id, amounts).map(
    ([id, amounts]) =>
      (name: string) =>
        reserve(id, amounts, name),
  ),
  id.map(id => (name: string) => release(id, name)),
  fc.tuple(id, amounts).map(
    ([id, amounts]) =>
      (name: string) =>
        settle(id, amounts, name),
  ),
)
const steps = fc.array(
  fc.array(one, { minLength: 1, maxLength: 3 }).map(writes => (name: string) => writes.map(write => write(name))),
  { maxLength: 40 },
)

/** What is taken of a pool, and what stays reserved when every reservation has been released. */
async function accountOf(store: Store, name: string) {
  const state = await store.pools.get(name)
  const taken = (kind: string) => (state?.reserved[kind] ?? 0) + (state?.spent[kind] ?? 0)
  await store.commit((await store.pools.reservations(name)).map(id => release(id, name)))
  return { usd: taken('usd'), cpu: taken('cpu'), left: (await store.pools.get(name))?.reserved }
}
