/** LangGraph's checkpoints in SQLite. A cache: nobody waits until they are on disk. */
import type { DatabaseSync } from 'node:sqlite'
import type { CheckpointFilter, CheckpointRow, CheckpointWriteRow } from '../port.ts'
import { bytes, number, type Row, rowFinder, rowWriter, text } from './row.ts'
import { checkpoints, checkpointWrites } from './schema.ts'

/** What can be asked of the checkpoints inside one process, without waiting. */
export interface CheckpointTable {
  put(row: CheckpointRow): void
  putWrites(rows: readonly CheckpointWriteRow[]): void
  get(thread: string, namespace: string, id?: string): CheckpointRow | undefined
  writes(thread: string, namespace: string, id: string): readonly CheckpointWriteRow[]
  list(filter: CheckpointFilter): readonly CheckpointRow[]
  delete(thread: string): void
}

/** Prepares the statements of the checkpoints. */
export function checkpointTable(db: DatabaseSync): CheckpointTable {
  const put = rowWriter(db, checkpoints, 'replace')
  const putOver = rowWriter(db, checkpointWrites, 'replace')
  const putOnce = rowWriter(db, checkpointWrites, 'keep')
  const find = rowFinder(db, checkpoints)
  const newest = db.prepare('SELECT * FROM checkpoints WHERE thread = ? AND namespace = ? ORDER BY id DESC LIMIT 1')
  const writes = db.prepare(
    'SELECT * FROM checkpoint_writes WHERE thread = ? AND namespace = ? AND checkpoint = ? ORDER BY task, position',
  )
  const ofThread = 'SELECT * FROM checkpoints WHERE thread = $thread'
  const matching = `($namespace IS NULL OR namespace = $namespace) AND ($id IS NULL OR id = $id)
    AND ($before IS NULL OR id < $before) ORDER BY id DESC, thread, namespace LIMIT $limit`
  const listThread = db.prepare(`${ofThread} AND ${matching}`)
  const listAll = db.prepare(`SELECT * FROM checkpoints WHERE ${matching}`)
  const dropCheckpoints = db.prepare('DELETE FROM checkpoints WHERE thread = ?')
  const dropWrites = db.prepare('DELETE FROM checkpoint_writes WHERE thread = ?')

  return {
    put: row => put({ ...row, parent: row.parent ?? null }),
    putWrites(rows) {
      for (const { index, ...row } of rows) (index < 0 ? putOver : putOnce)({ ...row, position: index })
    },
    get(thread, namespace, id) {
      const row = id === undefined ? newest.get(thread, namespace) : find(thread, namespace, id)
      return row && checkpointOf(row)
    },
    writes: (thread, namespace, id) => writes.all(thread, namespace, id).map(writeOf),
    list({ thread, namespace, id, before, limit }) {
      const rest = { namespace: namespace ?? null, id: id ?? null, before: before ?? null, limit: limit ?? -1 }
      return (thread === undefined ? listAll.all(rest) : listThread.all({ ...rest, thread })).map(checkpointOf)
    },
    delete(thread) {
      dropCheckpoints.run(thread)
      dropWrites.run(thread)
    },
  }
}

function checkpointOf(row: Row): CheckpointRow {
  return {
    thread: text(row['thread']),
    namespace: text(row['namespace']),
    id: text(row['id']),
    parent: row['parent'] === null ? undefined : text(row['parent']),
    type: text(row['type']),
    checkpoint: bytes(row['checkpoint']),
    metadata: bytes(row['metadata']),
  }
}

function writeOf(row: Row): CheckpointWriteRow {
  return {
    thread: text(row['thread']),
    namespace: text(row['namespace']),
    checkpoint: text(row['checkpoint']),
    task: text(row['task']),
    index: number(row['position']),
    channel: text(row['channel']),
    type: text(row['type']),
    value: bytes(row['value']),
  }
}
