/** The exam on the queue: claims, fences, leases, sleep and signals. */
import { describe, expect, it } from 'vitest'
import { claimed, type Place, refusal, run, sitting, write } from './sitting.ts'

/** The queue. */
export function queueExam(newPlace: () => Promise<Place>): void {
  claimExam(newPlace)
  lifeExam(newPlace)
  signalExam(newPlace)
}

function claimExam(newPlace: () => Promise<Place>): void {
  describe('a claim', () => {
    const at = sitting(newPlace)

    it('takes the run of highest priority, and among equals the one that is due longest', async () => {
      await at.store.commit([
        write.enqueue({ run: run(1), priority: 1, due: 5 }),
        write.enqueue({ run: run(2), priority: 2, due: 9 }),
        write.enqueue({ run: run(3), priority: 2, due: 8 }),
        write.enqueue({ run: run(4), priority: 9, due: 1000 }),
        write.enqueue({ run: run(5), priority: -0.5, due: 0 }),
      ])
      const order = []
      for (let n = 0; n < 5; n++) order.push((await at.store.queue.claim('owner', 10, 1e6))?.run)
      expect(order).toEqual([run(3), run(2), run(1), run(5), undefined])
    })

    it('takes nothing before it is due', async () => {
      await at.store.commit([write.enqueue({ due: 10 })])
      expect(await at.store.queue.claim('owner', 9, 100)).toBeUndefined()
      expect(await at.store.queue.claim('owner', 10, 100)).toEqual({
        run: run(),
        tenant: 'acme',
        fence: 1,
        leaseUntil: 110,
      })
    })

    it('takes a run from a holder whose lease ended, and the old fence is good for nothing', async () => {
      const { store } = at
      const fence = await claimed(store)
      expect(await store.queue.claim('other', 999, 1000)).toBeUndefined()
      expect(await store.queue.claim('other', 1000, 1000)).toMatchObject({ run: run(), fence: fence + 1 })
      await store.commit([write.signal('s')])
      expect(await refusal(store, write.append({ fence }))).toBe('stale-fence')
      expect(await refusal(store, { kind: 'sleep', run: run(), fence, until: 0 })).toBe('stale-fence')
      expect(await refusal(store, { kind: 'conclude', run: run(), fence })).toBe('stale-fence')
      expect(await refusal(store, { kind: 'consume', run: run(), fence, id: 's' })).toBe('stale-fence')
      expect(await store.queue.renew(run(), fence, 5000)).toBe(false)
      await store.commit([write.append({ fence: fence + 1 })])
    })

    it('gives each run to one of many who ask at once', async () => {
      const runs = Array.from({ length: 12 }, (_, n) => run(n))
      await at.store.commit(runs.map(each => write.enqueue({ run: each })))
      const other = await at.again()
      const asked = Array.from({ length: 20 }, (_, n) => (n % 2 ? other : at.store).queue.claim(`owner-${n}`, 0, 1000))
      const given = (await Promise.all(asked)).flatMap(claim => (claim ? [claim.run] : []))
      expect(given.sort()).toEqual(runs)
    })

    it('is prolonged by its holder, even late, as long as nobody else has it', async () => {
      const fence = await claimed(at.store)
      expect(await at.store.queue.renew(run(), fence, 3000)).toBe(true)
      expect(await at.store.queue.claim('other', 2999, 1000)).toBeUndefined()
      expect(await at.store.queue.renew(run(), fence, 2000)).toBe(true)
      expect(await at.store.queue.claim('other', 2000, 1000)).toMatchObject({ run: run() })
      expect(await at.store.queue.renew(run(2), 1, 1)).toBe(false)
    })

    it('survives the end of the process', async () => {
      const fence = await claimed(at.store)
      await at.store[Symbol.asyncDispose]()
      const store = await at.again()
      expect(await store.queue.claim('other', 999, 1000)).toBeUndefined()
      expect(await store.queue.claim('other', 1000, 1000)).toMatchObject({ fence: fence + 1 })
    })
  })
}

function lifeExam(newPlace: () => Promise<Place>): void {
  describe('a run', () => {
    const at = sitting(newPlace)

    it('is enqueued once', async () => {
      await at.store.commit([write.enqueue()])
      expect(await refusal(at.store, write.enqueue())).toBe('conflict')
      const fence = (await at.store.queue.claim('owner', 0, 1))?.fence ?? 0
      await at.store.commit([{ kind: 'conclude', run: run(), fence }])
      expect(await refusal(at.store, write.enqueue())).toBe('conflict')
    })

    it('sleeps until its time', async () => {
      const fence = await claimed(at.store)
      await at.store.commit([{ kind: 'sleep', run: run(), fence, until: 500 }])
      expect(await at.store.queue.nextDue()).toBe(500)
      expect(await at.store.queue.claim('owner', 499, 1000)).toBeUndefined()
      expect(await at.store.queue.claim('owner', 500, 1000)).toMatchObject({ fence: fence + 1 })
    })

    it('that sleeps is held by nobody', async () => {
      const fence = await claimed(at.store)
      const sleep = { kind: 'sleep', run: run(), fence, until: 500 } as const
      await at.store.commit([sleep])
      expect(await refusal(at.store, { ...sleep, until: 100 })).toBe('stale-fence')
      expect(await refusal(at.store, { kind: 'conclude', run: run(), fence })).toBe('stale-fence')
      expect(await at.store.queue.renew(run(), fence, 5000)).toBe(false)
      expect(await at.store.queue.nextDue()).toBe(500)
    })

    it('that has ended is never claimed, written or woken again', async () => {
      const { store } = at
      const fence = await claimed(store)
      await store.commit([write.signal('s'), write.append({ fence }), { kind: 'conclude', run: run(), fence }])
      await store.commit([write.signal('late')])
      expect(await store.queue.signals(run())).toEqual([])
      expect(await store.queue.nextDue()).toBeUndefined()
      expect(await store.queue.claim('owner', 1e15, 1000)).toBeUndefined()
      expect(await store.queue.renew(run(), fence, 5000)).toBe(false)
      expect(await refusal(store, write.append({ fence, after: 1 }))).toBe('stale-fence')
      expect(await refusal(store, { kind: 'sleep', run: run(), fence, until: 0 })).toBe('stale-fence')
      expect(await refusal(store, { kind: 'conclude', run: run(), fence })).toBe('stale-fence')
      expect((await store.journal.head(run()))?.seq).toBe(1)
    })

    it('that nobody knows is not found', async () => {
      expect(await refusal(at.store, { kind: 'sleep', run: run(), fence: 0, until: 0 })).toBe('not-found')
      expect(await refusal(at.store, { kind: 'conclude', run: run(), fence: 0 })).toBe('not-found')
      expect(await refusal(at.store, { kind: 'consume', run: run(), fence: 0, id: 's' })).toBe('not-found')
      expect(await refusal(at.store, write.signal('s'))).toBe('not-found')
    })
  })

  describe('the next due time', () => {
    const at = sitting(newPlace)

    it('is the earliest of times and ends of leases', async () => {
      const { store } = at
      expect(await store.queue.nextDue()).toBeUndefined()
      await store.commit([
        write.enqueue({ run: run(1), priority: 5, due: 70 }),
        write.enqueue({ run: run(2), due: 60 }),
      ])
      expect(await store.queue.nextDue()).toBe(60)
      await store.queue.claim('owner', 60, 5)
      expect(await store.queue.nextDue()).toBe(65)
      await store.commit([{ kind: 'sleep', run: run(2), fence: 1, until: undefined }])
      expect(await store.queue.nextDue()).toBe(70)
    })
  })
}

function signalExam(newPlace: () => Promise<Place>): void {
  describe('a signal', () => {
    const at = sitting(newPlace)

    it('wakes a run that sleeps, whatever time it was to sleep until', async () => {
      for (const [n, until] of [undefined, 1e12].entries()) {
        const fence = await claimed(at.store, run(n))
        await at.store.commit([{ kind: 'sleep', run: run(n), fence, until }])
        expect(await at.store.queue.claim('owner', 1, 1000)).toBeUndefined()
        await at.store.commit([write.signal('s', '"now"', run(n))])
        expect(await at.store.queue.nextDue()).toBeLessThanOrEqual(1)
        expect(await at.store.queue.claim('owner', 1, 1e6)).toMatchObject({ run: run(n), fence: fence + 1 })
      }
    })

    it('that comes while the run is held makes it due when it sleeps', async () => {
      const fence = await claimed(at.store)
      await at.store.commit([write.signal('s')])
      expect(await at.store.queue.claim('other', 1, 1000)).toBeUndefined()
      await at.store.commit([{ kind: 'sleep', run: run(), fence, until: undefined }])
      expect(await at.store.queue.claim('other', 1, 1000)).toMatchObject({ fence: fence + 1 })
    })

    it('that was taken does not wake any more', async () => {
      const fence = await claimed(at.store)
      await at.store.commit([write.signal('s')])
      await at.store.commit([
        { kind: 'consume', run: run(), fence, id: 's' },
        { kind: 'sleep', run: run(), fence, until: undefined },
      ])
      expect(await at.store.queue.nextDue()).toBeUndefined()
      expect(await at.store.queue.signals(run())).toEqual([])
    })

    it('waits in the order of coming, and repeating it changes nothing', async () => {
      const fence = await claimed(at.store)
      for (const id of ['z', 'a', 'm']) await at.store.commit([write.signal(id, `"${id}"`)])
      await at.store.commit([write.signal('z', '"again"')])
      expect(await at.store.queue.signals(run())).toEqual(['z', 'a', 'm'].map(id => ({ id, body: `"${id}"` })))
      await at.store.commit([{ kind: 'consume', run: run(), fence, id: 'z' }])
      await at.store.commit([write.signal('z', '"again"'), write.signal('b')])
      expect((await at.store.queue.signals(run())).map(signal => signal.id)).toEqual(['a', 'm', 'b'])
    })

    it('is taken once', async () => {
      const fence = await claimed(at.store)
      const consume = { kind: 'consume', run: run(), fence, id: 's' } as const
      expect(await refusal(at.store, consume)).toBe('conflict')
      await at.store.commit([write.signal('s')])
      const both = await Promise.allSettled([at.store.commit([consume]), at.store.commit([consume])])
      expect(both.map(end => end.status)).toEqual(['fulfilled', 'rejected'])
      expect(await refusal(at.store, consume, write.append({ fence }))).toBe('conflict')
      expect(await at.store.journal.head(run())).toBeUndefined()
    })

    it('of one run is not seen by another', async () => {
      await at.store.commit([write.enqueue({ run: run(1) }), write.enqueue({ run: run(2) })])
      await at.store.commit([write.signal('s', '1', run(1)), write.signal('s', '2', run(2))])
      expect(await at.store.queue.signals(run(2))).toEqual([{ id: 's', body: '2' }])
    })
  })
}
