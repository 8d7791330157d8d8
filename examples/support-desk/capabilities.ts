/** What can be done for a customer: the parts from which every plan of the desk is composed. No plan is written anywhere. */
import { all, type Concept, defineCapability, Reading } from 'muster'
import * as c from './concepts.ts'

// What is found by looking at the account alone, without touching the bank.
function fromStatement<const Name extends string, Found extends Concept>(name: Name, finding: Found) {
  return defineCapability({
    name,
    takes: { statement: c.Statement },
    gives: { finding },
    effect: 'pure',
    description: `tells from the account: ${finding.description}`,
  })
}

export const findCustomer = defineCapability({
  name: 'customer.find',
  takes: { customerId: c.CustomerId },
  gives: { customer: c.Customer },
  effect: 'reads',
  description: 'looks up the record of a customer',
})

export const readPayments = defineCapability({
  name: 'payments.read',
  takes: { customer: c.Customer },
  gives: { statement: c.Statement },
  effect: 'reads',
  description: 'reads the account of the last ninety days',
})

export const readCards = defineCapability({
  name: 'cards.read',
  takes: { customer: c.Customer },
  gives: { cards: c.CardFile },
  effect: 'reads',
  description: 'reads the cards of a customer',
})

export const traceRefund = fromStatement('refund.trace', c.RefundFinding)
export const adviseOnRefund = fromStatement('refund.advise', c.RefundRightsFinding)
export const traceReversal = fromStatement('reversal.trace', c.ReversalFinding)
export const explainDecline = fromStatement('decline.explain', c.DeclineFinding)
export const tracePending = fromStatement('pending.explain', c.PendingPaymentFinding)
export const findDuplicate = fromStatement('duplicate.find', c.DuplicateFinding)
export const explainFee = fromStatement('fee.explain', c.FeeFinding)
export const explainRate = fromStatement('rate.explain', c.ExchangeRateFinding)
export const listDebits = fromStatement('debits.list', c.DirectDebitFinding)
export const explainCashDecline = fromStatement('cash.decline-explain', c.CashDeclineFinding)
export const traceCash = fromStatement('cash.trace', c.PendingCashFinding)
export const checkCashAmount = fromStatement('cash.check', c.CashAmountFinding)
export const explainTransferDecline = fromStatement('transfer.decline-explain', c.TransferDeclineFinding)
export const traceTransfer = fromStatement('transfer.trace', c.TransferFinding)
export const traceTopUp = fromStatement('top-up.trace', c.TopUpFinding)

export const findDispute = defineCapability({
  name: 'dispute.find',
  takes: { statement: c.Statement, customer: c.Customer },
  gives: { finding: c.DisputeFinding },
  effect: 'pure',
  description: 'finds payments that somebody else may have made',
})

export const traceDelivery = defineCapability({
  name: 'delivery.trace',
  takes: { cards: c.CardFile },
  gives: { finding: c.DeliveryFinding },
  effect: 'pure',
  description: 'tells where a new card is',
})

export const describeCard = defineCapability({
  name: 'card.describe',
  takes: { cards: c.CardFile },
  gives: { finding: c.CardStatusFinding },
  effect: 'pure',
  description: 'tells what is wrong with a card',
})

export const blockCard = defineCapability({
  name: 'card.block',
  takes: { customer: c.Customer },
  gives: { finding: c.CardBlockFinding },
  effect: 'acts',
  idempotent: true,
  description: 'blocks a lost card for good and orders another',
})

export const describeIdentity = defineCapability({
  name: 'identity.describe',
  takes: { customer: c.Customer },
  gives: { finding: c.IdentityFinding },
  effect: 'pure',
  description: 'tells how far the identity check is',
})

export const requestAddress = defineCapability({
  name: 'address.request',
  takes: { customer: c.Customer, question: c.Question },
  gives: { finding: c.AddressFinding },
  effect: 'writes',
  idempotent: true,
  description: 'notes a new address until the customer confirms it',
})

export const lookUpHandbook = defineCapability({
  name: 'handbook.look-up',
  takes: { reading: Reading },
  gives: { finding: c.HandbookFinding },
  effect: 'pure',
  description: 'answers from the handbook of the bank',
})

export const assessClaim = defineCapability({
  name: 'refund.claim',
  takes: { customer: c.Customer, findings: all(c.OwedFinding) },
  gives: { claim: c.RefundClaim },
  effect: 'pure',
  description: 'sums up all that is owed to a customer',
})

export const profileRisk = defineCapability({
  name: 'risk.profile',
  takes: { customer: c.Customer, statement: c.Statement },
  gives: { profile: c.RiskProfile },
  effect: 'pure',
  description: 'says what a fraud check may know, without names',
})

export const checkFraud = defineCapability({
  name: 'fraud.check',
  takes: { profile: c.RiskProfile, claim: c.RefundClaim },
  gives: { risk: c.FraudRisk },
  effect: 'reads',
  sees: 'confidential',
  when: 'claim.amountCents > 0',
  description: 'judges how likely a claim is fraud',
})

export const issueRefund = defineCapability({
  name: 'refund.issue',
  takes: { claim: c.RefundClaim, risk: c.FraudRisk },
  gives: { receipt: c.RefundReceipt },
  effect: 'acts',
  // The ledger keeps the key of every refund: the same key moves no money again.
  idempotent: true,
  when: 'claim.amountCents > 0',
  description: 'sends money back to the customer, for good',
})

export const writeAnswer = defineCapability({
  name: 'answer.write',
  takes: { question: c.Question, reading: Reading, customer: c.Customer, findings: all(c.Finding) },
  gives: { answer: c.Answer },
  effect: 'pure',
  description: 'answers the customer from what was found',
})
