/** The door of the store. */
export type {
  Amounts,
  BlobStore,
  CheckpointFilter,
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
export { openSqliteStore, type SqliteOptions } from './sqlite/store.ts'
