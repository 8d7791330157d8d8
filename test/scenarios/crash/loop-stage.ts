/** A small world with a loop: a payment for each of two orders, each of which leaves a line in a file. */
import { appendFileSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { concept, defineAgent, defineConfig, defineGoal } from 'muster'
import { z } from 'zod'
import { Order, pay, permitAll, Receipt } from '../../support/world.ts'
import type { Stage } from './small-stage.ts'

const Orders = concept('Orders', z.array(z.object({ amount: z.int() })), { listOf: Order })
const Receipts = concept('Receipts', z.array(z.object({ text: z.string(), amount: z.int(), key: z.string() })), {
  listOf: Receipt,
})

export async function stage(folder: string): Promise<Stage> {
  const log = path.join(folder, 'trace.log')
  const payer = defineAgent({
    id: 'payer',
    offers: [pay],
    perform: {
      pay: ({ order }, { idempotencyKey }) => {
        appendFileSync(log, `paid ${order.amount} ${idempotencyKey}\n`)
        return { receipt: { text: 'paid', amount: order.amount, key: idempotencyKey } }
      },
    },
  })
  return {
    config: defineConfig({
      agents: [payer],
      concepts: [Orders, Receipts],
      policies: permitAll,
      data: folder,
      lease: '250ms',
    }),
    declaration: defineGoal({
      objective: 'pay each order',
      given: { orders: [{ amount: 5 }, { amount: 7 }] },
      wanted: [Receipts],
    }),
    as: { id: 'somebody', kind: 'person', roles: [], tenant: 'home' },
    // A payment under the same key is the same payment: the provider honours keys.
    effects: async () => [...new Set(readFileSync(log, 'utf8').trim().split('\n'))],
  }
}
