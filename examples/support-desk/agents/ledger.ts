/** Two ways to the same books: the ledger itself, and its nightly copy, which costs nothing and knows nothing of today. */
import { type Agent, defineAgent } from 'muster'
import type { Bank } from '../bank/bank.ts'
import { findCustomer, readCards, readPayments } from '../capabilities.ts'

const day = 86_400_000

/** The books as they are at this moment. */
export function createLedger(bank: Bank): Agent {
  return defineAgent({
    id: 'ledger',
    description: 'reads the books as they are at this moment',
    offers: [readPayments, readCards],
    bid: ({ load }) => ({ price: { usd: 0.002 }, time: `${15 + 5 * load}ms`, confidence: 0.99 }),
    perform: {
      'payments.read': ({ customer }, { clock }) => ({ statement: bank.statement(customer.id, clock.now()) }),
      'cards.read': ({ customer }, { clock }) => ({ cards: bank.cardFile(customer.id, clock.now()) }),
    },
  })
}

/** The books as they were at midnight. */
export function createLedgerArchive(bank: Bank): Agent {
  return defineAgent({
    id: 'ledger-archive',
    description: 'reads last night’s copy of the books: free, slow, and blind to today',
    offers: [findCustomer, readPayments],
    bid: () => ({ time: '250ms', confidence: 0.55 }),
    perform: {
      'customer.find': ({ customerId }) => ({ customer: bank.customer(customerId) }),
      'payments.read': ({ customer }, { clock }) => {
        const midnight = Math.floor(clock.now() / day) * day
        return { statement: bank.statement(customer.id, midnight) }
      },
    },
  })
}
