/** What customers ask for: each intent of the classifier with what it wants. How to get there is for the planner. */
import type { Concept } from 'muster'
import * as c from './concepts.ts'
import { handbook } from './handbook.ts'

/** An intent: what is delivered for it, and what it means as a choice put to a person. */
export interface DeskIntent {
  readonly wants: readonly Concept[]
  readonly says: string
}

const wants = (says: string, ...concepts: readonly Concept[]): DeskIntent => ({ wants: concepts, says })

const fromAccount: Readonly<Record<string, DeskIntent>> = {
  Refund_not_showing_up: wants('a refund that has not come', c.RefundFinding),
  request_refund: wants('asking for a refund', c.RefundRightsFinding),
  'reverted_card_payment?': wants('a card payment that came back', c.ReversalFinding),

  declined_card_payment: wants('a declined card payment', c.DeclineFinding),
  declined_cash_withdrawal: wants('a declined cash withdrawal', c.CashDeclineFinding),
  declined_transfer: wants('a declined transfer', c.TransferDeclineFinding),
  failed_transfer: wants('a failed transfer', c.TransferDeclineFinding),
  beneficiary_not_allowed: wants('a recipient that is not allowed', c.TransferDeclineFinding),

  pending_card_payment: wants('a pending card payment', c.PendingPaymentFinding),
  pending_cash_withdrawal: wants('a pending cash withdrawal', c.PendingCashFinding),
  pending_transfer: wants('a pending transfer', c.TransferFinding),
  transfer_not_received_by_recipient: wants('a transfer that has not arrived', c.TransferFinding),
  cancel_transfer: wants('cancelling a transfer', c.TransferFinding),
  pending_top_up: wants('a pending top-up', c.TopUpFinding),
  top_up_failed: wants('a failed top-up', c.TopUpFinding),
  top_up_reverted: wants('a top-up that was sent back', c.TopUpFinding),
  balance_not_updated_after_bank_transfer: wants('a transfer that is not in the balance', c.TopUpFinding),
  balance_not_updated_after_cheque_or_cash_deposit: wants('a deposit that is not in the balance', c.TopUpFinding),

  transaction_charged_twice: wants('a payment charged twice', c.DuplicateFinding, c.RefundReceipt),
  card_payment_fee_charged: wants('a fee for a card payment', c.FeeFinding, c.RefundReceipt),
  transfer_fee_charged: wants('a fee for a transfer', c.FeeFinding, c.RefundReceipt),
  cash_withdrawal_charge: wants('a fee for a cash withdrawal', c.FeeFinding, c.RefundReceipt),
  extra_charge_on_statement: wants('an extra charge', c.FeeFinding, c.RefundReceipt),
  wrong_amount_of_cash_received: wants('a wrong amount of cash', c.CashAmountFinding, c.RefundReceipt),
  card_payment_wrong_exchange_rate: wants('the exchange rate of a payment', c.ExchangeRateFinding),
  wrong_exchange_rate_for_cash_withdrawal: wants('the exchange rate of a withdrawal', c.ExchangeRateFinding),

  card_payment_not_recognised: wants('a payment you do not recognise', c.DisputeFinding, c.RefundReceipt),
  cash_withdrawal_not_recognised: wants('a withdrawal you did not make', c.DisputeFinding, c.RefundReceipt),
  direct_debit_payment_not_recognised: wants('a direct debit you do not recognise', c.DirectDebitFinding),
  compromised_card: wants('somebody else using your card', c.CardBlockFinding, c.DisputeFinding, c.RefundReceipt),
  lost_or_stolen_card: wants('a lost or stolen card', c.CardBlockFinding),
  card_swallowed: wants('a card kept by a machine', c.CardBlockFinding),

  card_arrival: wants('a card that has not arrived', c.DeliveryFinding),
  activate_my_card: wants('activating a card', c.CardStatusFinding),
  card_about_to_expire: wants('a card that expires', c.CardStatusFinding),
  card_not_working: wants('a card that does not work', c.CardStatusFinding, c.DeclineFinding),
  contactless_not_working: wants('contactless that does not work', c.CardStatusFinding),
  pin_blocked: wants('a blocked PIN', c.CardStatusFinding),
  virtual_card_not_working: wants('a virtual card that does not work', c.CardStatusFinding, c.DeclineFinding),

  edit_personal_details: wants('changing your address or other details', c.AddressFinding),
  unable_to_verify_identity: wants('an identity check that fails', c.IdentityFinding),
  verify_my_identity: wants('verifying your identity', c.IdentityFinding),
}

/** Every intent of the desk by the name that the classifier gives it. */
export const intents: Readonly<Record<string, DeskIntent>> = {
  ...fromAccount,
  ...Object.fromEntries([...handbook].map(([name, { about }]) => [name, wants(about, c.HandbookFinding)])),
}

/** Ends the sentence `I can help with …`. */
export const covers =
  'payments, refunds, fees, transfers, cash, top-ups, cards, your details and how things work at the bank'
