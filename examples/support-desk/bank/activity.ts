/** What happened on an account in the last ninety days: payments, transfers, cash, fees, and the mishaps that people ask about. */
import type { CardRecord, CustomerRecord, Entry } from './account.ts'
import type { Random } from './random.ts'
import { feeOf } from './tariff.ts'

const minute = 60_000
const hour = 60 * minute
const day = 24 * hour

const shops = [
  'Nordwind Outdoor', 'Cafe Linden', 'Greengrocer Maier', 'Station Books', 'Seidel Furniture', 'Volt Electronics',
  'Pharmacy am Markt', 'Blue Train Tickets', 'Cinema Apollo', 'Kite Airlines', 'Harbour Hotel', 'Fjord Knitwear',
] as const // biome-ignore format: a list of names reads best as a block
const originators = [
  'City Energy',
  'Aqua Waterworks',
  'Telko Mobile',
  'Fit Gym',
  'Streamly',
  'Homeguard Insurance',
] as const
const people = ['M. Okafor', 'J. Lindqvist', 'P. Moreau', 'S. Haddad', 'R. Visser', 'A. Keller'] as const
const currencies = [
  { currency: 'GBP', country: 'GB', marketMillionths: 1_168_000 },
  { currency: 'USD', country: 'US', marketMillionths: 921_000 },
  { currency: 'CHF', country: 'CH', marketMillionths: 1_043_000 },
] as const

const declines = [
  'insufficient-funds',
  'card-frozen',
  'daily-limit',
  'online-payments-off',
  'wrong-security-code',
] as const
const cashDeclines = ['insufficient-funds', 'wrong-pin', 'daily-limit', 'machine-out-of-cash'] as const
const transferDeclines = [
  'insufficient-funds',
  'name-mismatch',
  'recipient-blocked',
  'daily-limit',
  'invalid-iban',
] as const
const topUpFailures = ['card-issuer-refused', 'verification-not-completed', 'limit-reached'] as const

/** Draws entries and numbers them within one customer. */
interface Draft {
  readonly random: Random
  readonly customer: CustomerRecord
  readonly card: CardRecord
  readonly now: number
  readonly add: (entry: Omit<Entry, 'id' | 'at'> & { readonly at: number }) => Entry
}

/** The entries of one customer, in the order in which they were drawn. */
export function drawActivity(random: Random, customer: CustomerRecord, card: CardRecord, now: number): Entry[] {
  const entries: Entry[] = []
  const draft: Draft = {
    random,
    customer,
    card,
    now,
    add({ at, ...rest }) {
      const entry = { id: `p-${customer.id.slice(2)}-${entries.length + 1}`, at: new Date(at).toISOString(), ...rest }
      entries.push(entry)
      return entry
    },
  }
  drawIncome(draft)
  for (let left = random.whole(5, 12); left > 0; left--) drawCardPayment(draft)
  for (let left = random.whole(0, 3); left > 0; left--) drawCash(draft)
  for (let left = random.whole(0, 3); left > 0; left--) drawTransfer(draft)
  for (let left = random.whole(0, 2); left > 0; left--) drawTopUp(draft)
  for (let left = random.whole(0, 2); left > 0; left--) drawDirectDebit(draft)
  return entries
}

function drawIncome({ random, now, customer, add }: Draft): void {
  const amountCents = random.whole(140_000, 420_000)
  for (const ago of [4, 34, 65]) {
    const at = now - ago * day
    const base = { kind: 'transfer-in', counterparty: 'Employer', amountCents, channel: 'sepa' } as const
    add({ ...base, country: customer.country, status: 'completed', at })
  }
}

function drawCardPayment(draft: Draft): void {
  const { random, customer, card, now, add } = draft
  const at = now - random.whole(1, 85 * 24 * 60) * minute
  const money = drawMoney(draft, random.whole(250, 24_000))
  const payment = {
    kind: 'card-payment',
    counterparty: random.pick(shops),
    channel: random.pick(['chip', 'contactless', 'online']),
    cardId: card.id,
    ...money,
    at,
  } as const
  if (random.chance(0.1)) {
    add({ ...payment, status: 'declined', reason: random.pick(declines) })
    return
  }
  if (now - at < 3 * day && random.chance(0.6)) {
    const settlesAt = new Date(at + random.whole(3, 6) * day).toISOString()
    add({ ...payment, status: 'pending', reason: 'awaiting-merchant', settlesAt })
    return
  }
  if (random.chance(0.02)) {
    add({ ...payment, status: 'reverted', reason: random.pick(['cancelled-by-merchant', 'not-collected-in-time']) })
    return
  }
  const paid = add({ ...payment, status: 'completed' })
  drawFee(draft, paid, 'card-fee')
  if (random.chance(0.015)) add({ ...payment, status: 'completed', at: at + random.whole(1, 3) * minute })
  if (random.chance(0.08)) drawRefund(draft, paid, customer.country)
}

function drawRefund({ random, now, add }: Draft, paid: Entry, country: string): void {
  const at = Math.min(now - hour, Date.parse(paid.at) + random.whole(2, 20) * day)
  const refund = {
    kind: 'refund',
    counterparty: paid.counterparty,
    amountCents: paid.amountCents,
    channel: 'bank',
    country,
    relatesTo: paid.id,
    at,
  } as const
  const settlesAt = at + random.whole(3, 7) * day
  if (settlesAt < now) add({ ...refund, status: 'completed' })
  else add({ ...refund, status: 'pending', reason: 'sent-by-merchant', settlesAt: new Date(settlesAt).toISOString() })
}

function drawCash(draft: Draft): void {
  const { random, card, now, add } = draft
  const at = now - random.whole(1, 85 * 24) * hour
  const money = drawMoney(draft, random.whole(2, 30) * 1000)
  const base = {
    kind: 'cash-withdrawal',
    counterparty: 'Cash machine',
    channel: 'atm',
    cardId: card.id,
    ...money,
    at,
  } as const
  if (random.chance(0.1)) {
    add({ ...base, status: 'declined', reason: random.pick(cashDeclines) })
    return
  }
  if (now - at < 2 * day && random.chance(0.5)) {
    const settlesAt = new Date(at + 2 * day).toISOString()
    add({ ...base, status: 'pending', reason: 'awaiting-machine-report', settlesAt })
    return
  }
  const short = random.chance(0.03) ? 2000 : 0
  const taken = add({ ...base, status: 'completed', dispensedCents: Math.max(0, money.amountCents - short) })
  drawFee(draft, taken, 'cash-fee')
}

function drawTransfer(draft: Draft): void {
  const { random, customer, now, add } = draft
  const at = now - random.whole(2, 85 * 24) * hour
  const base = {
    kind: 'transfer-out',
    counterparty: random.pick(people),
    amountCents: random.whole(1000, 90_000),
    channel: random.chance(0.12) ? 'swift' : 'sepa',
    country: customer.country,
    at,
  } as const
  if (random.chance(0.12)) {
    add({ ...base, status: random.pick(['declined', 'failed']), reason: random.pick(transferDeclines) })
    return
  }
  if (now - at < 3 * day) {
    const settlesAt = new Date(at + (base.channel === 'swift' ? 4 : 2) * day)
    if (settlesAt.getTime() > now) {
      const reason = random.pick(['after-cut-off', 'weekend', 'security-check'])
      add({ ...base, status: 'pending', reason, settlesAt: settlesAt.toISOString() })
      return
    }
  }
  drawFee(draft, add({ ...base, status: 'completed' }), 'transfer-fee')
}

function drawTopUp(draft: Draft): void {
  const { random, customer, now, add } = draft
  const at = now - random.whole(1, 60 * 24) * hour
  const channel = random.pick(['card', 'bank', 'cheque'])
  const amountCents = random.whole(2, 40) * 1000
  const base = { kind: 'top-up', counterparty: 'Top-up', amountCents, channel, country: customer.country, at } as const
  if (random.chance(0.15)) {
    add({ ...base, status: random.pick(['failed', 'reverted']), reason: random.pick(topUpFailures) })
    return
  }
  if (now - at < 2 * day) {
    const settlesAt = new Date(at + (channel === 'cheque' ? 6 : 3) * day).toISOString()
    add({ ...base, status: 'pending', reason: 'awaiting-sender-bank', settlesAt })
    return
  }
  drawFee(draft, add({ ...base, status: 'completed' }), 'top-up-fee')
}

function drawDirectDebit({ random, customer, now, add }: Draft): void {
  const counterparty = random.pick(originators)
  const amountCents = random.whole(800, 9000)
  for (const ago of random.chance(0.3) ? [8] : [8, 39, 69]) {
    const base = { kind: 'direct-debit', counterparty, amountCents, channel: 'sepa' } as const
    add({ ...base, country: customer.country, status: 'completed', at: now - ago * day })
  }
}

function drawFee({ random, customer, add }: Draft, paid: Entry, kind: string): void {
  const due = feeOf(paid)
  const mistaken = due === undefined && random.chance(0.012)
  if (due === undefined && !mistaken) return
  add({
    kind: 'fee',
    status: 'completed',
    counterparty: paid.counterparty,
    amountCents: due?.amountCents ?? 150,
    reason: due?.reason ?? kind,
    channel: 'bank',
    country: customer.country,
    relatesTo: paid.id,
    at: Date.parse(paid.at) + minute,
  })
}

function drawMoney(
  { random, customer }: Draft,
  amountCents: number,
): Pick<Entry, 'amountCents' | 'country' | 'foreign'> {
  if (!random.chance(0.08)) return { amountCents, country: customer.country }
  const { currency, country, marketMillionths } = random.pick(currencies)
  const rateMillionths = Math.round(marketMillionths * 1.004)
  return {
    amountCents: Math.round((amountCents * rateMillionths) / 1_000_000),
    country,
    foreign: { currency, amountCents, rateMillionths, marketMillionths },
  }
}
