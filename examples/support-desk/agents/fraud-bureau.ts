/** The fraud check of Riskline: another owner's process, reached over HTTP, under a policy of its own. */
import { type Agent, httpAgent } from 'muster'
import { checkFraud } from '../capabilities.ts'

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
