/** The door of the store. */
export type {
  Amounts,
  CheckpointRow,
  CheckpointStore,
  CheckpointWriteRow,
  Claim,
  Store,
  StoredEvent,
  StoredRecord,
  Write,
} from './port.ts'
export { openSqliteStore } from './sqlite/store.ts'
