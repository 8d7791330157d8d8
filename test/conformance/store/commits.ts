/** The exam on commits, the journal, records, blobs and the life of a store. */
import { describe, expect, it } from 'vitest'
import type { Digest, RunId } from '../../../src/core/index.ts'
import { claimed, digest, eventsAfter, type Place, refusal, run, sitting, write } from './sitting.ts'

/** Commits happen whole or not at all. */
export function commitExam(newPlace: () => Promise<Place>): void {
  describe('a commit', () => {
    const at = sitting(newPlace)

    it('is seen whole when it has resolved, here and by another process', async () => {
      await at.store.commit([write.enqueue(), write.append({ count: 2 }), write.record()])
      for (const store of [at.store, await at.again()]) {
        expect(await store.journal.read(run(), 0, 10)).toEqual(eventsAfter(0, 2))
        expect(await store.records.get('approval', 'a')).toMatchObject({ version: 1 })
      }
    })

    it('leaves nothing behind when its last write is refused', async () => {
      const { store } = at
      await store.commit([{ kind: 'pool', pool: 'p', capacity: { usd: 10 } }])
      expect(
        await refusal(
          store,
          write.enqueue(),
          write.append(),
          write.signal('s'),
          write.record(),
          { kind: 'blob', digest: digest('x'), bytes: Buffer.from('x') },
          { kind: 'reserve', pool: 'p', id: 'r', amounts: { usd: 4 } },
          { kind: 'reserve', pool: 'elsewhere', id: 'r', amounts: {} },
        ),
      ).toBe('not-found')
      expect(await store.journal.head(run())).toBeUndefined()
      expect(await store.journal.runs('', 10)).toEqual([])
      expect(await store.queue.claim('owner', 0, 1000)).toBeUndefined()
      expect(await store.records.get('approval', 'a')).toBeUndefined()
      expect(await store.blobs.get(digest('x'))).toBeUndefined()
      expect(await store.pools.get('p')).toEqual({ capacity: { usd: 10 }, reserved: {}, spent: {} })
      expect(await store.pools.reservations('p')).toEqual([])
    })

    it('that is refused does not touch those committed beside it', async () => {
      const { store } = at
      const commits = Array.from({ length: 30 }, (_, n) =>
        store.commit([write.record({ key: `k${n}` }), ...(n % 3 === 1 ? [write.append({ run: run(99) })] : [])]),
      )
      const ends = await Promise.allSettled(commits)
      for (const [n, end] of ends.entries()) {
        expect(end.status).toBe(n % 3 === 1 ? 'rejected' : 'fulfilled')
        expect((await store.records.get('approval', `k${n}`)) !== undefined).toBe(n % 3 !== 1)
      }
    })

    it('sees what commits asked for before it have written', async () => {
      const { store } = at
      await Promise.all([
        store.commit([write.enqueue()]),
        store.commit([write.append()]),
        store.commit([write.append({ after: 1 })]),
      ])
      expect((await store.journal.head(run()))?.seq).toBe(2)
    })

    it('applies its writes in order', async () => {
      await at.store.commit([write.record(), write.record({ version: 1, value: '"second"' })])
      expect(await at.store.records.get('approval', 'a')).toMatchObject({ version: 2, value: '"second"' })
    })

    it('of nothing is done', async () => {
      await expect(at.store.commit([])).resolves.toBeUndefined()
    })
  })

  describe('a store', () => {
    const at = sitting(newPlace)

    it('that is closed finishes what it accepted, refuses the rest, and has it all when it is opened again', async () => {
      const { store } = at
      const accepted = [store.commit([write.enqueue()]), store.commit([write.append()])]
      const closing = store[Symbol.asyncDispose]()
      await expect(store.commit([])).rejects.toMatchObject({ code: 'closed' })
      await Promise.all(accepted)
      await closing
      await store[Symbol.asyncDispose]()
      await expect(store.journal.head(run())).rejects.toMatchObject({ code: 'closed' })
      await expect(store.queue.claim('owner', 0, 1)).rejects.toMatchObject({ code: 'closed' })
      await expect(store.checkpoints.get('t', '')).rejects.toMatchObject({ code: 'closed' })
      await expect(store.damage()).rejects.toMatchObject({ code: 'closed' })
      expect((await (await at.again()).journal.head(run()))?.seq).toBe(1)
    })

    it('finds no damage where there is none', async () => {
      await claimed(at.store)
      await at.store.commit([write.append({ fence: 1, count: 5 }), write.record(), write.signal('s')])
      expect(await at.store.damage()).toEqual([])
    })
  })
}

/** The journal. */
export function journalExam(newPlace: () => Promise<Place>): void {
  describe('the journal', () => {
    const at = sitting(newPlace)

    it('takes events only behind its head', async () => {
      const { store } = at
      await store.commit([write.enqueue(), write.append({ count: 3 })])
      expect(await refusal(store, write.append({ after: 0 }))).toBe('stale-fence')
      expect(await refusal(store, write.append({ after: 2 }))).toBe('stale-fence')
      expect(await refusal(store, write.append({ after: 4 }))).toBe('stale-fence')
      await store.commit([write.append({ after: 3 })])
      expect((await store.journal.read(run(), 0, 10)).map(event => event.seq)).toEqual([1, 2, 3, 4])
    })

    it('takes no events with gaps or repetitions', async () => {
      await at.store.commit([write.enqueue()])
      const [one, two, three] = eventsAfter(0, 3)
      for (const events of [[two], [one, three], [one, one]]) {
        const known = events.filter(event => event !== undefined)
        expect(await refusal(at.store, { kind: 'append', run: run(), fence: 0, after: 0, events: known })).toBe(
          'bad-input',
        )
      }
      expect(await at.store.journal.head(run())).toBeUndefined()
    })

    it('lets one of two writers with the same view through', async () => {
      await at.store.commit([write.enqueue()])
      const other = await at.again()
      const ends = await Promise.allSettled([at.store.commit([write.append()]), other.commit([write.append()])])
      expect(ends.map(end => end.status).sort()).toEqual(['fulfilled', 'rejected'])
    })

    it('takes events only under the present fence of a known run', async () => {
      expect(await refusal(at.store, write.append())).toBe('not-found')
      const fence = await claimed(at.store)
      expect(await refusal(at.store, write.append({ fence: fence - 1 }))).toBe('stale-fence')
      expect(await refusal(at.store, write.append({ fence: fence + 1 }))).toBe('stale-fence')
      await at.store.commit([write.append({ fence })])
    })

    it('reads in pages, and gives back what it was given', async () => {
      const { store } = at
      const body = JSON.stringify({ text: 'ä\u0000𝄞"\\', long: 'x'.repeat(20_000) })
      const events = [{ seq: 1, at: 1_700_000_000_123, type: 'odd', body, hash: digest(body) }]
      await store.commit([write.enqueue(), { kind: 'append', run: run(), fence: 0, after: 0, events }])
      await store.commit([write.append({ after: 1, count: 4 })])
      expect(await store.journal.read(run(), 0, 1)).toEqual(events)
      expect((await store.journal.read(run(), 2, 2)).map(event => event.seq)).toEqual([3, 4])
      expect(await store.journal.read(run(), 5, 2)).toEqual([])
      expect(await store.journal.read(run(2), 0, 2)).toEqual([])
    })

    it('lists its runs in order, in pages, each once', async () => {
      const { store } = at
      for (const n of [3, 1, 2])
        await store.commit([write.enqueue({ run: run(n) }), write.append({ run: run(n), count: 3 })])
      expect(await store.journal.runs('', 2)).toEqual([run(1), run(2)])
      expect(await store.journal.runs(run(2), 2)).toEqual([run(3)])
    })
  })
}

/** Records, blobs and checkpoints. */
export function documentExam(newPlace: () => Promise<Place>): void {
  describe('a record', () => {
    const at = sitting(newPlace)

    it('is replaced only by who knows its version', async () => {
      const { store } = at
      expect(await refusal(store, write.record({ version: 1 }))).toBe('conflict')
      await store.commit([write.record()])
      expect(await refusal(store, write.record())).toBe('conflict')
      await store.commit([write.record({ version: 1, value: '"two"', group: 'closed' })])
      expect(await refusal(store, write.record({ version: 1 }))).toBe('conflict')
      const expected = { key: 'a', version: 2, group: 'closed', value: '"two"' }
      expect(await store.records.get('approval', 'a')).toEqual(expected)
      expect(await store.records.list('approval', 'open', { limit: 9 })).toEqual([])
      expect(await store.records.list('approval', 'closed', { limit: 9 })).toEqual([expected])
      expect(await store.records.get('goal', 'a')).toBeUndefined()
    })

    it('is written by one of many who race', async () => {
      const other = await at.again()
      const race = [at.store, other, at.store, other].map(store => store.commit([write.record()]))
      expect((await Promise.allSettled(race)).filter(end => end.status === 'fulfilled')).toHaveLength(1)
    })

    it('is listed by group, in pages, both ways', async () => {
      const keys = ['b', 'a', 'd', 'c']
      await at.store.commit([
        ...keys.map(key => write.record({ key })),
        write.record({ key: 'e', group: 'x' }),
        write.record({ key: 'f', space: 'goal' }),
      ])
      const list = async (page: { after?: string; limit: number; descending?: boolean }) =>
        (await at.store.records.list('approval', 'open', page)).map(record => record.key).join('')
      expect(await list({ limit: 9 })).toBe('abcd')
      expect(await list({ limit: 2 })).toBe('ab')
      expect(await list({ limit: 2, after: 'b' })).toBe('cd')
      expect(await list({ limit: 2, after: 'bb' })).toBe('cd')
      expect(await list({ limit: 2, descending: true })).toBe('dc')
      expect(await list({ limit: 9, after: 'c', descending: true })).toBe('ba')
      expect(await list({ limit: 0 })).toBe('')
    })
  })

  describe('a blob', () => {
    const at = sitting(newPlace)

    it('is kept under its digest, and repeating it changes nothing', async () => {
      const bytes = Uint8Array.from([0, 255, 10, 0])
      const name = digest('blob')
      await at.store.commit([{ kind: 'blob', digest: name, bytes }])
      await at.store.commit([{ kind: 'blob', digest: name, bytes }, write.record()])
      expect(new Uint8Array((await at.store.blobs.get(name)) ?? [])).toEqual(bytes)
      expect(await at.store.blobs.get(digest('other'))).toBeUndefined()
    })

    it('may be empty', async () => {
      await at.store.commit([{ kind: 'blob', digest: digest(''), bytes: new Uint8Array() }])
      expect((await at.store.blobs.get(digest('')))?.byteLength).toBe(0)
    })

    it('is listed by digest, in pages', async () => {
      const names = [1, 2, 3].map(n => digest(n)).sort()
      await at.store.commit(names.map(name => ({ kind: 'blob', digest: name, bytes: Buffer.from(name) }) as const))
      expect(await at.store.blobs.digests('', 2)).toEqual(names.slice(0, 2))
      expect(await at.store.blobs.digests(names[1] ?? '', 2)).toEqual(names.slice(2))
    })
  })

  describe('names', () => {
    const at = sitting(newPlace)

    it('that look like code are only names', async () => {
      const odd = `'; DROP TABLE runs; --` as RunId
      await at.store.commit([
        write.enqueue({ run: odd }),
        write.append({ run: odd }),
        write.record({ space: odd, key: '%', group: '__proto__' }),
        { kind: 'blob', digest: `"${odd}` as Digest, bytes: Buffer.from('x') },
        write.signal(odd, odd, odd),
      ])
      expect(await at.store.journal.runs('', 9)).toEqual([odd])
      expect(await at.store.queue.signals(odd)).toEqual([{ id: odd, body: odd }])
      expect(await at.store.records.list(odd, '__proto__', { limit: 9 })).toMatchObject([{ key: '%' }])
    })
  })
}
