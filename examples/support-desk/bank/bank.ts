/**
 * The bank: one SQLite file.
 * 1. The file appears whole or not at all: it is generated beside its place and then moved there.
 * 2. A refund is paid once per key and once per payment, whoever asks and however often, also from several processes.
 */
import { existsSync, mkdirSync, renameSync, rmSync } from 'node:fs'
import { dirname } from 'node:path'
import { DatabaseSync, type SQLOutputValue } from 'node:sqlite'
import { MusterError } from 'muster'
import {
  type CardFile,
  type CardRecord,
  cardRecord,
  type CustomerRecord,
  customerRecord,
  type Entry,
  entryRecord,
  type OwedLine,
  type Receipt,
  receiptRecord,
  type Statement,
} from './account.ts'
import { generateBank } from './generate.ts'

const day = 86_400_000
const window = 90 * day
const usable: ReadonlySet<CardRecord['status']> = new Set(['active', 'inactive', 'frozen'])

/** The bank's records, open. */
export class Bank {
  readonly #db: DatabaseSync

  constructor(file: string) {
    this.#db = new DatabaseSync(file, { timeout: 5000 })
    this.#db.exec('pragma journal_mode = wal; pragma foreign_keys = on')
  }

  /** A customer's record; throws `not-found`. */
  customer(id: string): CustomerRecord {
    const row = this.#db.prepare('select * from customers where id = ?').get(id)
    if (row === undefined) {
      throw new MusterError('not-found', `the bank has no customer \`${id}\``, {
        hint: 'ask as a customer of the bank',
      })
    }
    return customerRecord.parse({ ...row })
  }

  /** The account's last ninety days as they stood at `asOf` (milliseconds since 1970). */
  statement(customerId: string, asOf: number): Statement {
    const rows = this.#db
      .prepare('select record from entries where customer = ? and at >= ? and at <= ? order by at desc, id')
      .all(customerId, iso(asOf - window), iso(asOf))
    const entries = rows.map(row => entryRecord.parse(recordOf(row)))
    return { customerId, asOf: iso(asOf), balanceCents: balanceOf(entries), entries }
  }

  /** Every card of a customer. */
  cardFile(customerId: string, now: number): CardFile {
    const rows = this.#db.prepare('select record from cards where customer = ? order by id').all(customerId)
    return { customerId, asOf: iso(now), cards: rows.map(row => cardRecord.parse(recordOf(row))) }
  }

  /**
   * Pays back every line of a claim at once. The same key gives the same receipt and moves no money again.
   * Throws `conflict` when one of the payments has been refunded under another key.
   */
  issueRefund(key: string, customerId: string, lines: readonly OwedLine[], now: number): Receipt {
    return this.#atOnce(() => {
      const known = this.#db.prepare('select record from receipts where key = ?').get(key)
      if (known !== undefined) return receiptOf(known)
      const paymentIds = lines.map(line => line.paymentId)
      const receipt: Receipt = {
        receiptId: `r-${key}`,
        customerId,
        amountCents: lines.reduce((sum, line) => sum + line.amountCents, 0),
        issuedAt: iso(now),
        arrivesAt: iso(now + day),
        paymentIds,
      }
      this.#db
        .prepare('insert into receipts (key, id, customer, record) values (?, ?, ?, ?)')
        .run(key, receipt.receiptId, customerId, JSON.stringify(receipt))
      for (const line of lines) this.#payBack(receipt, line)
      return receipt
    })
  }

  /** How many receipts there are, and what they sum to: the check that nothing was paid twice. */
  refundsPaid(customerId: string): { readonly count: number; readonly amountCents: number } {
    const rows = this.#db.prepare('select record from receipts where customer = ?').all(customerId).map(receiptOf)
    return { count: rows.length, amountCents: rows.reduce((sum, receipt) => sum + receipt.amountCents, 0) }
  }

  /** Blocks every card of plastic that could still be used and orders a replacement for each; again changes nothing. */
  blockCards(customerId: string, now: number): CardFile {
    return this.#atOnce(() => {
      for (const card of this.cardFile(customerId, now).cards) {
        if (card.kind !== 'physical' || !usable.has(card.status)) continue
        this.#saveCard(customerId, { ...card, status: 'blocked' })
        this.#saveCard(customerId, replacementOf(card, now))
      }
      return this.cardFile(customerId, now)
    })
  }

  /** Notes that a customer wants another address; it counts only once the customer has confirmed it. */
  requestAddress(key: string, customerId: string, address: string): void {
    this.#db
      .prepare(
        "insert into address_changes (key, customer, address, status) values (?, ?, ?, 'unconfirmed') on conflict (key) do nothing",
      )
      .run(key, customerId, address)
  }

  /** The addresses that wait for the customer's confirmation, oldest first. */
  requestedAddresses(customerId: string): string[] {
    const rows = this.#db
      .prepare('select address from address_changes where customer = ? order by rowid')
      .all(customerId)
    return rows.map(row => String(row.address))
  }

  /** How many customers and account entries there are. */
  size(): { readonly customers: number; readonly entries: number } {
    const count = (table: string) => Number(this.#db.prepare(`select count(*) as n from ${table}`).get()?.n)
    return { customers: count('customers'), entries: count('entries') }
  }

  [Symbol.dispose](): void {
    this.#db.close()
  }

  #payBack(receipt: Receipt, line: OwedLine): void {
    const taken = this.#db.prepare('select receipt from refunded where payment = ?').get(line.paymentId)
    if (taken !== undefined) {
      throw new MusterError('conflict', `payment \`${line.paymentId}\` has been refunded already`, {
        hint: 'read the account again',
      })
    }
    this.#db.prepare('insert into refunded (payment, receipt) values (?, ?)').run(line.paymentId, receipt.receiptId)
    this.#addEntry(receipt.customerId, {
      id: `p-${receipt.receiptId}-${line.paymentId}`,
      kind: 'refund',
      status: 'pending',
      at: receipt.issuedAt,
      settlesAt: receipt.arrivesAt,
      counterparty: line.counterparty,
      amountCents: line.amountCents,
      reason: 'paid-by-the-bank',
      channel: 'bank',
      country: line.country,
      relatesTo: line.paymentId,
    })
  }

  #addEntry(customerId: string, entry: Entry): void {
    this.#db
      .prepare('insert into entries (id, customer, at, record) values (?, ?, ?, ?)')
      .run(entry.id, customerId, entry.at, JSON.stringify(entry))
  }

  #saveCard(customerId: string, card: CardRecord): void {
    this.#db
      .prepare(
        'insert into cards (id, customer, record) values (?, ?, ?) on conflict (id) do update set record = excluded.record',
      )
      .run(card.id, customerId, JSON.stringify(card))
  }

  #atOnce<T>(work: () => T): T {
    this.#db.exec('begin immediate')
    try {
      const result = work()
      this.#db.exec('commit')
      return result
    } catch (error) {
      this.#db.exec('rollback')
      throw error
    }
  }
}

/**
 * Opens the bank at `file`, generating it first when it is absent: `customers` people (default 3,200) whose last ninety days end
 * at `now` (milliseconds since 1970), the same for the same `seed`.
 */
export function openBank(file: string, options: { now: number; seed?: number; customers?: number }): Bank {
  if (!existsSync(file)) {
    mkdirSync(dirname(file), { recursive: true })
    const beside = `${file}.${process.pid}.new`
    rmSync(beside, { force: true })
    generateBank(beside, { seed: 2026, customers: 3200, ...options })
    renameSync(beside, file)
  }
  return new Bank(file)
}

function balanceOf(entries: readonly Entry[]): number {
  let sum = 0
  for (const { kind, status, amountCents } of entries) {
    const comesIn = kind === 'transfer-in' || kind === 'top-up' || kind === 'refund'
    if (comesIn && status === 'completed') sum += amountCents
    if (!comesIn && (status === 'completed' || status === 'pending')) sum -= amountCents
  }
  return sum
}

function replacementOf(card: CardRecord, now: number): CardRecord {
  return {
    ...card,
    id: `${card.id}-r`,
    lastFour: String((Number(card.lastFour) * 7 + 1313) % 10_000).padStart(4, '0'),
    status: 'ordered',
    expiresAt: iso(now + 1460 * day),
    pinTriesLeft: 3,
    delivery: { orderedAt: iso(now), dueAt: iso(now + 5 * day), carrier: 'Postwerk' },
  }
}

type Row = Record<string, SQLOutputValue>

function recordOf(row: Row): unknown {
  return JSON.parse(String(row.record))
}

function receiptOf(row: Row): Receipt {
  return receiptRecord.parse(recordOf(row))
}

function iso(time: number): string {
  return new Date(time).toISOString()
}
