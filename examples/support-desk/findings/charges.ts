/** What was charged, and whether it was right: duplicates, fees, cash that did not come, exchange rates. */
import type { PortValue } from 'muster'
import type { Entry, OwedLine, Statement } from '../bank/account.ts'
import { feeOf } from '../bank/tariff.ts'
import type { CashAmountFinding, DuplicateFinding, ExchangeRateFinding, FeeFinding } from '../concepts.ts'
import { counted, dayOf, euros, inAll } from '../words.ts'

const tenMinutes = 600_000

/** Payments that were charged again within ten minutes: same card, shop and amount. */
export function findDuplicates(statement: Statement): PortValue<typeof DuplicateFinding> {
  const refunded = refundedIn(statement)
  const paid = statement.entries.filter(e => e.kind === 'card-payment' && e.status === 'completed').toReversed()
  const again = paid.filter((entry, at) => paid.slice(0, at).some(earlier => isSame(earlier, entry)))
  const owed = again.filter(entry => !refunded.has(entry.id)).map(entry => owedFor(entry, 'charged-twice'))
  const facts = again.map(entry => ({
    about: entry.counterparty,
    text: refunded.has(entry.id)
      ? `The second charge of ${euros(entry.amountCents)} by ${entry.counterparty} on ${dayOf(entry.at)} has already been refunded.`
      : `${entry.counterparty} charged ${euros(entry.amountCents)} twice on ${dayOf(entry.at)}; the second charge is owed to you.`,
  }))
  const summary =
    again.length === 0
      ? 'We went through your card payments of the last ninety days and none was charged twice.'
      : owed.length === 0
        ? 'You were charged twice, and what was too much has already been refunded.'
        : `You are right: we found ${counted(owed.length, 'payment')} charged twice, ${inAll(owed.length, sumOf(owed))}.`
  const advice =
    again.length === 0 ? 'A second line that is pending falls away by itself within seven days.' : undefined
  return { topic: 'DuplicateFinding', summary, facts, owed, ...(advice === undefined ? {} : { advice }) }
}

/** Fees, each with the rule of the tariff that it rests on; those that rest on none are owed. */
export function explainFees(statement: Statement): PortValue<typeof FeeFinding> {
  const refunded = refundedIn(statement)
  const fees = statement.entries.filter(entry => entry.kind === 'fee')
  const owed: OwedLine[] = []
  const facts = fees.map(fee => {
    const paid = statement.entries.find(entry => entry.id === fee.relatesTo)
    const due = paid === undefined ? undefined : feeOf(paid)
    const what = `The fee of ${euros(fee.amountCents)} on ${dayOf(fee.at)} for ${fee.counterparty}`
    if (paid === undefined || due !== undefined) return { about: fee.counterparty, text: `${what} is ${ruleOf(fee)}.` }
    if (refunded.has(fee.id))
      return { about: fee.counterparty, text: `${what} was not due and has already been refunded.` }
    owed.push(owedFor(fee, 'fee-not-due'))
    return { about: fee.counterparty, text: `${what} was a mistake of ours: our tariff has no such fee.` }
  })
  const charged = `You were charged ${counted(fees.length, 'fee')} in the last ninety days, ${inAll(fees.length, sumOf(fees))}`
  const verdict =
    owed.length === 0
      ? ''
      : owed.length === fees.length
        ? ', and we owe it back to you'
        : `; ${euros(sumOf(owed))} of it we owe back to you`
  const summary = fees.length === 0 ? 'You were charged no fees in the last ninety days.' : `${charged}${verdict}.`
  return {
    topic: 'FeeFinding',
    summary,
    facts,
    owed,
    advice: 'Card payments in euros, cash in euros and SEPA transfers are free.',
  }
}

/** Cash withdrawals for which the machine handed out less than was booked. */
export function checkCash(statement: Statement): PortValue<typeof CashAmountFinding> {
  const refunded = refundedIn(statement)
  const taken = statement.entries.filter(e => e.kind === 'cash-withdrawal' && e.status === 'completed')
  const short = taken.filter(entry => (entry.dispensedCents ?? entry.amountCents) < entry.amountCents)
  const open = short.filter(entry => !refunded.has(entry.id))
  const owed = open.map(entry => ({
    ...owedFor(entry, 'cash-not-dispensed'),
    amountCents: entry.amountCents - (entry.dispensedCents ?? 0),
  }))
  return {
    topic: 'CashAmountFinding',
    summary:
      owed.length > 0
        ? `The machine’s own journal shows that it handed out ${euros(sumOf(owed))} less than was booked.`
        : short.length > 0
          ? 'The missing cash has already been refunded.'
          : 'We compared your withdrawals with the journals of the machines: each handed out what was booked.',
    facts: open.map(entry => ({
      about: entry.counterparty,
      text: `On ${dayOf(entry.at)} ${euros(entry.amountCents)} was booked and ${euros(entry.dispensedCents ?? 0)} handed out.`,
    })),
    owed,
    ...(short.length === 0 ? { advice: 'If you counted less, send us a photo of the slip.' } : {}),
  }
}

/** The rates of payments and withdrawals in other currencies. */
export function explainRates(statement: Statement): PortValue<typeof ExchangeRateFinding> {
  const facts = statement.entries.flatMap(({ foreign, counterparty, amountCents, at, status }) => {
    if (foreign === undefined || status !== 'completed') return []
    const abroad = `${foreign.currency} ${(foreign.amountCents / 100).toFixed(2)}`
    const over = ((foreign.rateMillionths / foreign.marketMillionths - 1) * 100).toFixed(1)
    const rate = (foreign.rateMillionths / 1_000_000).toFixed(4)
    return [
      {
        about: counterparty,
        text: `${abroad} for ${counterparty} on ${dayOf(at)} became ${euros(amountCents)} at ${rate} euros each, ${over}% above the market’s rate.`,
      },
    ]
  })
  return {
    topic: 'ExchangeRateFinding',
    summary:
      facts.length === 0
        ? 'You have paid or withdrawn nothing in another currency in the last ninety days.'
        : 'We apply the market’s rate of the moment plus 0.4%, for cards and cash alike.',
    facts,
    ...(facts.length === 0
      ? {}
      : { advice: 'If a shop or machine offers to convert for you, decline: its own rate is not ours.' }),
  }
}

/** The ids of what has been given back or is on its way back. */
export function refundedIn(statement: Statement): ReadonlySet<string> {
  const ids = statement.entries.flatMap(entry =>
    entry.kind === 'refund' && entry.relatesTo !== undefined ? [entry.relatesTo] : [],
  )
  return new Set(ids)
}

/** An entry as a line of what is owed. */
export function owedFor(entry: Entry, reason: OwedLine['reason']): OwedLine {
  const { id, counterparty, country, at, amountCents } = entry
  return { paymentId: id, counterparty, country, at, amountCents, reason }
}

/** Cents in all. */
export function sumOf(lines: readonly { readonly amountCents: number }[]): number {
  return lines.reduce((sum, line) => sum + line.amountCents, 0)
}

function isSame(a: Entry, b: Entry): boolean {
  const apart = Math.abs(Date.parse(a.at) - Date.parse(b.at))
  return (
    a.counterparty === b.counterparty && a.amountCents === b.amountCents && a.cardId === b.cardId && apart <= tenMinutes
  )
}

function ruleOf(fee: Entry): string {
  const rules: Readonly<Record<string, string>> = {
    'exchange-fee': '1% for changing another currency',
    'foreign-cash-fee': '€2.00 and 1% for cash in another currency',
    'international-transfer-fee': '€5.00 for a transfer outside SEPA',
    'card-top-up-fee': '1% for topping up by card',
  }
  return rules[fee.reason ?? ''] ?? 'in our tariff'
}
