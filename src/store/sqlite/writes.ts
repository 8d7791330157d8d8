/** Applies the writes of one commit, in order, inside the transaction that is open. */
import type { DatabaseSync } from 'node:sqlite'
import type { Write } from '../port.ts'
import { checkpointTable, type CheckpointTable } from './checkpoints.ts'
import { journalTable, type JournalTable } from './journal.ts'
import { poolTable, type PoolTable } from './pools.ts'
import { queueTable, type QueueTable } from './queue.ts'
import { blobTable, type BlobTable, recordTable, type RecordTable } from './records.ts'

/** The statements of every table, prepared once. */
export interface Tables {
  readonly journal: JournalTable
  readonly queue: QueueTable
  readonly pools: PoolTable
  readonly records: RecordTable
  readonly blobs: BlobTable
  readonly checkpoints: CheckpointTable
}

/** Prepares every statement of the store. */
export function openTables(db: DatabaseSync): Tables {
  return {
    journal: journalTable(db),
    queue: queueTable(db),
    pools: poolTable(db),
    records: recordTable(db),
    blobs: blobTable(db),
    checkpoints: checkpointTable(db),
  }
}

/** Applies one write; throws the error that refuses it. */
export function applyWrite({ journal, queue, pools, records, blobs }: Tables, write: Write): void {
  switch (write.kind) {
    case 'append':
      queue.checkFence(write.run, write.fence)
      return journal.append(write)
    case 'enqueue':
      return queue.enqueue(write)
    case 'sleep':
      return queue.sleep(write)
    case 'conclude':
      return queue.conclude(write)
    case 'signal':
      return queue.signal(write)
    case 'consume':
      return queue.consume(write)
    case 'blob':
      return blobs.put(write)
    case 'pool':
      return pools.setCapacity(write)
    case 'reserve':
      return pools.reserve(write)
    case 'release':
      return pools.release(write)
    case 'settle':
      return pools.settle(write)
    case 'record':
      return records.put(write)
  }
}
