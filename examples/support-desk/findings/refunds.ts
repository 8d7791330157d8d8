/** Money on its way back: refunds, reversals, and who can give a refund. */
import type { PortValue } from 'muster'
import type { Entry, Statement } from '../bank/account.ts'
import type { RefundFinding, RefundRightsFinding, ReversalFinding } from '../concepts.ts'
import { dayOf, euros } from '../words.ts'

/** Where refunds are: those on their way first, then those that have come. */
export function traceRefunds(statement: Statement): PortValue<typeof RefundFinding> {
  const refunds = statement.entries.filter(entry => entry.kind === 'refund')
  const waiting = refunds.filter(entry => entry.status === 'pending')
  const [first, ...others] = [...waiting, ...refunds.filter(entry => entry.status === 'completed')]
  if (first === undefined) {
    return {
      topic: 'RefundFinding',
      summary: 'No refund has reached us in the last ninety days, and none has been announced.',
      facts: [],
      advice: 'Ask the shop on which day it sent the refund; from then on it takes up to seven days.',
    }
  }
  return {
    topic: 'RefundFinding',
    summary: `Your refund${refundWords(first)}`,
    about: first.counterparty,
    facts: others.map(entry => ({ about: entry.counterparty, text: `The refund${refundWords(entry)}` })),
    ...(first.status === 'pending' ? { advice: 'You need do nothing: it is booked by itself.' } : {}),
  }
}

/** Card payments that were reverted. */
export function traceReversals(statement: Statement): PortValue<typeof ReversalFinding> {
  const [latest, ...others] = statement.entries.filter(e => e.kind === 'card-payment' && e.status === 'reverted')
  if (latest === undefined) {
    return {
      topic: 'ReversalFinding',
      summary: 'None of your card payments was reverted in the last ninety days.',
      facts: [],
    }
  }
  return {
    topic: 'ReversalFinding',
    summary: `Your payment of ${reversalWords(latest)}`,
    about: latest.counterparty,
    facts: others.map(entry => ({ about: entry.counterparty, text: `The payment of ${reversalWords(entry)}` })),
    advice: 'The money is back in your account. If you still want the goods, pay again.',
  }
}

/** Who can give money back for which of the latest payments. */
export function adviseRefund(statement: Statement): PortValue<typeof RefundRightsFinding> {
  const paid = statement.entries.filter(e => e.kind === 'card-payment' && e.status === 'completed').slice(0, 5)
  return {
    topic: 'RefundRightsFinding',
    summary:
      'A refund for goods or services comes from the shop: once it agrees, the money is with you within seven days. We pay back ourselves what was charged twice, charged by mistake or not authorised by you.',
    facts: paid.map(entry => ({
      about: entry.counterparty,
      text: `For ${euros(entry.amountCents)} paid on ${dayOf(entry.at)}, please ask ${entry.counterparty}.`,
    })),
    advice: 'If the shop does not answer for fifteen days, write to us again and we open a dispute with it.',
  }
}

function refundWords(entry: Entry): string {
  const what = ` of ${euros(entry.amountCents)} from ${entry.counterparty}`
  if (entry.status === 'completed') return `${what} arrived on ${dayOf(entry.at)}.`
  const by = entry.reason === 'paid-by-the-bank' ? 'we sent it' : 'the shop sent it'
  return `${what} is on its way: ${by} on ${dayOf(entry.at)}, and it should be in your account by ${dayOf(entry.settlesAt ?? entry.at)}.`
}

function reversalWords(entry: Entry): string {
  const why = entry.reason === 'cancelled-by-merchant' ? 'the shop cancelled it' : 'the shop did not collect it in time'
  return `${euros(entry.amountCents)} to ${entry.counterparty} on ${dayOf(entry.at)} was reverted because ${why}.`
}
