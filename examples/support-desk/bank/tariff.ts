/** What the bank charges for, by its own tariff. A fee that is not due by it is owed back. */
import type { Entry } from './account.ts'

/** A fee as the tariff has it. */
export interface Fee {
  readonly reason: 'exchange-fee' | 'foreign-cash-fee' | 'international-transfer-fee' | 'card-top-up-fee'
  readonly amountCents: number
}

/** The fee that is due for an entry, or undefined when it is free. */
export function feeOf(entry: Pick<Entry, 'kind' | 'channel' | 'amountCents' | 'foreign'>): Fee | undefined {
  const share = (percent: number) => Math.max(1, Math.round((entry.amountCents * percent) / 100))
  if (entry.kind === 'card-payment' && entry.foreign) return { reason: 'exchange-fee', amountCents: share(1) }
  if (entry.kind === 'cash-withdrawal' && entry.foreign)
    return { reason: 'foreign-cash-fee', amountCents: 200 + share(1) }
  if (entry.kind === 'transfer-out' && entry.channel === 'swift')
    return { reason: 'international-transfer-fee', amountCents: 500 }
  if (entry.kind === 'top-up' && entry.channel === 'card') return { reason: 'card-top-up-fee', amountCents: share(1) }
  return undefined
}
