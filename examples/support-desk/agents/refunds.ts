/** Sums up what is owed and sends it back. Sending is for good, so the ledger keeps the key of every refund. */
import { type Agent, defineAgent } from 'muster'
import type { Bank } from '../bank/bank.ts'
import { assessClaim, issueRefund } from '../capabilities.ts'
import { claimFrom } from '../findings/risk.ts'
import { dayOf, euros } from '../words.ts'

/** Pays from the ledger of `bank`. */
export function createRefunds(bank: Bank): Agent {
  return defineAgent({
    id: 'refunds',
    description: 'sums up what is owed and sends it back',
    offers: [assessClaim, issueRefund],
    bid: () => ({ price: { usd: 0.004 }, time: '40ms', confidence: 0.98 }),
    perform: {
      'refund.claim': ({ customer, findings }) => ({ claim: claimFrom(customer, findings) }),
      'refund.issue': ({ claim }, { clock, idempotencyKey }) => {
        const receipt = bank.issueRefund(idempotencyKey, claim.customerId, claim.lines, clock.now())
        return {
          receipt: {
            topic: 'RefundReceipt' as const,
            summary: `We have sent ${euros(receipt.amountCents)} back to your account; it should be there by ${dayOf(receipt.arrivesAt)}.`,
            // A single line would only repeat what was found.
            facts: (claim.lines.length > 1 ? claim.lines : []).map(line => ({
              about: line.counterparty,
              text: `${euros(line.amountCents)} for ${line.counterparty} on ${dayOf(line.at)} (${line.reason.replaceAll('-', ' ')}).`,
            })),
            ...receipt,
          },
        }
      },
    },
  })
}
