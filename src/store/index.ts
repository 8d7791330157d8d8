/** The door of the store. */
export type {
  Amounts,
  BlobStore,
  CheckpointRow,
  CheckpointStore,
  CheckpointWriteRow,
  Claim,
  JournalStore,
  PoolStore,
  QueueStore,
  RecordStore,
  Signal,
  Store,
  StoredEvent,
  StoredRecord,
  Write,
} from './port.ts'
export { openSqliteStore } from './sqlite/store.ts'
