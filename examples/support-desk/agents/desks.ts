/** The desks: each explains one side of an account. They look at what was read and touch nothing. */
import { type Agent, defineAgent } from 'muster'
import * as offers from '../capabilities.ts'
import { checkCash, explainFees, explainRates, findDuplicates } from '../findings/charges.ts'
import { explainCashDeclines, explainDeclines, explainTransferDeclines } from '../findings/declines.ts'
import { findUnrecognised, listDirectDebits } from '../findings/disputes.ts'
import { consultHandbook } from '../findings/guidance.ts'
import { adviseRefund, traceRefunds, traceReversals } from '../findings/refunds.ts'
import { tracePendingCash, tracePendingPayments, traceTopUps, traceTransfers } from '../findings/waiting.ts'

/** Card payments and what came of them. */
export function createPaymentsDesk(): Agent {
  return defineAgent({
    id: 'payments-desk',
    description: 'explains card payments, refunds, fees and direct debits',
    offers: [
      offers.traceRefund,
      offers.adviseOnRefund,
      offers.traceReversal,
      offers.explainDecline,
      offers.tracePending,
      offers.findDuplicate,
      offers.explainFee,
      offers.explainRate,
      offers.listDebits,
    ],
    bid: () => ({ price: { usd: 0.001 }, time: '20ms', confidence: 0.93 }),
    perform: {
      'refund.trace': ({ statement }) => ({ finding: traceRefunds(statement) }),
      'refund.advise': ({ statement }) => ({ finding: adviseRefund(statement) }),
      'reversal.trace': ({ statement }) => ({ finding: traceReversals(statement) }),
      'decline.explain': ({ statement }) => ({ finding: explainDeclines(statement) }),
      'pending.explain': ({ statement }) => ({ finding: tracePendingPayments(statement) }),
      'duplicate.find': ({ statement }) => ({ finding: findDuplicates(statement) }),
      'fee.explain': ({ statement }) => ({ finding: explainFees(statement) }),
      'rate.explain': ({ statement }) => ({ finding: explainRates(statement) }),
      'debits.list': ({ statement }) => ({ finding: listDirectDebits(statement) }),
    },
  })
}

/** Cash, and payments that nobody wants to have made. */
export function createCashDesk(): Agent {
  return defineAgent({
    id: 'cash-desk',
    description: 'explains cash withdrawals and looks into disputed payments',
    offers: [offers.explainCashDecline, offers.traceCash, offers.checkCashAmount, offers.findDispute],
    bid: () => ({ price: { usd: 0.001 }, time: '20ms', confidence: 0.9 }),
    perform: {
      'cash.decline-explain': ({ statement }) => ({ finding: explainCashDeclines(statement) }),
      'cash.trace': ({ statement }) => ({ finding: tracePendingCash(statement) }),
      'cash.check': ({ statement }) => ({ finding: checkCash(statement) }),
      'dispute.find': ({ statement, customer }) => ({ finding: findUnrecognised(statement, customer) }),
    },
  })
}

/** Transfers and top-ups. */
export function createTransfersDesk(): Agent {
  return defineAgent({
    id: 'transfers-desk',
    description: 'explains transfers and top-ups',
    offers: [offers.explainTransferDecline, offers.traceTransfer, offers.traceTopUp],
    bid: () => ({ price: { usd: 0.001 }, time: '20ms', confidence: 0.92 }),
    perform: {
      'transfer.decline-explain': ({ statement }) => ({ finding: explainTransferDeclines(statement) }),
      'transfer.trace': ({ statement }) => ({ finding: traceTransfers(statement) }),
      'top-up.trace': ({ statement }) => ({ finding: traceTopUps(statement) }),
    },
  })
}

/** How things work at the bank. */
export function createInformationDesk(): Agent {
  return defineAgent({
    id: 'information-desk',
    description: 'answers from the handbook of the bank',
    offers: [offers.lookUpHandbook],
    bid: () => ({ time: '5ms', confidence: 0.88 }),
    perform: { 'handbook.look-up': ({ reading }) => ({ finding: consultHandbook(reading) }) },
  })
}
