/** Transactions of groups over one connection, and what of them is not yet on disk. */
import { type Connection, isEngineError, storeFailed } from './connection.ts'
import type { Engine, Refusal } from './group.ts'

/** The engine of `connection`. With `durable` false a commit counts as being on disk when SQLite has taken it. */
export function createEngine(connection: Connection, durable: boolean): Engine {
  const { db } = connection
  const begin = db.prepare('BEGIN IMMEDIATE')
  const commit = db.prepare('COMMIT')
  const rollback = db.prepare('ROLLBACK')
  const savepoint = db.prepare('SAVEPOINT change')
  const undo = db.prepare('ROLLBACK TO change')
  const keep = db.prepare('RELEASE change')
  const changeCount = db.prepare('SELECT total_changes() AS changes')
  const dataVersion = db.prepare('PRAGMA data_version')

  const changes = () => Number(changeCount.get()?.['changes'])
  // Rises when another connection has committed, and only then.
  const foreignVersion = () => Number(dataVersion.get()?.['data_version'])

  let written = changes()
  let onDisk = { written, version: foreignVersion() }

  const applyAlone = (change: () => void): Refusal | undefined => {
    savepoint.run()
    try {
      change()
      keep.run()
      return undefined
    } catch (error) {
      // Some failures of the engine end the whole transaction; they are not this change's alone.
      if (isEngineError(error)) throw error
      undo.run()
      keep.run()
      return { error }
    }
  }

  // Alone in its transaction: what undoes that undoes the change.
  const applyWhole = (change: () => void): undefined => {
    change()
    return undefined
  }

  const transact = (group: readonly (() => void)[]): readonly (Refusal | undefined)[] => {
    try {
      begin.run()
    } catch (thrown) {
      return group.map(() => refusalOf(thrown))
    }
    try {
      const refusals = group.map(group.length === 1 ? applyWhole : applyAlone)
      commit.run()
      written = changes()
      return refusals
    } catch (thrown) {
      if (db.isTransaction) rollback.run()
      // One that is too large for the disk must not take its neighbours with it.
      return group.length === 1 ? [refusalOf(thrown)] : group.flatMap(change => transact([change]))
    }
  }

  return {
    transact,
    unsynced: () => durable && (onDisk.written !== written || onDisk.version !== foreignVersion()),
    async sync() {
      const now = { written, version: foreignVersion() }
      await connection.sync()
      onDisk = now
    },
  }
}

function refusalOf(thrown: unknown): Refusal {
  return { error: isEngineError(thrown) ? storeFailed('the store could not write', thrown) : thrown }
}
