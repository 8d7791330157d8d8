/**
 * The concepts of the desk. Everything that can be told to a customer is a kind of `Finding`, so the writer needs no list of
 * what there is; every finding that money is owed for is a kind of `OwedFinding`, so one claim sums up all that is owed.
 */
import { type Concept, concept } from 'muster'
import { z } from 'zod'
import { cardFileRecord, customerRecord, owedLine, receiptRecord, statementRecord } from './bank/account.ts'

/** What the customer typed. */
export const Question = concept('Question', z.string().min(1).max(4000), { description: 'what the customer typed' })
/** Who asks. */
export const CustomerId = concept('CustomerId', z.string().min(1).max(80), {
  description: 'the number of the customer who asks',
})
/** The record of the one who asks. */
export const Customer = concept('Customer', customerRecord, {
  sensitivity: 'confidential',
  description: 'your customer record',
})
/** The account over the last ninety days. */
export const Statement = concept('Statement', statementRecord, {
  sensitivity: 'confidential',
  description: 'your account of the last ninety days',
})
/** Every card of the customer. */
export const CardFile = concept('CardFile', cardFileRecord, { sensitivity: 'confidential', description: 'your cards' })

const findingShape = {
  /** The name of its concept. */
  topic: z.string(),
  /** One or two whole sentences that answer the question. */
  summary: z.string(),
  /** The one shop, person or card that the summary speaks of, when it speaks of one. */
  about: z.string().optional(),
  /** What else was found, one by one; `about` names the shop, person or card, as the customer would. */
  facts: z.array(z.object({ about: z.string(), text: z.string() })),
  /** What the customer can do now. */
  advice: z.string().optional(),
  /** What the bank owes for it. */
  owed: z.array(owedLine).optional(),
}

/** Something that can be told to the customer. */
export const Finding = concept('Finding', z.object(findingShape), { sensitivity: 'confidential' })

const owedShape = { ...findingShape, owed: z.array(owedLine) }

/** A finding that may show that money is owed. */
export const OwedFinding = concept('OwedFinding', z.object(owedShape), { isA: Finding })

function finding<const Name extends string>(name: Name, description: string) {
  return concept(name, z.object({ ...findingShape, topic: z.literal(name) }), { isA: Finding, description })
}

function owedFinding<const Name extends string>(name: Name, description: string) {
  return concept(name, z.object({ ...owedShape, topic: z.literal(name) }), { isA: OwedFinding, description })
}

export const RefundFinding = finding('RefundFinding', 'your refund')
export const RefundRightsFinding = finding('RefundRightsFinding', 'how to get a refund')
export const ReversalFinding = finding('ReversalFinding', 'a payment that came back')
export const DeclineFinding = finding('DeclineFinding', 'a declined card payment')
export const CashDeclineFinding = finding('CashDeclineFinding', 'a declined cash withdrawal')
export const TransferDeclineFinding = finding('TransferDeclineFinding', 'a declined transfer')
export const PendingPaymentFinding = finding('PendingPaymentFinding', 'a pending payment')
export const PendingCashFinding = finding('PendingCashFinding', 'a pending cash withdrawal')
export const TransferFinding = finding('TransferFinding', 'your transfer')
export const TopUpFinding = finding('TopUpFinding', 'your top-up')
export const DirectDebitFinding = finding('DirectDebitFinding', 'your direct debits')
export const ExchangeRateFinding = finding('ExchangeRateFinding', 'the exchange rate that was applied')
export const DuplicateFinding = owedFinding('DuplicateFinding', 'a payment charged twice')
export const FeeFinding = owedFinding('FeeFinding', 'the fees you were charged')
export const CashAmountFinding = owedFinding('CashAmountFinding', 'cash that the machine did not hand out')
export const DisputeFinding = owedFinding('DisputeFinding', 'payments you do not recognise')
export const DeliveryFinding = finding('DeliveryFinding', 'the delivery of your card')
export const CardStatusFinding = finding('CardStatusFinding', 'the state of your cards')
export const IdentityFinding = finding('IdentityFinding', 'your identity check')
export const HandbookFinding = finding('HandbookFinding', 'how things work at the bank')

/** What the desk has done about a lost or stolen card. */
export const CardBlockFinding = finding('CardBlockFinding', 'the block of your lost card')
/** What the desk holds as address, and the change that it has noted. */
export const AddressFinding = finding('AddressFinding', 'your address')

/** All that is owed to one customer, in one sum: a limit on it cannot be got round in parts. */
export const RefundClaim = concept(
  'RefundClaim',
  z.object({
    customerId: z.string(),
    amountCents: z.int().min(0),
    reason: z.string(),
    lines: z.array(owedLine),
  }),
  { sensitivity: 'confidential', description: 'what the bank owes you' },
)

/** What a fraud check may know of a customer: nothing that names the person. */
export const RiskProfile = concept(
  'RiskProfile',
  z.object({
    customerId: z.string(),
    customerForDays: z.int().min(0),
    homeCountry: z.string().length(2),
    refundsInNinetyDays: z.int().min(0),
    paidInNinetyDaysCents: z.int().min(0),
  }),
  { sensitivity: 'confidential' },
)

/** How likely a claim is fraud, by anyone: 0 to 100. */
export const FraudRisk = concept(
  'FraudRisk',
  z.object({ suspected: z.boolean(), score: z.int().min(0).max(100), why: z.string() }),
  { description: 'the fraud check' },
)

/** The proof that money was sent back. */
export const RefundReceipt = concept(
  'RefundReceipt',
  z.object({ ...findingShape, topic: z.literal('RefundReceipt'), ...receiptRecord.shape }),
  { isA: Finding, description: 'the refund from the bank' },
)

/** What the customer gets. */
export const Answer = concept(
  'Answer',
  z.object({
    text: z.string().min(1),
    /** The topics that it answers. */
    covered: z.array(z.string()),
    /** What was asked and is not answered, each with why. */
    open: z.array(z.object({ about: z.string(), why: z.string() })),
  }),
  { sensitivity: 'confidential', description: 'the answer' },
)

/** What to call a datum that did not come, in words for the customer. */
export function wordsFor(conceptName: string): string {
  return told.find(concept => concept.name === conceptName)?.description ?? 'a part of your question'
}

const told: readonly Concept[] = [
  Customer,
  Statement,
  CardFile,
  RefundFinding,
  RefundRightsFinding,
  ReversalFinding,
  DeclineFinding,
  CashDeclineFinding,
  TransferDeclineFinding,
  PendingPaymentFinding,
  PendingCashFinding,
  TransferFinding,
  TopUpFinding,
  DirectDebitFinding,
  ExchangeRateFinding,
  DuplicateFinding,
  FeeFinding,
  CashAmountFinding,
  DisputeFinding,
  DeliveryFinding,
  CardStatusFinding,
  IdentityFinding,
  HandbookFinding,
  CardBlockFinding,
  AddressFinding,
  RefundReceipt,
]
