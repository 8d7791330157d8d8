/** Finds what is wrong with a store file. It looks through a connection of its own: an old one remembers good pages. */
import { DatabaseSync } from 'node:sqlite'
import { checksum, columnsOf, type Row } from './row.ts'
import { type Table, tables } from './schema.ts'

/** What is wrong with the store in `file`, a line each; never throws. */
export function findDamage(file: string): readonly string[] {
  const found: string[] = []
  try {
    using db = new DatabaseSync(file, { readOnly: true, timeout: 5000 })
    found.push(...attempt('the file cannot be checked', () => damagedPages(db)))
    for (const table of tables) {
      found.push(...attempt(`table \`${table.name}\` cannot be read`, () => damagedRows(db, table, found)))
    }
  } catch (thrown) {
    found.push(line('the file cannot be opened', thrown))
  }
  return found
}

function attempt(failure: string, look: () => readonly string[]): readonly string[] {
  try {
    return look()
  } catch (thrown) {
    return [line(failure, thrown)]
  }
}

function damagedPages(db: DatabaseSync): readonly string[] {
  return db
    .prepare('PRAGMA integrity_check')
    .all()
    .map(row => String(row['integrity_check']))
    .filter(message => message !== 'ok')
    .map(message => `the file is damaged: ${message}`)
}

// Lines go out one by one, so that those found before an unreadable page are kept.
function damagedRows(db: DatabaseSync, table: Table, found: string[]): readonly string[] {
  const columns = columnsOf(table)
  const select = db.prepare(`SELECT * FROM ${table.name}`)
  // A damaged whole number may be too large for a JavaScript number.
  select.setReadBigInts(true)
  for (const row of select.iterate()) {
    const sum = checksum(columns.map(column => row[column] ?? null))
    if (BigInt(sum) !== row['sum']) found.push(`${table.noun} \`${keyOf(table, row)}\`: its checksum does not match`)
  }
  return []
}

function keyOf(table: Table, row: Row): string {
  return table.key.map(column => String(row[column])).join('/')
}

function line(failure: string, thrown: unknown): string {
  return `${failure}: ${thrown instanceof Error ? thrown.message : String(thrown)}`
}
