/** The bank's own fraud check: a few rules, free and quick, and honest about how little it sees. */
import { type Agent, defineAgent, type PortValue } from 'muster'
import { checkFraud } from '../capabilities.ts'
import type { FraudRisk, RefundClaim, RiskProfile } from '../concepts.ts'

/** Needs nothing and asks nobody. */
export function createFraudRules(): Agent {
  return defineAgent({
    id: 'fraud-rules',
    description: 'the bank’s own fraud check by a few rules',
    offers: [checkFraud],
    bid: () => ({ time: '5ms', confidence: 0.5 }),
    perform: { 'fraud.check': ({ profile, claim }) => ({ risk: judge(profile, claim) }) },
  })
}

function judge(
  profile: PortValue<typeof RiskProfile>,
  claim: PortValue<typeof RefundClaim>,
): PortValue<typeof FraudRisk> {
  const why: string[] = []
  if (claim.lines.some(line => line.reason === 'not-recognised')) why.push('a payment is said to be somebody else’s')
  if (profile.refundsInNinetyDays >= 4) why.push('there were many refunds of late')
  if (profile.customerForDays < 30) why.push('the account is new')
  const suspected = why.length > 0
  return { suspected, score: suspected ? 60 : 10, why: suspected ? why.join('; ') : 'no rule objects' }
}
