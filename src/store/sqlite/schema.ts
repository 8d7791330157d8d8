/**
 * The tables. Every one is STRICT and ends with `sum`, a checksum over all its other columns, so that a byte that
 * flipped on disk is found and its row can be named.
 */

/** A table: its columns with their types, and which of them name a row. */
export interface Table<Column extends string = string> {
  readonly name: string
  /** What one row is called, for people. */
  readonly noun: string
  readonly columns: Readonly<Record<Column, string>>
  readonly key: readonly NoInfer<Column>[]
  /** Rows that are at most some hundred bytes long lie in the index of their key: one page to write instead of two. */
  readonly inKey: boolean
}

const text = 'TEXT NOT NULL'
const real = 'REAL NOT NULL'
const integer = 'INTEGER NOT NULL'
const blob = 'BLOB NOT NULL'

/** The events of all runs, in the order in which they were written. */
export const events = {
  name: 'events',
  noun: 'event',
  columns: { run: text, seq: integer, at: real, type: text, body: text, hash: text },
  key: ['run', 'seq'],
  inKey: false,
} as const satisfies Table

/**
 * The runs. `state` is `waiting`, `held` or `ended`; `ready` is when the run can be claimed: it falls due or its lease
 * ends. Null: it sleeps until a signal, or has ended.
 */
export const runs = {
  name: 'runs',
  noun: 'run',
  columns: { run: text, tenant: text, priority: real, state: text, ready: 'REAL', fence: integer, owner: text },
  key: ['run'],
  inKey: true,
} as const satisfies Table

/** The signals of runs that have not ended. One that was taken out stays as `taken`, so that repeating it is seen. */
export const signals = {
  name: 'signals',
  noun: 'signal',
  columns: { run: text, id: text, position: integer, body: text, taken: integer },
  key: ['run', 'id'],
  inKey: true,
} as const satisfies Table

/** Bytes by their digest. */
export const blobs = {
  name: 'blobs',
  noun: 'blob',
  columns: { digest: text, bytes: blob },
  key: ['digest'],
  inKey: false,
} as const satisfies Table

/** Pools; the three amounts are JSON objects. */
export const pools = {
  name: 'pools',
  noun: 'pool',
  columns: { pool: text, capacity: text, reserved: text, spent: text },
  key: ['pool'],
  inKey: true,
} as const satisfies Table

/** Reservations that have not ended; `amounts` is a JSON object. */
export const reservations = {
  name: 'reservations',
  noun: 'reservation',
  columns: { pool: text, id: text, amounts: text },
  key: ['pool', 'id'],
  inKey: true,
} as const satisfies Table

/** Records; `grp` is the group. */
export const records = {
  name: 'records',
  noun: 'record',
  columns: { space: text, key: text, version: integer, grp: text, value: text },
  key: ['space', 'key'],
  inKey: true,
} as const satisfies Table

/** LangGraph's checkpoints. */
export const checkpoints = {
  name: 'checkpoints',
  noun: 'checkpoint',
  columns: { thread: text, namespace: text, id: text, parent: 'TEXT', type: text, checkpoint: blob, metadata: blob },
  key: ['thread', 'namespace', 'id'],
  inKey: false,
} as const satisfies Table

/** The writes that LangGraph keeps beside a checkpoint. */
export const checkpointWrites = {
  name: 'checkpoint_writes',
  noun: 'checkpoint write',
  columns: {
    thread: text,
    namespace: text,
    checkpoint: text,
    task: text,
    position: integer,
    channel: text,
    type: text,
    value: blob,
  },
  key: ['thread', 'namespace', 'checkpoint', 'task', 'position'],
  inKey: false,
} as const satisfies Table

/** Every table. */
export const tables: readonly Table[] = [
  events,
  runs,
  signals,
  blobs,
  pools,
  reservations,
  records,
  checkpoints,
  checkpointWrites,
]

/** Marks a SQLite file as a store of Muster: "mstr". */
export const applicationId = 0x6d737472

/** Raised whenever the tables change. */
export const schemaVersion = 1

/** The statements that make an empty file a store. */
export const createSchema: readonly string[] = [
  ...tables.map(table => {
    const columns = Object.entries(table.columns).map(([name, type]) => `${name} ${type}`)
    return `CREATE TABLE ${table.name} (${columns.join(', ')}, sum INTEGER NOT NULL, PRIMARY KEY (${table.key.join(', ')})) STRICT${table.inKey ? ', WITHOUT ROWID' : ''}`
  }),
  'CREATE INDEX runs_by_priority ON runs (priority, ready, run) WHERE ready IS NOT NULL',
  'CREATE INDEX records_by_group ON records (space, grp, key)',
  `PRAGMA application_id = ${applicationId}`,
  `PRAGMA user_version = ${schemaVersion}`,
]
