/** How the bureau judges a claim: points for what is unusual, from 0 to 100. */
import type { PortValue } from 'muster'
import type { FraudRisk, RefundClaim, RiskProfile } from '../concepts.ts'

const suspicious = 50

/** The risk that a claim is fraud, and what speaks for it. */
export function assess(
  profile: PortValue<typeof RiskProfile>,
  claim: PortValue<typeof RefundClaim>,
): PortValue<typeof FraudRisk> {
  const strangers = claim.lines.filter(line => line.reason === 'not-recognised')
  const points: readonly (readonly [boolean, number, string])[] = [
    [strangers.length > 0, 35, 'a payment was made by somebody else, or is said to be'],
    [strangers.some(line => line.country !== profile.homeCountry), 20, 'it was made abroad'],
    [strangers.some(line => isNight(line.at)), 10, 'it was made at night'],
    [claim.amountCents > 2 * profile.paidInNinetyDaysCents, 10, 'the claim is large for this account'],
    [profile.refundsInNinetyDays >= 4, 25, 'there were many refunds of late'],
    [profile.customerForDays < 30, 15, 'the account is new'],
  ]
  const held = points.filter(([holds]) => holds)
  const score = Math.min(100, 5 + held.reduce((sum, [, weight]) => sum + weight, 0))
  return {
    suspected: score >= suspicious,
    score,
    why: held.length === 0 ? 'nothing unusual' : held.map(([, , why]) => why).join('; '),
  }
}

function isNight(time: string): boolean {
  const hour = new Date(time).getUTCHours()
  return hour < 5
}
