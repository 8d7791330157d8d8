/** A payment, and a note whose first way is out of order: what is left is planned again, and the payment stays. */
import { appendFileSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { concept, defineAgent, defineCapability, defineConfig, defineGoal } from 'muster'
import { z } from 'zod'
import { makeNoteA, NoteA, pay, people, permitAll, Receipt, Text } from '../../support/world.ts'
import type { Stage } from './small-stage.ts'

const other = defineCapability({ name: 'note.other', takes: { text: Text }, gives: { other: NoteA }, effect: 'pure' })
const Answer = concept('Answer', z.string())
const answer = defineCapability({
  name: 'answer',
  takes: { note: NoteA, receipt: Receipt },
  gives: { answer: Answer },
  effect: 'pure',
})

/** What is run. */
export async function stage(folder: string): Promise<Stage> {
  const log = path.join(folder, 'trace.log')
  const agents = [
    defineAgent({
      id: 'broken',
      offers: [makeNoteA],
      bid: () => ({ time: '1ms', confidence: 0.99 }),
      perform: {
        'note.a': () => {
          throw new Error('it is out of order')
        },
      },
    }),
    defineAgent({
      id: 'noter',
      offers: [other],
      bid: () => ({ time: '9ms', confidence: 0.9 }),
      perform: { 'note.other': ({ text }) => ({ other: { text } }) },
    }),
    defineAgent({
      id: 'payer',
      offers: [pay],
      perform: {
        pay: ({ order }, { idempotencyKey }) => {
          appendFileSync(log, `paid ${idempotencyKey}\n`)
          return { receipt: { text: 'paid', amount: order.amount, key: idempotencyKey } }
        },
      },
    }),
    defineAgent({
      id: 'answerer',
      offers: [answer],
      perform: { answer: ({ note, receipt }) => ({ answer: `${note.text}: ${receipt.text} ${receipt.amount}` }) },
    }),
  ]
  return {
    config: defineConfig({ agents, policies: permitAll, people, data: folder, lease: '250ms' }),
    declaration: defineGoal({
      objective: 'pay and answer',
      given: { text: 'hello', order: { amount: 5 } },
      wanted: [Answer],
    }),
    as: { id: 'somebody', kind: 'person', roles: [], tenant: 'home' },
    effects: async () => [
      ...new Set(
        readFileSync(log, 'utf8')
          .split('\n')
          .filter(line => line.startsWith('paid')),
      ),
    ],
  }
}
