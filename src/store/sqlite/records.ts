/** Records and blobs in SQLite. */
import type { DatabaseSync } from 'node:sqlite'
import { type Digest, MusterError } from '../../core/index.ts'
import type { StoredRecord, Write } from '../port.ts'
import { bytes, digestOf, number, type Row, rowFinder, rowWriter, text } from './row.ts'
import { blobs, records } from './schema.ts'

/** What can be asked of the records inside one process, without waiting. */
export interface RecordTable {
  put(write: Extract<Write, { kind: 'record' }>): void
  get(space: string, key: string): StoredRecord | undefined
  list(
    space: string,
    group: string,
    page: { readonly after?: string; readonly limit: number; readonly descending?: boolean },
  ): readonly StoredRecord[]
}

/** Prepares the statements of the records. */
export function recordTable(db: DatabaseSync): RecordTable {
  const find = rowFinder(db, records)
  const put = rowWriter(db, records, 'replace')
  const select = 'SELECT * FROM records WHERE space = ? AND grp = ?'
  const first = db.prepare(`${select} ORDER BY key LIMIT ?`)
  const up = db.prepare(`${select} AND key > ? ORDER BY key LIMIT ?`)
  const last = db.prepare(`${select} ORDER BY key DESC LIMIT ?`)
  const down = db.prepare(`${select} AND key < ? ORDER BY key DESC LIMIT ?`)

  return {
    put({ space, key, version, group, value }) {
      const present = number(find(space, key)?.['version'] ?? 0)
      if (present !== version) {
        throw new MusterError('conflict', `\`${space}/${key}\` is at version ${present}, not ${version}`, {
          hint: 'read it again and decide anew',
        })
      }
      put({ space, key, version: version + 1, grp: group, value })
    },
    get(space, key) {
      const row = find(space, key)
      return row && recordOf(row)
    },
    list(space, group, { after, limit, descending = false }) {
      const rows =
        after === undefined
          ? (descending ? last : first).all(space, group, limit)
          : (descending ? down : up).all(space, group, after, limit)
      return rows.map(recordOf)
    },
  }
}

function recordOf(row: Row): StoredRecord {
  return {
    key: text(row['key']),
    version: number(row['version']),
    group: text(row['grp']),
    value: text(row['value']),
  }
}

/** What can be asked of the blobs inside one process, without waiting. */
export interface BlobTable {
  put(write: Extract<Write, { kind: 'blob' }>): void
  get(digest: Digest): Uint8Array | undefined
  digests(after: string, limit: number): readonly Digest[]
}

/** Prepares the statements of the blobs. */
export function blobTable(db: DatabaseSync): BlobTable {
  const put = rowWriter(db, blobs, 'keep')
  const find = rowFinder(db, blobs)
  const digests = db.prepare('SELECT digest FROM blobs WHERE digest > ? ORDER BY digest LIMIT ?')
  return {
    put: ({ digest, bytes }) => put({ digest, bytes }),
    get(digest) {
      const row = find(digest)
      return row && bytes(row['bytes'])
    },
    digests: (after, limit) => digests.all(after, limit).map(row => digestOf(row['digest'])),
  }
}
