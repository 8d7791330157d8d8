/** What the bank knows of a customer: the shapes of its records. Amounts are whole euro cents, times are ISO 8601 in UTC. */
import { z } from 'zod'

const time = z.iso.datetime()
const cents = z.int().min(0)

const entryKinds = [
  'card-payment',
  'cash-withdrawal',
  'direct-debit',
  'transfer-out',
  'transfer-in',
  'top-up',
  'refund',
  'fee',
] as const

/** A customer of the bank. */
export const customerRecord = z.object({
  id: z.string().regex(/^c-\d{4,6}$/),
  name: z.string(),
  email: z.string(),
  street: z.string(),
  postcode: z.string(),
  city: z.string(),
  /** ISO 3166 code of the country of residence. */
  country: z.string().length(2),
  since: time,
  identity: z.enum(['verified', 'in-review', 'document-unreadable', 'not-started']),
})
export type CustomerRecord = z.output<typeof customerRecord>

/** One line of an account: money that moved, is about to move, or was refused. */
export const entryRecord = z.object({
  id: z.string(),
  kind: z.enum(entryKinds),
  status: z.enum(['completed', 'pending', 'declined', 'failed', 'reverted']),
  at: time,
  /** When a pending entry is expected to settle. */
  settlesAt: time.optional(),
  /** The shop, the person, the cash machine: whoever is on the other side. */
  counterparty: z.string(),
  amountCents: cents,
  /** Why it was declined, waits, failed or was charged; one of the bank's reason codes. */
  reason: z.string().optional(),
  channel: z.enum(['chip', 'contactless', 'online', 'atm', 'sepa', 'swift', 'card', 'cheque', 'bank']),
  country: z.string().length(2),
  cardId: z.string().optional(),
  /** The entry that a refund gives back or that a fee was charged for. */
  relatesTo: z.string().optional(),
  /** For money in another currency: the amount there, and the rates applied and quoted by the market, in millionths of a euro per unit. */
  foreign: z
    .object({ currency: z.string().length(3), amountCents: cents, rateMillionths: cents, marketMillionths: cents })
    .optional(),
  /** For a cash withdrawal: what the machine's own journal says it handed out. */
  dispensedCents: cents.optional(),
})
export type Entry = z.output<typeof entryRecord>

/** A customer's account over the last ninety days, newest entry first. */
export const statementRecord = z.object({
  customerId: z.string(),
  asOf: time,
  balanceCents: z.int(),
  entries: z.array(entryRecord),
})
export type Statement = z.output<typeof statementRecord>

/** A card of a customer. */
export const cardRecord = z.object({
  id: z.string(),
  kind: z.enum(['physical', 'virtual']),
  lastFour: z.string().length(4),
  status: z.enum(['ordered', 'inactive', 'active', 'frozen', 'blocked', 'expired']),
  /** Last day of use. */
  expiresAt: time,
  pinTriesLeft: z.int().min(0).max(3),
  contactless: z.boolean(),
  /** Present while it is under way or has come by post. */
  delivery: z
    .object({
      orderedAt: time,
      sentAt: time.optional(),
      dueAt: time,
      deliveredAt: time.optional(),
      carrier: z.string(),
      tracking: z.string().optional(),
    })
    .optional(),
})
export type CardRecord = z.output<typeof cardRecord>

/** Every card of a customer. */
export const cardFileRecord = z.object({ customerId: z.string(), asOf: time, cards: z.array(cardRecord) })
export type CardFile = z.output<typeof cardFileRecord>

/** Money that the bank owes a customer, one entry each. */
export const owedLine = z.object({
  paymentId: z.string(),
  counterparty: z.string(),
  country: z.string().length(2),
  at: time,
  amountCents: z.int().min(1),
  reason: z.enum(['charged-twice', 'fee-not-due', 'cash-not-dispensed', 'not-recognised']),
})
export type OwedLine = z.output<typeof owedLine>

/** The proof that money was sent back. */
export const receiptRecord = z.object({
  receiptId: z.string(),
  customerId: z.string(),
  amountCents: z.int().min(1),
  issuedAt: time,
  arrivesAt: time,
  paymentIds: z.array(z.string()).min(1),
})
export type Receipt = z.output<typeof receiptRecord>
