/**
 * Customers whose accounts are known beforehand, for demonstrations and tests. Everybody else is drawn at random.
 * c-1001: a refund on its way, a payment declined. c-1002: charged twice, above the first limit. c-1003: a stolen card and cash
 * taken abroad at night. c-1004: charged twice for little. c-1005: charged twice for a lot. c-1006: a card, a transfer and a
 * top-up under way, and a fee that was not due.
 */
import type { CardRecord, CustomerRecord, Entry } from './account.ts'

/** A customer with cards and entries. */
export interface Account {
  readonly customer: CustomerRecord
  readonly cards: readonly CardRecord[]
  readonly entries: readonly Entry[]
}

const hour = 3_600_000
const day = 24 * hour

/** The known accounts as of `now` (milliseconds since 1970). */
export function knownAccounts(now: number): readonly Account[] {
  const ago = (time: number) => new Date(now - time).toISOString()
  const night = new Date(now - 2 * day)
  night.setUTCHours(2, 41, 0, 0)

  const account = (id: string, name: string, town: Town, entries: readonly Draft[], more?: CardRecord): Account => {
    const number = id.slice(2)
    const card: CardRecord = {
      id: `card-${number}-1`,
      kind: 'physical',
      lastFour: `4${number.slice(1)}`,
      status: 'active',
      expiresAt: ago(-700 * day),
      pinTriesLeft: 3,
      contactless: true,
    }
    const numbered = [salary, ...entries].map((entry, index) => ({
      id: `p-${number}-${index + 1}`,
      country: town.country,
      status: 'completed' as const,
      channel: 'chip' as const,
      ...(entry.kind === 'card-payment' || entry.kind === 'cash-withdrawal' ? { cardId: card.id } : {}),
      ...entry,
    }))
    return {
      customer: {
        id,
        name,
        email: `${name.toLowerCase().replaceAll(' ', '.')}@example.com`,
        ...town,
        since: ago(900 * day),
        identity: 'verified',
      },
      cards: more ? [card, more] : [card],
      entries: numbered,
    }
  }

  const salary: Draft = {
    kind: 'transfer-in',
    counterparty: 'Employer',
    amountCents: 238_000,
    channel: 'sepa',
    at: ago(25 * day),
  }
  const paid = (counterparty: string, amountCents: number, at: number, more: Partial<Draft> = {}): Draft => ({
    kind: 'card-payment',
    counterparty,
    amountCents,
    at: ago(at),
    ...more,
  })
  const twice = (counterparty: string, amountCents: number, at: number): Draft[] => [
    paid(counterparty, amountCents, at),
    paid(counterparty, amountCents, at - 2 * 60_000),
  ]
  const newCard: CardRecord = {
    id: 'card-1006-2',
    kind: 'physical',
    lastFour: '7720',
    status: 'ordered',
    expiresAt: ago(-1400 * day),
    pinTriesLeft: 3,
    contactless: true,
    delivery: {
      orderedAt: ago(6 * day),
      sentAt: ago(4 * day),
      dueAt: ago(-3 * day),
      carrier: 'Postwerk',
      tracking: 'PW20418837',
    },
  }

  return [
    account('c-1001', 'Ana Ferreira', towns.lisbon, [
      paid('Nordwind Outdoor', 8490, 16 * day, { channel: 'online' }),
      {
        kind: 'refund',
        counterparty: 'Nordwind Outdoor',
        amountCents: 8490,
        channel: 'bank',
        status: 'pending',
        reason: 'sent-by-merchant',
        relatesTo: 'p-1001-2',
        at: ago(2 * day),
        settlesAt: ago(-3 * day),
      },
      paid('Kite Airlines', 221_500, 5 * day, { channel: 'online' }),
      paid('Station Books', 12_640, 20 * hour, { status: 'declined', reason: 'insufficient-funds' }),
    ]),
    account('c-1002', 'Jonas Weber', towns.hamburg, twice('Seidel Furniture', 24_900, 4 * day)),
    account('c-1003', 'Leyla Demir', towns.vienna, [
      paid('Cafe Linden', 640, 3 * day, { channel: 'contactless' }),
      {
        kind: 'cash-withdrawal',
        counterparty: 'Cash machine, Bucharest North',
        amountCents: 9000,
        dispensedCents: 9000,
        channel: 'atm',
        country: 'RO',
        at: night.toISOString(),
      },
    ]),
    account('c-1004', 'Tomas Novak', towns.dublin, twice('Cinema Apollo', 1850, 30 * hour)),
    account('c-1005', 'Ines Costa', towns.lisbon, twice('Kite Airlines', 148_000, 6 * day)),
    account(
      'c-1006',
      'Marek Kowalski',
      towns.utrecht,
      [
        paid('Greengrocer Maier', 2310, 7 * day),
        {
          kind: 'fee',
          counterparty: 'Greengrocer Maier',
          amountCents: 150,
          reason: 'card-fee',
          channel: 'bank',
          relatesTo: 'p-1006-2',
          at: ago(7 * day),
        },
        {
          kind: 'transfer-out',
          counterparty: 'P. Moreau',
          amountCents: 40_000,
          channel: 'sepa',
          status: 'pending',
          reason: 'after-cut-off',
          at: ago(14 * hour),
          settlesAt: ago(-1 * day),
        },
        {
          kind: 'top-up',
          counterparty: 'Top-up',
          amountCents: 20_000,
          channel: 'cheque',
          status: 'pending',
          reason: 'awaiting-sender-bank',
          at: ago(day),
          settlesAt: ago(-4 * day),
        },
      ],
      newCard,
    ),
  ]
}

type Draft = Pick<Entry, 'kind' | 'counterparty' | 'amountCents' | 'at'> & Partial<Entry>
type Town = Pick<CustomerRecord, 'street' | 'postcode' | 'city' | 'country'>

const towns = {
  lisbon: { street: '14 Harbour Road', postcode: '1200', city: 'Lisbon', country: 'PT' },
  hamburg: { street: '7 Mill Lane', postcode: '20095', city: 'Hamburg', country: 'DE' },
  vienna: { street: '91 Linden Street', postcode: '1010', city: 'Vienna', country: 'AT' },
  dublin: { street: '3 Orchard Way', postcode: 'D02', city: 'Dublin', country: 'IE' },
  utrecht: { street: '22 Station Road', postcode: '3511', city: 'Utrecht', country: 'NL' },
} as const satisfies Record<string, Town>
