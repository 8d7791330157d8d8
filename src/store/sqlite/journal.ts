/** The journal in SQLite: appending under the fence of a run, and reading. */
import type { DatabaseSync } from 'node:sqlite'
import { MusterError, type RunId } from '../../core/index.ts'
import type { StoredEvent, Write } from '../port.ts'
import { digestOf, number, type Row, rowWriter, runOf, text } from './row.ts'
import { events } from './schema.ts'

type Append = Extract<Write, { kind: 'append' }>

/** What can be asked of the journal inside one process, without waiting. */
export interface JournalTable {
  /** Adds events behind the head; the fence has been checked. */
  append(write: Append): void
  read(run: RunId, after: number, limit: number): readonly StoredEvent[]
  head(run: RunId): StoredEvent | undefined
  runs(after: string, limit: number): readonly RunId[]
}

/** Prepares the statements of the journal. */
export function journalTable(db: DatabaseSync): JournalTable {
  const insert = rowWriter(db, events, 'refuse')
  const lastSeq = db.prepare('SELECT max(seq) AS seq FROM events WHERE run = ?')
  const last = db.prepare('SELECT * FROM events WHERE run = ? ORDER BY seq DESC LIMIT 1')
  const page = db.prepare('SELECT * FROM events WHERE run = ? AND seq > ? ORDER BY seq LIMIT ?')
  // Steps from run to run through the index; DISTINCT would read every event.
  const ids = db.prepare(`
    WITH RECURSIVE found(run) AS (
      SELECT min(run) FROM events WHERE run > ?
      UNION ALL
      SELECT (SELECT min(run) FROM events WHERE run > found.run) FROM found WHERE found.run IS NOT NULL
    )
    SELECT run FROM found WHERE run IS NOT NULL LIMIT ?`)

  return {
    append({ run, after, events }) {
      const head = number(lastSeq.get(run)?.['seq'] ?? 0)
      if (head !== after) {
        throw new MusterError('stale-fence', `the journal of \`${run}\` stands at ${head}, not at ${after}`, {
          hint: 'read the run again and decide anew',
        })
      }
      for (const [index, event] of events.entries()) {
        if (event.seq !== after + 1 + index) {
          throw new MusterError('bad-input', `event ${event.seq} of \`${run}\` cannot follow ${after + index}`)
        }
        insert({ run, seq: event.seq, at: event.at, type: event.type, body: event.body, hash: event.hash })
      }
    },
    read: (run, after, limit) => page.all(run, after, limit).map(eventOf),
    head(run) {
      const row = last.get(run)
      return row && eventOf(row)
    },
    runs: (after, limit) => ids.all(after, limit).map(row => runOf(row['run'])),
  }
}

function eventOf(row: Row): StoredEvent {
  return {
    seq: number(row['seq']),
    at: number(row['at']),
    type: text(row['type']),
    body: text(row['body']),
    hash: digestOf(row['hash']),
  }
}
