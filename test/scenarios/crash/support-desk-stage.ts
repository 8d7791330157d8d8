/** The support desk at a question that leads to a payment which finance must approve. */
import path from 'node:path'
import { defineConfig } from 'muster'
import { openBank } from '../../../examples/support-desk/bank/bank.ts'
import { supportDesk } from '../../../examples/support-desk/desk.ts'
import type { Stage } from './small-stage.ts'

export async function stage(folder: string): Promise<Stage> {
  const desk = await supportDesk({ data: folder })
  const { agents, interpreter, policies, domains, people } = desk
  return {
    config: defineConfig({
      agents,
      interpreter,
      policies,
      domains,
      people,
      data: folder,
      attached: [desk],
      lease: '250ms',
    }),
    declaration: { text: 'I was charged twice for my furniture, and why was my card payment declined?' },
    as: { id: 'c-1002', kind: 'person', roles: ['customer'], tenant: 'home' },
    effects: async () => {
      using bank = openBank(path.join(folder, 'bank.sqlite'), { now: Date.now() })
      const { count, amountCents } = bank.refundsPaid('c-1002')
      return Array.from({ length: count }, () => `one of the refunds that sum to ${amountCents}`)
    },
  }
}
