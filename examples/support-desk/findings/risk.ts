/** What a fraud check may know of a customer, and the claim that it judges. */
import type { PortValue } from 'muster'
import type { CustomerRecord, OwedLine, Statement } from '../bank/account.ts'
import type { OwedFinding, RefundClaim, RiskProfile } from '../concepts.ts'
import { sumOf } from './charges.ts'

const day = 86_400_000

/** The habits of a customer, without anything that names the person. */
export function profileOf(customer: CustomerRecord, statement: Statement): PortValue<typeof RiskProfile> {
  const paid = statement.entries.filter(entry => entry.kind === 'card-payment' && entry.status === 'completed')
  return {
    customerId: customer.id,
    customerForDays: Math.max(0, Math.floor((Date.parse(statement.asOf) - Date.parse(customer.since)) / day)),
    homeCountry: customer.country,
    refundsInNinetyDays: statement.entries.filter(entry => entry.kind === 'refund').length,
    paidInNinetyDaysCents: sumOf(paid),
  }
}

/** All that is owed to a customer by these findings, each payment once. */
export function claimFrom(
  customer: CustomerRecord,
  findings: readonly PortValue<typeof OwedFinding>[],
): PortValue<typeof RefundClaim> {
  const byPayment = new Map<string, OwedLine>()
  for (const line of findings.flatMap(finding => finding.owed)) {
    if (!byPayment.has(line.paymentId)) byPayment.set(line.paymentId, line)
  }
  const lines = [...byPayment.values()]
  const reasons = [...new Set(lines.map(line => line.reason.replaceAll('-', ' ')))].sort()
  return {
    customerId: customer.id,
    amountCents: sumOf(lines),
    reason: reasons.length === 0 ? 'nothing is owed' : reasons.join(', '),
    lines,
  }
}
