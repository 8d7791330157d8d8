/** Payments that the customer does not recognise. */
import type { PortValue } from 'muster'
import type { Customer, DirectDebitFinding, DisputeFinding } from '../concepts.ts'
import type { Entry, Statement } from '../bank/account.ts'
import { counted, dayOf, euros, hourOf, inAll } from '../words.ts'
import { owedFor, refundedIn, sumOf } from './charges.ts'

const fortyDays = 40 * 86_400_000

/**
 * Card payments and withdrawals of the last forty days in a country where the customer neither lives nor otherwise paid: the ones
 * that somebody else may have made. They are claimed; whether they are paid back is for the fraud check and for people.
 */
export function findUnrecognised(
  statement: Statement,
  customer: PortValue<typeof Customer>,
): PortValue<typeof DisputeFinding> {
  const refunded = refundedIn(statement)
  const recent = statement.entries.filter(
    entry =>
      (entry.kind === 'card-payment' || entry.kind === 'cash-withdrawal') &&
      (entry.status === 'completed' || entry.status === 'pending') &&
      Date.parse(statement.asOf) - Date.parse(entry.at) <= fortyDays,
  )
  const strange = recent.filter(entry => isStrange(entry, recent, customer.country) && !refunded.has(entry.id))
  const shown = strange.length > 0 ? strange : recent.slice(0, 5)
  const owed = strange.filter(entry => entry.status === 'completed').map(entry => owedFor(entry, 'not-recognised'))
  return {
    topic: 'DisputeFinding',
    summary:
      strange.length > 0
        ? `We found ${counted(strange.length, 'payment')} unlike your usual ones, ${inAll(strange.length, sumOf(strange))}, and have opened a claim.`
        : 'We see no payment in the last forty days that looks unlike you.',
    facts: shown.map(entry => ({
      about: entry.counterparty,
      text: `${euros(entry.amountCents)} at ${entry.counterparty} (${entry.country}) on ${dayOf(entry.at)} at ${hourOf(entry.at)}.`,
    })),
    owed,
    advice:
      strange.length > 0
        ? 'Please freeze your card in the app if it is not blocked already.'
        : 'Look at the payments above. If one is not yours, report it in the app with a touch on it, and freeze your card.',
  }
}

/** Direct debits of the last ninety days by who collected them. */
export function listDirectDebits(statement: Statement): PortValue<typeof DirectDebitFinding> {
  const debits = statement.entries.filter(entry => entry.kind === 'direct-debit')
  const byOriginator = Map.groupBy(debits, entry => entry.counterparty)
  return {
    topic: 'DirectDebitFinding',
    summary:
      debits.length === 0
        ? 'No direct debit was collected from your account in the last ninety days.'
        : `In the last ninety days we paid direct debits for you to ${counted(byOriginator.size, 'collector')}.`,
    facts: [...byOriginator].map(([about, [latest, ...earlier]]) => ({
      about,
      text: `${about} collected ${euros(latest?.amountCents ?? 0)}, last on ${dayOf(latest?.at ?? statement.asOf)}${
        earlier.length === 0 ? ', for the first time in these ninety days' : ''
      }.`,
    })),
    ...(debits.length === 0
      ? {}
      : {
          advice:
            'A direct debit that you never agreed to can be sent back in the app within eight weeks, no questions asked.',
        }),
  }
}

function isStrange(entry: Entry, all: readonly Entry[], home: string): boolean {
  if (entry.country === home) return false
  return all.filter(other => other.country === entry.country).length <= 2
}
