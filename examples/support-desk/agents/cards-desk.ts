/** Looks after cards: where they are, what is wrong with them, and blocks them when they are lost. */
import { type Agent, defineAgent } from 'muster'
import type { Bank } from '../bank/bank.ts'
import { blockCard, describeCard, traceDelivery } from '../capabilities.ts'
import { describeBlock, describeCards, traceDelivery as deliveryOf } from '../findings/cards.ts'

/** Works on the cards of `bank`. */
export function createCardsDesk(bank: Bank): Agent {
  return defineAgent({
    id: 'cards-desk',
    description: 'looks after cards',
    offers: [traceDelivery, describeCard, blockCard],
    bid: () => ({ price: { usd: 0.001 }, time: '25ms', confidence: 0.94 }),
    perform: {
      'delivery.trace': ({ cards }) => ({ finding: deliveryOf(cards) }),
      'card.describe': ({ cards }) => ({ finding: describeCards(cards) }),
      'card.block': ({ customer }, { clock }) => ({
        finding: describeBlock(bank.blockCards(customer.id, clock.now())),
      }),
    },
  })
}
