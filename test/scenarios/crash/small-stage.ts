/** A small world whose every doing leaves a line in a file, so that what happened twice can be counted. */
import { appendFileSync, readFileSync } from 'node:fs'
import path from 'node:path'
import {
  type Declaration,
  defineAgent,
  defineConfig,
  defineGoal,
  type MusterConfig,
  type Principal,
  type TypedGoal,
} from 'muster'
import {
  makeNoteA,
  makeNoteB,
  NoteA,
  NoteB,
  pay,
  payLimits,
  people,
  Receipt,
  Report,
  report,
} from '../../support/world.ts'

/** What is run, and killed. */
export interface Stage {
  readonly config: MusterConfig
  readonly declaration: Declaration | TypedGoal
  readonly as: Principal
  /** What was done to the world, an entry for each thing that must happen once. */
  effects(): Promise<readonly string[]>
}

export async function stage(folder: string): Promise<Stage> {
  const log = path.join(folder, 'trace.log')
  const trace = (line: string) => appendFileSync(log, `${line}\n`)
  const agents = [
    defineAgent({
      id: 'noter',
      offers: [makeNoteA, makeNoteB],
      perform: {
        'note.a': ({ text }) => {
          trace('did note.a')
          return { a: { text } }
        },
        'note.b': ({ text }) => {
          trace('did note.b')
          return { b: { text } }
        },
      },
    }),
    defineAgent({
      id: 'payer',
      offers: [pay],
      perform: {
        pay: ({ order }, { idempotencyKey }) => {
          trace(`paid ${idempotencyKey}`)
          return { receipt: { text: 'paid', amount: order.amount, key: idempotencyKey } }
        },
      },
    }),
    defineAgent({
      id: 'reporter',
      offers: [report],
      perform: {
        report: ({ notes }, { missing }) => {
          trace('did report')
          return { report: { notes: notes.length, missing: missing.map(({ concept }) => concept) } }
        },
      },
    }),
  ]
  return {
    config: defineConfig({ agents, policies: payLimits, people, data: folder, lease: '250ms' }),
    declaration: defineGoal({
      objective: 'pay and report',
      given: { text: 'hello', order: { amount: 500 } },
      wanted: [NoteA, NoteB, Receipt, Report],
    }),
    as: { id: 'somebody', kind: 'person', roles: [], tenant: 'home' },
    // A payment under the same key is the same payment: the provider honours keys.
    effects: async () => [
      ...new Set(
        readFileSync(log, 'utf8')
          .split('\n')
          .filter(line => line.startsWith('paid')),
      ),
    ],
  }
}
