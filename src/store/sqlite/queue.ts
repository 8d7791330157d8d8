/**
 * The queue in SQLite.
 *
 * 1. A run is `waiting` (for its time or a signal), `held` (by the owner of its fence) or `ended`; an ended run stays so.
 * 2. Only a claim raises the fence, and it always does.
 * 3. A signal that waits makes its run due at once: when it comes, if the run waits; else when its holder sleeps.
 */
import type { DatabaseSync } from 'node:sqlite'
import { MusterError, type RunId } from '../../core/index.ts'
import type { Claim, Signal, Write } from '../port.ts'
import { number, type Row, rowFinder, rowWriter, text, runOf } from './row.ts'
import { runs, signals } from './schema.ts'

type Of<Kind extends Write['kind']> = Extract<Write, { kind: Kind }>

interface RunRow {
  readonly run: RunId
  readonly tenant: string
  readonly priority: number
  readonly state: 'waiting' | 'held' | 'ended'
  readonly ready: number | null
  readonly fence: number
  readonly owner: string
}

/** What can be asked of the queue inside one process, without waiting. */
export interface QueueTable {
  enqueue(write: Of<'enqueue'>): void
  /** Throws `not-found` for an unknown run and `stale-fence` when `fence` is not its present one or it has ended. */
  checkFence(run: RunId, fence: number): void
  sleep(write: Of<'sleep'>): void
  conclude(write: Of<'conclude'>): void
  signal(write: Of<'signal'>): void
  consume(write: Of<'consume'>): void
  claim(owner: string, now: number, leaseMs: number): Claim | undefined
  renew(run: RunId, fence: number, leaseUntil: number): boolean
  nextDue(): number | undefined
  waiting(run: RunId): readonly Signal[]
}

// Before every time that a caller may call now: there is no clock down here.
const atOnce = 0

/** Prepares the statements of the queue. */
export function queueTable(db: DatabaseSync): QueueTable {
  const findRow = rowFinder(db, runs)
  const putRun = rowWriter(db, runs, 'replace')
  const findSignal = rowFinder(db, signals)
  const putSignal = rowWriter(db, signals, 'replace')
  const lastPosition = db.prepare('SELECT max(position) AS position FROM signals WHERE run = ?')
  const waiting = db.prepare('SELECT id, body FROM signals WHERE run = ? AND taken = 0 ORDER BY position')
  const anyWaiting = db.prepare('SELECT 1 FROM signals WHERE run = ? AND taken = 0 LIMIT 1')
  const dropSignals = db.prepare('DELETE FROM signals WHERE run = ?')
  const highest = db.prepare('SELECT max(priority) AS priority FROM runs WHERE ready IS NOT NULL')
  const lower = db.prepare('SELECT max(priority) AS priority FROM runs WHERE ready IS NOT NULL AND priority < ?')
  const soonest = db.prepare(
    'SELECT * FROM runs WHERE priority = ? AND ready IS NOT NULL ORDER BY priority, ready, run LIMIT 1',
  )

  const find = (run: RunId): RunRow => {
    const row = findRow(run)
    if (!row) throw new MusterError('not-found', `there is no run \`${run}\``)
    return runRow(row)
  }

  const present = (run: RunId, fence: number): RunRow => {
    const row = find(run)
    if (row.fence !== fence || row.state === 'ended') {
      const now = row.state === 'ended' ? 'it has ended' : `its fence is ${row.fence}`
      throw new MusterError('stale-fence', `fence ${fence} of \`${run}\` is no longer good: ${now}`, {
        hint: 'stop working on the run',
      })
    }
    return row
  }

  const held = (run: RunId, fence: number): RunRow => {
    const row = present(run, fence)
    if (row.state !== 'held') throw new MusterError('stale-fence', `\`${run}\` is not held by anybody`)
    return row
  }

  // The run of each priority that is ready first, highest priority first: a few seeks, however many runs there are.
  function* fronts(): Generator<RunRow> {
    let priority = highest.get()?.['priority']
    while (typeof priority === 'number') {
      const row = soonest.get(priority)
      if (row) yield runRow(row)
      priority = lower.get(priority)?.['priority']
    }
  }

  return {
    enqueue({ run, tenant, priority, due }) {
      if (findRow(run)) throw new MusterError('conflict', `run \`${run}\` is already there`)
      putRun({ run, tenant, priority, state: 'waiting', ready: due, fence: 0, owner: '' })
    },
    checkFence: present,
    sleep({ run, fence, until }) {
      const row = held(run, fence)
      const ready = anyWaiting.get(run) ? atOnce : (until ?? null)
      putRun({ ...row, state: 'waiting', ready, owner: '' })
    },
    conclude({ run, fence }) {
      const row = held(run, fence)
      putRun({ ...row, state: 'ended', ready: null, owner: '' })
      dropSignals.run(run)
    },
    signal({ run, id, body }) {
      const row = find(run)
      if (row.state === 'ended' || findSignal(run, id)) return
      const last = lastPosition.get(run)?.['position'] ?? 0
      putSignal({ run, id, position: number(last) + 1, body, taken: 0 })
      if (row.state === 'waiting') putRun({ ...row, ready: atOnce })
    },
    consume({ run, fence, id }) {
      held(run, fence)
      const row = findSignal(run, id)
      if (!row || row['taken'] !== 0) {
        throw new MusterError('conflict', `signal \`${id}\` of \`${run}\` is gone`, {
          hint: 'read the signals that wait and decide anew',
        })
      }
      putSignal({ run, id, position: number(row['position']), body: '', taken: 1 })
    },
    claim(owner, now, leaseMs) {
      for (const row of fronts()) {
        if (row.ready === null || row.ready > now) continue
        const fence = row.fence + 1
        const leaseUntil = now + leaseMs
        putRun({ ...row, state: 'held', ready: leaseUntil, fence, owner })
        return { run: row.run, tenant: row.tenant, fence, leaseUntil }
      }
      return undefined
    },
    renew(run, fence, leaseUntil) {
      const found = findRow(run)
      const row = found && runRow(found)
      if (row?.state !== 'held' || row.fence !== fence) return false
      putRun({ ...row, ready: leaseUntil })
      return true
    },
    nextDue() {
      let next: number | undefined
      for (const { ready } of fronts()) if (ready !== null) next = Math.min(next ?? ready, ready)
      return next
    },
    waiting: run => waiting.all(run).map(row => ({ id: text(row['id']), body: text(row['body']) })),
  }
}

function runRow(row: Row): RunRow {
  const state = row['state']
  return {
    run: runOf(row['run']),
    tenant: text(row['tenant']),
    priority: number(row['priority']),
    state: state === 'waiting' || state === 'held' ? state : 'ended',
    ready: row['ready'] === null ? null : number(row['ready']),
    fence: number(row['fence']),
    owner: text(row['owner']),
  }
}
