/**
 * The store keeps what must not be lost. Everything is written by `commit`, as one list of writes that happens whole or
 * not at all; drivers only keep, the rules of life stand above them.
 *
 * 1. When `commit` resolves, its writes are on disk.
 * 2. A write that is refused refuses its whole commit and leaves nothing behind; other commits are not touched.
 * 3. A run is written only under its present fence: `append`, `sleep`, `conclude`, `consume` with an older one are refused.
 * 4. In a pool, what is spent plus what is reserved never exceeds the capacity. A pool that is made smaller than that
 *    grants nothing more until enough is released.
 * 5. What a read shows is on disk.
 * 6. When the disk or the engine fails, the commits concerned reject with `store-failed` and leave nothing behind; after
 *    the store is closed everything rejects with `closed`.
 */
import type { Digest, RunId } from '../core/index.ts'

/** An event as it lies in the journal; `body` is canonical JSON and `hash` chains it to the one before. */
export interface StoredEvent {
  /** 1, 2, 3 … within its run, without gaps. */
  readonly seq: number
  /** Milliseconds since 1970. */
  readonly at: number
  readonly type: string
  readonly body: string
  readonly hash: Digest
}

/** Named amounts; whole numbers or fractions of one unit each. */
export type Amounts = Readonly<Record<string, number>>

/**
 * One change. Refusals, by the code of the error that `commit` rejects with:
 * `stale-fence` (the fence or the head has moved, the run has ended or is not held), `conflict` (a version or an id is
 * taken), `over-capacity` (a pool would overflow), `not-found` (the run, pool or reservation is not there), `bad-input`
 * (an amount is not a finite number of at least 0, events are not numbered in order).
 */
export type Write =
  /** Adds events to a run whose last one is `after` (0: none). */
  | {
      readonly kind: 'append'
      readonly run: RunId
      readonly fence: number
      readonly after: number
      readonly events: readonly StoredEvent[]
    }
  /** Makes a new run known to the queue, with fence 0. `conflict` when it is there. */
  | {
      readonly kind: 'enqueue'
      readonly run: RunId
      readonly tenant: string
      readonly priority: number
      readonly due: number
    }
  /** Gives a claimed run back until `until`, or until a signal when undefined; at once when a signal is waiting. */
  | { readonly kind: 'sleep'; readonly run: RunId; readonly fence: number; readonly until: number | undefined }
  /** Ends a claimed run: it is never claimed again, and its waiting signals are dropped. */
  | { readonly kind: 'conclude'; readonly run: RunId; readonly fence: number }
  /** Leaves a message for whoever runs the run and wakes it. Repeating an id changes nothing; an ended run ignores it. */
  | { readonly kind: 'signal'; readonly run: RunId; readonly id: string; readonly body: string }
  /** Takes a signal out, together with the events that say so. `conflict` when it is gone. */
  | { readonly kind: 'consume'; readonly run: RunId; readonly fence: number; readonly id: string }
  /** Keeps bytes under their digest. Repeating changes nothing. */
  | { readonly kind: 'blob'; readonly digest: Digest; readonly bytes: Uint8Array }
  /** Sets what a pool can hold; makes the pool when it is not there. Does not touch what is reserved. */
  | { readonly kind: 'pool'; readonly pool: string; readonly capacity: Amounts }
  /** Reserves amounts under a new id. `conflict` when the id is taken. */
  | { readonly kind: 'reserve'; readonly pool: string; readonly id: string; readonly amounts: Amounts }
  /** Ends a reservation and gives everything back. Nothing happens when it has ended. */
  | { readonly kind: 'release'; readonly pool: string; readonly id: string }
  /** Ends a reservation and counts `spent` (at most what was reserved, else `over-capacity`) as gone for good. `not-found` when it has ended. */
  | { readonly kind: 'settle'; readonly pool: string; readonly id: string; readonly spent: Amounts }
  /** Writes a record. `version` is the one it replaces (0: there is none); the new one is `version + 1`. */
  | {
      readonly kind: 'record'
      readonly space: string
      readonly key: string
      readonly version: number
      readonly group: string
      readonly value: string
    }

/** A small document with a version; `group` is what lists are filtered by. */
export interface StoredRecord {
  readonly key: string
  readonly version: number
  readonly group: string
  readonly value: string
}

/** A run taken from the queue: only the holder of this fence may write it, until the lease ends unrenewed. */
export interface Claim {
  readonly run: RunId
  readonly tenant: string
  readonly fence: number
  /** Milliseconds since 1970. */
  readonly leaseUntil: number
}

/** A message that waits for a run. */
export interface Signal {
  readonly id: string
  readonly body: string
}

export interface JournalStore {
  /** Up to `limit` events of a run after `after`, in order. */
  read(run: RunId, after: number, limit: number): Promise<readonly StoredEvent[]>
  /** The last event of a run. */
  head(run: RunId): Promise<StoredEvent | undefined>
  /** Up to `limit` ids of runs that sort after `after`, in order. */
  runs(after: string, limit: number): Promise<readonly RunId[]>
}

export interface QueueStore {
  /**
   * Takes the run of highest priority that is due (among equals the one that is due longest) or whose lease has ended,
   * and raises its fence.
   */
  claim(owner: string, now: number, leaseMs: number): Promise<Claim | undefined>
  /** Prolongs a lease; false when the fence has moved on: stop working at once. */
  renew(run: RunId, fence: number, leaseUntil: number): Promise<boolean>
  /** When the next run falls due or loses its lease; undefined when nothing waits for a time. */
  nextDue(): Promise<number | undefined>
  /** The signals that wait for a run, oldest first. */
  signals(run: RunId): Promise<readonly Signal[]>
  /** Calls `wake` when another process has changed the store; the returned function ends it. */
  watch(wake: () => void): () => void
}

export interface RecordStore {
  get(space: string, key: string): Promise<StoredRecord | undefined>
  /** Up to `limit` records of a group, by key, after `after`; `descending` from the greatest key down. */
  list(
    space: string,
    group: string,
    page: { readonly after?: string; readonly limit: number; readonly descending?: boolean },
  ): Promise<readonly StoredRecord[]>
}

export interface BlobStore {
  get(digest: Digest): Promise<Uint8Array | undefined>
  /** Up to `limit` digests that sort after `after`, in order. */
  digests(after: string, limit: number): Promise<readonly Digest[]>
}

export interface PoolStore {
  /** What a pool can hold, and the amounts above zero that are reserved and spent of it. */
  get(
    pool: string,
  ): Promise<{ readonly capacity: Amounts; readonly reserved: Amounts; readonly spent: Amounts } | undefined>
  /** The ids of the reservations of a pool. */
  reservations(pool: string): Promise<readonly string[]>
}

/** A LangGraph checkpoint as rows; bytes are what LangGraph's serializer made. A cache: it may lag behind the journal. */
export interface CheckpointRow {
  readonly thread: string
  readonly namespace: string
  readonly id: string
  readonly parent: string | undefined
  readonly type: string
  readonly checkpoint: Uint8Array
  readonly metadata: Uint8Array
}

export interface CheckpointWriteRow {
  readonly thread: string
  readonly namespace: string
  readonly checkpoint: string
  readonly task: string
  readonly index: number
  readonly channel: string
  readonly type: string
  readonly value: Uint8Array
}

/** Which checkpoints to list; what is absent does not matter. `before` is an id that they sort before. */
export interface CheckpointFilter {
  readonly thread?: string | undefined
  readonly namespace?: string | undefined
  readonly id?: string | undefined
  readonly before?: string | undefined
  readonly limit?: number | undefined
}

/** Takes effect at once and in order, but does not wait for the disk. */
export interface CheckpointStore {
  /** Keeps a checkpoint, over the one of the same id. */
  put(row: CheckpointRow): Promise<void>
  /** Keeps writes. A negative index replaces what is there; for any other the first one stays. */
  putWrites(rows: readonly CheckpointWriteRow[]): Promise<void>
  /** One checkpoint, or the newest of its thread and namespace. */
  get(thread: string, namespace: string, id?: string): Promise<CheckpointRow | undefined>
  /** The writes beside a checkpoint, by task and index. */
  writes(thread: string, namespace: string, id: string): Promise<readonly CheckpointWriteRow[]>
  /** Newest first. */
  list(filter: CheckpointFilter): Promise<readonly CheckpointRow[]>
  /** Drops a thread with everything in it. */
  delete(thread: string): Promise<void>
}

/** Everything that Muster keeps. */
export interface Store extends AsyncDisposable {
  commit(writes: readonly Write[]): Promise<void>
  readonly journal: JournalStore
  readonly queue: QueueStore
  readonly records: RecordStore
  readonly blobs: BlobStore
  readonly pools: PoolStore
  readonly checkpoints: CheckpointStore
  /** What the driver finds wrong with what lies on disk, a line each: damaged pages, rows whose own checksum fails. */
  damage(): Promise<readonly string[]>
}
