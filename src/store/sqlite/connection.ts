/**
 * One connection to a store file, and how its writes reach the disk without stopping the process.
 *
 * SQLite alone would sync in the middle of COMMIT and hold up the event loop for milliseconds. So it runs with
 * synchronous=NORMAL, where COMMIT only writes to the end of the `-wal` file, and the sync is done here: fdatasync on
 * that file, through a descriptor of our own, on a thread of the pool. This is as safe as synchronous=FULL:
 *
 * 1. A sync of a file covers everything written to it before, through whichever descriptor.
 * 2. The `-wal` file stays the same file as long as a connection is open; ours is.
 * 3. Frames leave it only by a checkpoint, ours or another process's, and NORMAL syncs the log before a checkpoint
 *    copies it and the database file after. A log that starts again has its header synced before its first frame.
 *    So each committed page is at all times in the synced log, in the synced database, or covered by the next sync.
 * 4. SQLite takes its locks on the database and the `-shm` file, never on the `-wal` file: closing our descriptor
 *    drops no lock. (The database file itself must never be opened apart from SQLite.)
 * 5. After a sync that failed nobody knows what is on disk, and asking again proves nothing: the store stops.
 */
import { type FileHandle, mkdir, open } from 'node:fs/promises'
import { DatabaseSync } from 'node:sqlite'
import { dirname, resolve } from 'node:path'
import { MusterError, sleep, systemClock } from '../../core/index.ts'
import { applicationId, createSchema, schemaVersion } from './schema.ts'

/** A store file that is open, with its log. */
export interface Connection {
  readonly db: DatabaseSync
  /** The file, as SQLite knows it. */
  readonly file: string
  /** Resolves when everything committed so far is on disk. */
  sync(): Promise<void>
  close(): Promise<void>
}

// How long SQLite waits for another process that writes, in milliseconds. Such a process writes for far less.
const busyTimeout = 5000

/** Opens a store file and makes it when it is not there. Throws `store-failed` when it is something else or unreadable. */
export async function openConnection(path: string): Promise<Connection> {
  const file = resolve(path)
  const made = await failing(`the folder of \`${file}\` cannot be made`, () =>
    mkdir(dirname(file), { recursive: true }),
  )
  const db = openDatabase(file)
  try {
    await prepare(db, file)
    const location = db.location() ?? file
    const log = await failing(`the log of \`${file}\` cannot be opened`, () => open(`${location}-wal`, 'r+'))
    await failing(`\`${file}\` cannot be synced`, () => syncFolders(dirname(location), made))
    return connection(db, location, log)
  } catch (thrown) {
    db.close()
    throw thrown
  }
}

function connection(db: DatabaseSync, file: string, log: FileHandle): Connection {
  return {
    db,
    file,
    sync: () => log.datasync(),
    async close() {
      await log.close()
      db.close()
    },
  }
}

function openDatabase(file: string): DatabaseSync {
  try {
    return new DatabaseSync(file, { timeout: busyTimeout })
  } catch (thrown) {
    throw unusable(file, thrown)
  }
}

async function prepare(db: DatabaseSync, file: string): Promise<void> {
  try {
    await switchToLog(db)
    db.exec('PRAGMA synchronous = NORMAL; PRAGMA cache_size = -16000; PRAGMA temp_store = MEMORY')
    // Checkpoints cost one pause each; a longer log makes them rarer and copies a page that changed often only once.
    db.exec('PRAGMA wal_autocheckpoint = 4000')
    createTables(db, file)
  } catch (thrown) {
    throw unusable(file, thrown)
  }
}

// SQLite does not wait when two processes switch a new file to its log at the same moment: wait here.
async function switchToLog(db: DatabaseSync): Promise<void> {
  for (let attempt = 1; ; attempt++) {
    try {
      db.exec('PRAGMA journal_mode = WAL')
      return
    } catch (thrown) {
      if (!isBusy(thrown) || attempt === 100) throw thrown
      await sleep(systemClock, 20)
    }
  }
}

function createTables(db: DatabaseSync, file: string): void {
  db.exec('BEGIN IMMEDIATE')
  try {
    const version = Number(db.prepare('PRAGMA user_version').get()?.['user_version'])
    const application = Number(db.prepare('PRAGMA application_id').get()?.['application_id'])
    const isEmpty = db.prepare('SELECT 1 FROM sqlite_schema LIMIT 1').get() === undefined
    if (isEmpty) for (const statement of createSchema) db.exec(statement)
    else if (application !== applicationId) throw foreign(file)
    else if (version !== schemaVersion) throw otherVersion(file, version)
    db.exec('COMMIT')
  } catch (thrown) {
    if (db.isTransaction) db.exec('ROLLBACK')
    throw thrown
  }
}

// A new file is only there after a crash when the folders that name it are synced too.
async function syncFolders(folder: string, firstMade: string | undefined): Promise<void> {
  const last = firstMade === undefined ? folder : dirname(firstMade)
  for (let at = folder; ; at = dirname(at)) {
    await using handle = await open(at, 'r')
    await handle.sync()
    if (at === last || at === dirname(at)) return
  }
}

async function failing<T>(failure: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (thrown) {
    throw storeFailed(failure, thrown)
  }
}

function foreign(file: string): MusterError {
  return new MusterError('store-failed', `\`${file}\` belongs to another program`, { hint: 'name another file' })
}

function otherVersion(file: string, version: number): MusterError {
  return new MusterError('store-failed', `\`${file}\` has the format ${version}, this Muster reads ${schemaVersion}`, {
    hint: 'use the Muster that wrote it',
  })
}

function unusable(file: string, thrown: unknown): MusterError {
  if (thrown instanceof MusterError) return thrown
  return new MusterError('store-failed', `\`${file}\` cannot be used as a store: ${messageOf(thrown)}`, {
    hint: 'name another file, or put back a copy of this one',
    cause: thrown,
  })
}

/** The error for something that the driver or the disk could not do. */
export function storeFailed(failure: string, thrown: unknown): MusterError {
  return new MusterError('store-failed', `${failure}: ${messageOf(thrown)}`, {
    hint: 'see that the disk has room and that no other process holds the store, then try again',
    cause: thrown,
  })
}

function messageOf(thrown: unknown): string {
  return thrown instanceof Error ? thrown.message : String(thrown)
}

/** Whether SQLite itself failed, and not what was asked of it. */
export function isEngineError(thrown: unknown): boolean {
  return thrown instanceof Error && 'code' in thrown && thrown.code === 'ERR_SQLITE_ERROR'
}

function isBusy(thrown: unknown): boolean {
  // The low byte of an extended result code is the code proper; 5 is SQLITE_BUSY.
  return thrown instanceof Error && 'errcode' in thrown && Number(thrown.errcode) % 256 === 5
}
