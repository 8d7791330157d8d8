/** The fraud check of Riskline: another owner's process, reached over HTTP, under a policy of its own. */
import { type Agent, httpAgent } from 'muster'
import { checkFraud } from '../capabilities.ts'

/** Reaches the bureau where it listens, with the token by which it knows us. */
export function createFraudBureau(reach: { readonly url: string; readonly token: string }): Agent {
  return httpAgent({
    id: 'fraud-bureau',
    domain: 'riskline',
    description: 'Riskline’s fraud check',
    offers: [checkFraud],
    timeout: '10s',
    ...reach,
  })
}
