/** Three payments in parallel branches, each with a rule of its own, and a note beside them. */
import { appendFileSync } from 'node:fs'
import path from 'node:path'
import { type Concept, concept, defineAgent, defineCapability, defineConfig, defineGoal } from 'muster'
import { z } from 'zod'
import { makeNoteA, NoteA, people, permitAll } from '../../support/world.ts'

const Amount = z.object({ amount: z.int() })
const Paid = z.object({ amount: z.int() })

function payment<const Name extends 'A' | 'B' | 'C', const Work extends string>(name: Name, work: Work) {
  const order: Concept<`Order${Name}`, z.output<typeof Amount>> = concept(`Order${name}`, Amount)
  const receipt: Concept<`Receipt${Name}`, z.output<typeof Paid>> = concept(`Receipt${name}`, Paid)
  const capability = defineCapability({
    name: work,
    takes: { order },
    gives: { receipt },
    effect: 'acts',
    idempotent: true,
  })
  return { order, receipt, capability }
}

export const a = payment('A', 'pay.a')
export const b = payment('B', 'pay.b')
export const c = payment('C', 'pay.c')

const rule = (name: string, within: string) => `
@id("ask-${name}") @reason("payment ${name} needs finance") @escalate("finance") @within("${within}")
forbid (principal, action == Muster::Action::"pay.${name}", resource)
when { context.phase == "before" && context.input.order.amount > 100 };`

/** What is run; A must be answered within `withinA`. */
export async function stage(folder: string, withinA = '3s') {
  const trace = (line: string) => appendFileSync(path.join(folder, 'trace.log'), `${line}\n`)
  const pay = (name: string, amount: number) => {
    trace(`paid ${name} ${amount}`)
    return { receipt: { amount } }
  }
  const agents = [
    defineAgent({
      id: 'payer',
      offers: [a.capability, b.capability, c.capability],
      perform: {
        'pay.a': ({ order }) => pay('a', order.amount),
        'pay.b': ({ order }) => pay('b', order.amount),
        'pay.c': ({ order }) => pay('c', order.amount),
      },
    }),
    defineAgent({
      id: 'noter',
      offers: [makeNoteA],
      perform: {
        'note.a': ({ text }) => {
          trace('noted')
          return { a: { text } }
        },
      },
    }),
  ]
  const policies = [...permitAll, { file: 'ask.cedar', text: rule('a', withinA) + rule('b', '30m') + rule('c', '30m') }]
  return {
    config: defineConfig({ agents, policies, people, data: folder, lease: '250ms' }),
    declaration: defineGoal({
      objective: 'three payments',
      given: { text: 'hello', orderA: { amount: 101 }, orderB: { amount: 202 }, orderC: { amount: 303 } },
      wanted: [a.receipt, b.receipt, c.receipt, NoteA],
    }),
  }
}
