/** What an exam of a store starts from, and builders that say only what matters. */
import { afterEach, beforeEach, expect } from 'vitest'
import {
  canonicalJson,
  type Digest,
  digestOf,
  type ErrorCode,
  MusterError,
  type RunId,
} from '../../../src/core/index.ts'
import type { Store, StoredEvent, Write } from '../../../src/store/index.ts'

/** A place that can hold one store. `open` may be called again, also while the store is open. */
export interface Place {
  open(): Promise<Store>
  remove(): Promise<void>
}

/** A store for each test. */
export interface Sitting {
  readonly store: Store
  /** The same store through a connection of its own, as another process has it. */
  again(): Promise<Store>
}

/** Opens a fresh store before each test and takes everything away after it. */
export function sitting(newPlace: () => Promise<Place>): Sitting {
  let place: Place
  let opened: Store[] = []
  const again = async () => {
    const store = await place.open()
    opened.push(store)
    return store
  }
  beforeEach(async () => {
    place = await newPlace()
    await again()
  })
  afterEach(async () => {
    for (const store of opened) await store[Symbol.asyncDispose]()
    opened = []
    await place.remove()
  })
  return {
    get store() {
      const [first] = opened
      if (!first) throw new Error('no store is open')
      return first
    },
    again,
  }
}

/** The id of a run, by number. */
export const run = (n = 1): RunId => `run-${String(n).padStart(26, '0')}` as RunId

/** A digest of anything. */
export const digest = (of: unknown): Digest => digestOf(of)

/** `count` events after `after`. */
export function eventsAfter(after: number, count = 1): readonly StoredEvent[] {
  return Array.from({ length: count }, (_, index) => {
    const seq = after + 1 + index
    const body = canonicalJson({ note: `event ${seq}` })
    return { seq, at: 1000 + seq, type: 'noted', body, hash: digest(body) }
  })
}

/** Writes of the common kinds, with what does not matter filled in. */
export const write = {
  append: (of: { run?: RunId; fence?: number; after?: number; count?: number } = {}): Write => ({
    kind: 'append',
    run: of.run ?? run(),
    fence: of.fence ?? 0,
    after: of.after ?? 0,
    events: eventsAfter(of.after ?? 0, of.count),
  }),
  enqueue: (of: { run?: RunId; tenant?: string; priority?: number; due?: number } = {}): Write => ({
    kind: 'enqueue',
    run: of.run ?? run(),
    tenant: of.tenant ?? 'acme',
    priority: of.priority ?? 0,
    due: of.due ?? 0,
  }),
  record: (of: { space?: string; key?: string; version?: number; group?: string; value?: string } = {}): Write => ({
    kind: 'record',
    space: of.space ?? 'approval',
    key: of.key ?? 'a',
    version: of.version ?? 0,
    group: of.group ?? 'open',
    value: of.value ?? '{}',
  }),
  signal: (id: string, body = '{}', of: RunId = run()): Write => ({ kind: 'signal', run: of, id, body }),
} as const

/** Enqueues a run and claims it, at time 0; returns the fence. */
export async function claimed(store: Store, of: RunId = run()): Promise<number> {
  await store.commit([write.enqueue({ run: of })])
  const claim = await store.queue.claim('owner', 0, 1000)
  expect(claim?.run).toBe(of)
  return claim?.fence ?? Number.NaN
}

/** The code of the error that refuses a commit of `writes`; `accepted` when nothing does. */
export async function refusal(store: Store, ...writes: readonly Write[]): Promise<ErrorCode | 'accepted'> {
  try {
    await store.commit(writes)
    return 'accepted'
  } catch (thrown) {
    if (thrown instanceof MusterError) return thrown.code
    throw thrown
  }
}
