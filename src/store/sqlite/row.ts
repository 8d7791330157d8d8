/** Rows in and out of SQLite: checksums on the way in, checked types on the way out. */
import { crc32 } from 'node:zlib'
import type { DatabaseSync, SQLInputValue, SQLOutputValue } from 'node:sqlite'
import { type Digest, MusterError, type RunId } from '../../core/index.ts'
import type { Table } from './schema.ts'

/** A row as SQLite gives it back. */
export type Row = Readonly<Record<string, SQLOutputValue>>

/** CRC-32 over the values of a row, in the order of its columns. It finds accidents; against forgery there is the hash chain. */
export function checksum(values: readonly (SQLInputValue | SQLOutputValue)[]): number {
  let sum = 0
  for (const value of values) {
    sum = ArrayBuffer.isView(value) ? crc32(bytesOf(value), sum) : crc32(`${value === null ? '' : value}\0`, sum)
  }
  return sum
}

function bytesOf(view: NodeJS.ArrayBufferView): Uint8Array {
  return view instanceof Uint8Array ? view : new Uint8Array(view.buffer, view.byteOffset, view.byteLength)
}

/**
 * Prepares writing whole rows of a table, checksum included. A row whose key is there already is refused by the
 * engine, replaced, or kept as it is.
 */
export function rowWriter<Column extends string>(
  db: DatabaseSync,
  table: Table<Column>,
  taken: 'refuse' | 'replace' | 'keep',
): (row: Readonly<Record<Column, SQLInputValue>>) => void {
  const columns = columnsOf(table)
  const changed = [...columns.filter(column => !table.key.includes(column)), 'sum']
  const onConflict = {
    refuse: '',
    replace: ` ON CONFLICT DO UPDATE SET ${changed.map(column => `${column} = excluded.${column}`).join(', ')}`,
    keep: ' ON CONFLICT DO NOTHING',
  }[taken]
  const insert = db.prepare(
    `INSERT INTO ${table.name} (${columns.join(', ')}, sum) VALUES (${columns.map(() => '?').join(', ')}, ?)${onConflict}`,
  )
  return row => {
    const values = columns.map(column => row[column])
    insert.run(...values, checksum(values))
  }
}

/** Prepares finding one row of a table by its whole key, its values in the order of `table.key`. */
export function rowFinder(db: DatabaseSync, table: Table): (...key: SQLInputValue[]) => Row | undefined {
  const select = db.prepare(
    `SELECT * FROM ${table.name} WHERE ${table.key.map(column => `${column} = ?`).join(' AND ')}`,
  )
  return (...key) => select.get(...key)
}

/** The columns of a table, checksum apart. */
export function columnsOf<Column extends string>(table: Table<Column>): readonly Column[] {
  const isColumn = (name: string): name is Column => name in table.columns
  return Object.keys(table.columns).filter(isColumn)
}

/** A text column; throws `store-failed` for anything else: the file is damaged. */
export function text(value: SQLOutputValue | undefined): string {
  if (typeof value !== 'string') throw damaged('text')
  return value
}

/** A number column; throws `store-failed` for anything else. */
export function number(value: SQLOutputValue | undefined): number {
  if (typeof value !== 'number') throw damaged('a number')
  return value
}

/** A blob column; throws `store-failed` for anything else. */
export function bytes(value: SQLOutputValue | undefined): Uint8Array {
  if (!(value instanceof Uint8Array)) throw damaged('bytes')
  return value
}

/** A text column that holds the id of a run. */
export function runOf(value: SQLOutputValue | undefined): RunId {
  return text(value) as RunId
}

/** A text column that holds a digest. */
export function digestOf(value: SQLOutputValue | undefined): Digest {
  return text(value) as Digest
}

function damaged(expected: string): MusterError {
  return new MusterError('store-failed', `a row does not hold ${expected} where it should`, {
    hint: 'check the store with `muster audit verify`',
  })
}
