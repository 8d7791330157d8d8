/** Keeps the records of customers: who they are, where they live, and what a fraud check may know of them. */
import { type Agent, defineAgent } from 'muster'
import type { Bank } from '../bank/bank.ts'
import { describeIdentity, findCustomer, profileRisk, requestAddress } from '../capabilities.ts'
import { addressIn, describeAddress, describeIdentity as identityOf } from '../findings/person.ts'
import { profileOf } from '../findings/risk.ts'

/** Works on the records of `bank`. */
export function createCustomerRecords(bank: Bank): Agent {
  return defineAgent({
    id: 'customer-records',
    description: 'keeps the records of customers',
    offers: [findCustomer, requestAddress, describeIdentity, profileRisk],
    bid: () => ({ price: { usd: 0.0005 }, time: '10ms', confidence: 0.97 }),
    perform: {
      'customer.find': ({ customerId }) => ({ customer: bank.customer(customerId) }),
      'address.request': ({ customer, question }, context) => {
        const asked = addressIn(question)
        if (asked !== undefined) bank.requestAddress(context.idempotencyKey, customer.id, asked)
        return { finding: describeAddress(customer, asked) }
      },
      'identity.describe': ({ customer }) => ({ finding: identityOf(customer) }),
      'risk.profile': ({ customer, statement }) => ({ profile: profileOf(customer, statement) }),
    },
  })
}
