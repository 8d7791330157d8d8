/** Why money was refused: card payments, cash, transfers. */
import type { PortValue } from 'muster'
import type { Entry, Statement } from '../bank/account.ts'
import type { CashDeclineFinding, DeclineFinding, TransferDeclineFinding } from '../concepts.ts'
import { dayOf, euros } from '../words.ts'

interface Reason {
  readonly because: string
  readonly advice: string
}

const reasons: Readonly<Record<string, Reason>> = {
  'insufficient-funds': {
    because: 'there was not enough money in the account at that moment',
    advice: 'Top up your account and try again.',
  },
  'card-frozen': { because: 'the card was frozen', advice: 'Unfreeze the card in the app, then try again.' },
  'daily-limit': {
    because: 'it would have gone over the daily limit',
    advice: 'Try again tomorrow, or raise the limit in the app under Limits.',
  },
  'online-payments-off': {
    because: 'online payments are switched off for this card',
    advice: 'Switch on online payments in the app under Card settings.',
  },
  'wrong-security-code': {
    because: 'the security code was not the one on the card',
    advice: 'Type the three digits from the back of the card and try again.',
  },
  'wrong-pin': { because: 'the PIN was wrong', advice: 'You can look up your PIN in the app under Card settings.' },
  'machine-out-of-cash': {
    because: 'the machine had run out of cash',
    advice: 'No money has left your account. Another machine will do.',
  },
  'name-mismatch': {
    because: 'the name did not belong to that account number',
    advice: 'Ask the recipient for the exact name and send it again.',
  },
  'recipient-blocked': {
    because: 'we may not send money to that recipient',
    advice: 'Transfers to this recipient will not go through; please use another account of theirs.',
  },
  'invalid-iban': {
    because: 'the account number does not exist',
    advice: 'Check the IBAN with the recipient and send it again.',
  },
}

const unknown: Reason = { because: 'the other side refused it without a reason', advice: 'Please try again.' }

/** Declined card payments, the latest first. */
export function explainDeclines(statement: Statement): PortValue<typeof DeclineFinding> {
  const refused = refusedOf(statement, 'card-payment')
  return { topic: 'DeclineFinding', ...explain(refused, 'card payment', statement) }
}

/** Declined cash withdrawals, the latest first. */
export function explainCashDeclines(statement: Statement): PortValue<typeof CashDeclineFinding> {
  return {
    topic: 'CashDeclineFinding',
    ...explain(refusedOf(statement, 'cash-withdrawal'), 'cash withdrawal', statement),
  }
}

/** Transfers that were declined or failed, the latest first. */
export function explainTransferDeclines(statement: Statement): PortValue<typeof TransferDeclineFinding> {
  return { topic: 'TransferDeclineFinding', ...explain(refusedOf(statement, 'transfer-out'), 'transfer', statement) }
}

function refusedOf(statement: Statement, kind: Entry['kind']): Entry[] {
  return statement.entries.filter(e => e.kind === kind && (e.status === 'declined' || e.status === 'failed'))
}

function explain(refused: readonly Entry[], noun: string, statement: Statement) {
  const [latest] = refused
  if (latest === undefined) {
    return {
      summary: `No ${noun} of yours was declined in the last ninety days.`,
      facts: [],
      advice: 'If one was refused without reaching us, ask the other side what it saw.',
    }
  }
  const balance =
    latest.reason === 'insufficient-funds' ? ` Your balance today is ${euros(statement.balanceCents)}.` : ''
  const where = noun === 'cash withdrawal' ? '' : ` to ${latest.counterparty}`
  return {
    summary: `Your ${noun} of ${euros(latest.amountCents)}${where} on ${dayOf(latest.at)} was declined because ${reasonOf(latest).because}.${balance}`,
    ...(where === '' ? {} : { about: latest.counterparty }),
    facts: refused.slice(1).map(entry => ({
      about: entry.counterparty,
      text: `${euros(entry.amountCents)} to ${entry.counterparty} on ${dayOf(entry.at)} was declined because ${reasonOf(entry).because}. ${reasonOf(entry).advice}`,
    })),
    advice: reasonOf(latest).advice,
  }
}

function reasonOf(entry: Entry): Reason {
  return reasons[entry.reason ?? ''] ?? unknown
}
