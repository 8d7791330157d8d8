/** Pools and their reservations in SQLite; the arithmetic is that of `amounts.ts`. */
import type { DatabaseSync } from 'node:sqlite'
import { MusterError } from '../../core/index.ts'
import { checkAmounts, type PoolState, withReleased, withReserved, withSettled } from '../amounts.ts'
import type { Amounts, Write } from '../port.ts'
import { type Row, rowFinder, rowWriter, text } from './row.ts'
import { pools, reservations } from './schema.ts'

type Of<Kind extends Write['kind']> = Extract<Write, { kind: Kind }>

/** What can be asked of the pools inside one process, without waiting. */
export interface PoolTable {
  setCapacity(write: Of<'pool'>): void
  reserve(write: Of<'reserve'>): void
  release(write: Of<'release'>): void
  settle(write: Of<'settle'>): void
  get(pool: string): PoolState | undefined
  reservations(pool: string): readonly string[]
}

const empty: PoolState = { capacity: {}, reserved: {}, spent: {} }

/** Prepares the statements of the pools. */
export function poolTable(db: DatabaseSync): PoolTable {
  const findRow = rowFinder(db, pools)
  const putRow = rowWriter(db, pools, 'replace')
  const findReservation = rowFinder(db, reservations)
  const addReservation = rowWriter(db, reservations, 'refuse')
  const dropReservation = db.prepare('DELETE FROM reservations WHERE pool = ? AND id = ?')
  const ids = db.prepare('SELECT id FROM reservations WHERE pool = ? ORDER BY id')

  const get = (pool: string): PoolState | undefined => {
    const row = findRow(pool)
    return row && poolState(row)
  }

  const need = (pool: string): PoolState => {
    const state = get(pool)
    if (!state) throw new MusterError('not-found', `there is no pool \`${pool}\``)
    return state
  }

  const put = (pool: string, { capacity, reserved, spent }: PoolState) =>
    putRow({
      pool,
      capacity: JSON.stringify(capacity),
      reserved: JSON.stringify(reserved),
      spent: JSON.stringify(spent),
    })

  return {
    setCapacity({ pool, capacity }) {
      checkAmounts(capacity)
      put(pool, { ...(get(pool) ?? empty), capacity })
    },
    reserve({ pool, id, amounts }) {
      const state = need(pool)
      if (findReservation(pool, id)) throw new MusterError('conflict', `reservation \`${id}\` is already there`)
      put(pool, withReserved(pool, state, amounts))
      addReservation({ pool, id, amounts: JSON.stringify(amounts) })
    },
    release({ pool, id }) {
      const row = findReservation(pool, id)
      if (!row) return
      put(pool, withReleased(need(pool), amountsOf(row)))
      dropReservation.run(pool, id)
    },
    settle({ pool, id, spent }) {
      const state = need(pool)
      const row = findReservation(pool, id)
      if (!row) throw new MusterError('not-found', `there is no reservation \`${id}\` in pool \`${pool}\``)
      put(pool, withSettled(pool, state, amountsOf(row), spent))
      dropReservation.run(pool, id)
    },
    get,
    reservations: pool => ids.all(pool).map(row => text(row['id'])),
  }
}

function poolState(row: Row): PoolState {
  return { capacity: parse(row['capacity']), reserved: parse(row['reserved']), spent: parse(row['spent']) }
}

function amountsOf(row: Row): Amounts {
  return parse(row['amounts'])
}

function parse(value: Row[string] | undefined): Amounts {
  const amounts: Amounts = JSON.parse(text(value))
  return amounts
}
