/** The store over one SQLite file: the embedded driver. Several processes may have the same file open. */
import { type Clock, systemClock } from '../../core/index.ts'
import type { Store } from '../port.ts'
import { type Connection, isEngineError, openConnection, storeFailed } from './connection.ts'
import { findDamage } from './damage.ts'
import { createEngine } from './engine.ts'
import { GroupCommit } from './group.ts'
import { Watch } from './watch.ts'
import { applyWrite, openTables } from './writes.ts'

/** How a SQLite store is opened. */
interface SqliteOptions {
  /** The path of the file; it and its folders are made when they are not there. */
  readonly file: string
  /**
   * `full` (default): a commit resolves when it is synced to disk, and survives a loss of power. `normal`: when the
   * system has taken it; it survives the end of the process, but a loss of power may take the last commits.
   */
  readonly durability?: 'full' | 'normal'
  /** What `queue.watch` is paced by; the machine's clock by default. */
  readonly clock?: Clock
}

/** Opens a store. Throws `store-failed` when the file is no store of this version, or cannot be read or made. */
export async function openSqliteStore(options: SqliteOptions): Promise<Store> {
  const connection = await openConnection(options.file)
  try {
    return createStore(connection, options)
  } catch (thrown) {
    await connection.close()
    throw readable(thrown)
  }
}

function createStore(connection: Connection, { durability = 'full', clock = systemClock }: SqliteOptions): Store {
  const tables = openTables(connection.db)
  const engine = createEngine(connection, durability === 'full')
  const group = new GroupCommit(engine)
  const watch = new Watch(connection.db, clock)
  const { journal, queue, pools, records, blobs, checkpoints } = tables
  let closing: Promise<void> | undefined

  const look = <T>(read: () => T): Promise<T> => group.look(() => reading(read))
  const glance = <T>(read: () => T): Promise<T> => group.apart(() => reading(read))
  const write = (change: () => void): Promise<void> =>
    group.apart(() => {
      const [refusal] = engine.transact([change])
      if (refusal) throw refusal.error
    })

  return {
    commit: writes =>
      group.change(() => {
        for (const write of writes) applyWrite(tables, write)
      }),
    journal: {
      read: (run, after, limit) => look(() => journal.read(run, after, limit)),
      head: run => look(() => journal.head(run)),
      runs: (after, limit) => look(() => journal.runs(after, limit)),
    },
    queue: {
      claim: (owner, now, leaseMs) => group.change(() => queue.claim(owner, now, leaseMs)),
      renew: (run, fence, leaseUntil) => group.change(() => queue.renew(run, fence, leaseUntil)),
      nextDue: () => look(() => queue.nextDue()),
      signals: run => look(() => queue.waiting(run)),
      watch: wake => watch.add(wake),
    },
    records: {
      get: (space, key) => look(() => records.get(space, key)),
      list: (space, group, page) => look(() => records.list(space, group, page)),
    },
    blobs: {
      get: digest => look(() => blobs.get(digest)),
      digests: (after, limit) => look(() => blobs.digests(after, limit)),
    },
    pools: {
      get: pool => look(() => pools.get(pool)),
      reservations: pool => look(() => pools.reservations(pool)),
    },
    checkpoints: {
      put: row => write(() => checkpoints.put(row)),
      putWrites: rows => write(() => checkpoints.putWrites(rows)),
      get: (thread, namespace, id) => glance(() => checkpoints.get(thread, namespace, id)),
      writes: (thread, namespace, id) => glance(() => checkpoints.writes(thread, namespace, id)),
      list: filter => glance(() => checkpoints.list(filter)),
      delete: thread => write(() => checkpoints.delete(thread)),
    },
    damage: () => look(() => findDamage(connection.file)),
    [Symbol.asyncDispose]() {
      watch.stop()
      closing ??= group.close().then(() => connection.close())
      return closing
    },
  }
}

function reading<T>(read: () => T): T {
  try {
    return read()
  } catch (thrown) {
    throw readable(thrown)
  }
}

function readable(thrown: unknown): unknown {
  return isEngineError(thrown) ? storeFailed('the store could not be read', thrown) : thrown
}
