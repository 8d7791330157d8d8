/** What has not settled yet: card payments, cash, transfers, top-ups. */
import type { PortValue } from 'muster'
import type { Entry, Statement } from '../bank/account.ts'
import type { PendingCashFinding, PendingPaymentFinding, TopUpFinding, TransferFinding } from '../concepts.ts'
import { dayOf, euros } from '../words.ts'

const reasons: Readonly<Record<string, string>> = {
  'awaiting-merchant': 'the shop has reserved the money but not collected it yet',
  'awaiting-machine-report': 'the machine has not reported the withdrawal to us yet',
  'after-cut-off': 'it was sent after the day’s cut-off',
  weekend: 'banks do not settle transfers at the weekend',
  'security-check': 'it is in a routine security check',
  'awaiting-sender-bank': 'the sending side has not released the money yet',
  'card-issuer-refused': 'the issuer of the card refused it',
  'verification-not-completed': 'its verification was not completed',
  'limit-reached': 'it would have gone over the top-up limit',
}

/** Card payments that are pending. */
export function tracePendingPayments(statement: Statement): PortValue<typeof PendingPaymentFinding> {
  const pending = statement.entries.filter(e => e.kind === 'card-payment' && e.status === 'pending')
  return {
    topic: 'PendingPaymentFinding',
    ...tell(pending, 'None of your card payments is pending: all have settled.', entry => ({
      text: `payment of ${euros(entry.amountCents)} to ${entry.counterparty} on ${dayOf(entry.at)} is pending because ${why(entry)}. ${settles(entry)}`,
      advice: 'If the shop does not collect the money by then, it is free again by itself.',
    })),
  }
}

/** Cash withdrawals that are pending. */
export function tracePendingCash(statement: Statement): PortValue<typeof PendingCashFinding> {
  const pending = statement.entries.filter(e => e.kind === 'cash-withdrawal' && e.status === 'pending')
  return {
    topic: 'PendingCashFinding',
    ...tell(pending, 'None of your cash withdrawals is pending: all have settled.', entry => ({
      text: `withdrawal of ${euros(entry.amountCents)} on ${dayOf(entry.at)} is pending because ${why(entry)}. ${settles(entry)}`,
      advice: 'If the machine gave you no cash, the reserved money is released then.',
    })),
  }
}

/** Transfers sent: those under way first, then the latest that have arrived. */
export function traceTransfers(statement: Statement): PortValue<typeof TransferFinding> {
  const sent = statement.entries.filter(e => e.kind === 'transfer-out')
  const traced = [
    ...sent.filter(entry => entry.status === 'pending'),
    ...sent.filter(entry => entry.status === 'completed').slice(0, 3),
  ]
  return {
    topic: 'TransferFinding',
    ...tell(traced, 'You have sent no transfer in the last ninety days that is pending or has arrived.', entry => {
      const what = `transfer of ${euros(entry.amountCents)} to ${entry.counterparty} on ${dayOf(entry.at)}`
      return entry.status === 'pending'
        ? {
            text: `${what} is under way: ${why(entry)}. ${settles(entry)}`,
            advice: 'Until it settles you can still cancel it in the app, under Transfers.',
          }
        : {
            text: `${what} has left us and was taken in by the recipient’s bank.`,
            advice:
              'If the recipient does not see the money, they can ask their bank for it; a settled transfer cannot be cancelled.',
          }
    }),
  }
}

/** Top-ups: under way, failed, reverted or arrived. */
export function traceTopUps(statement: Statement): PortValue<typeof TopUpFinding> {
  const tops = statement.entries.filter(entry => entry.kind === 'top-up')
  const traced = [
    ...tops.filter(e => e.status !== 'completed'),
    ...tops.filter(e => e.status === 'completed').slice(0, 2),
  ]
  return {
    topic: 'TopUpFinding',
    ...tell(traced, 'No top-up or deposit has reached us in the last ninety days.', entry => {
      const what = `top-up of ${euros(entry.amountCents)} by ${means[entry.channel] ?? entry.channel} on ${dayOf(entry.at)}`
      if (entry.status === 'completed') return { text: `${what} is in your account.` }
      if (entry.status === 'pending') {
        return { text: `${what} is under way: ${why(entry)}. ${settles(entry)}`, advice: 'You need do nothing.' }
      }
      const end = entry.status === 'reverted' ? 'was sent back' : 'failed'
      return { text: `${what} ${end} because ${why(entry)}.`, advice: 'No money was taken. You can top up again.' }
    }),
  }
}

const means: Readonly<Record<string, string>> = { card: 'card', bank: 'bank transfer', cheque: 'cheque' }

interface Told {
  readonly text: string
  readonly advice?: string
}

function tell(entries: readonly Entry[], none: string, words: (entry: Entry) => Told) {
  const [first, ...others] = entries
  if (first === undefined) return { summary: none, facts: [] }
  const { text, advice } = words(first)
  return {
    summary: `Your ${text}`,
    about: first.counterparty,
    facts: others.map(entry => ({ about: entry.counterparty, text: `The ${words(entry).text}` })),
    ...(advice === undefined ? {} : { advice }),
  }
}

function why(entry: Entry): string {
  return reasons[entry.reason ?? ''] ?? 'the other side has not answered yet'
}

function settles(entry: Entry): string {
  return entry.settlesAt === undefined ? '' : `It should settle by ${dayOf(entry.settlesAt)}.`
}
