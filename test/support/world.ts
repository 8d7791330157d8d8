/** Small worlds to run goals in: a few concepts, agents that behave as told, policies in words. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import {
  type Agent,
  all,
  concept,
  createMuster,
  defineAgent,
  defineCapability,
  type Muster,
  type MusterConfig,
  type MusterParts,
  type Person,
  type Principal,
  type Run,
  type RunEvent,
} from 'muster'
import { onTestFinished } from 'vitest'
import { z } from 'zod'

export const Text = concept('Text', z.string())
export const Note = concept('Note', z.object({ text: z.string() }))
export const NoteA = concept('NoteA', z.object({ text: z.string() }), { isA: Note })
export const NoteB = concept('NoteB', z.object({ text: z.string() }), { isA: Note })
export const Order = concept('Order', z.object({ amount: z.int() }))
export const Receipt = concept('Receipt', z.object({ text: z.string(), amount: z.int(), key: z.string() }), {
  isA: Note,
})
export const Report = concept('Report', z.object({ notes: z.int(), missing: z.array(z.string()) }))

export const makeNoteA = defineCapability({
  name: 'note.a',
  takes: { text: Text },
  gives: { a: NoteA },
  effect: 'pure',
})
export const makeNoteB = defineCapability({
  name: 'note.b',
  takes: { text: Text },
  gives: { b: NoteB },
  effect: 'pure',
})
export const pay = defineCapability({
  name: 'pay',
  takes: { order: Order },
  gives: { receipt: Receipt },
  effect: 'acts',
  idempotent: true,
})
export const report = defineCapability({
  name: 'report',
  takes: { text: Text, notes: all(Note) },
  gives: { report: Report },
  effect: 'pure',
})

/** Everything is permitted. */
export const permitAll = [{ file: 'all.cedar', text: '@id("all")\npermit (principal, action, resource);' }]

/** Paying more than 100 needs finance within half an hour; more than 1,000 two of them. */
export const payLimits = [
  ...permitAll,
  {
    file: 'pay.cedar',
    text: `
@id("finance-above-100") @reason("more than 100 needs finance") @escalate("finance") @within("30m")
forbid (principal, action == Muster::Action::"pay", resource)
when { context.phase == "before" && context.input.order.amount > 100 && context.input.order.amount <= 1000 };

@id("two-above-1000") @reason("more than 1000 needs two of finance") @escalate("finance") @within("30m") @quorum("2")
forbid (principal, action == Muster::Action::"pay", resource)
when { context.phase == "before" && context.input.order.amount > 1000 };
`,
  },
]

export const maria: Principal = { id: 'maria', kind: 'person', roles: ['finance'], tenant: 'home' }
export const paul: Principal = { id: 'paul', kind: 'person', roles: ['finance'], tenant: 'home' }
export const people: readonly Person[] = [maria, paul]

/** An agent for one capability; `does` is its work, `bid` its offer. */
export function worker(
  id: string,
  offers: Agent['offers'][number],
  does: (input: Readonly<Record<string, unknown>>, context: Parameters<Agent['perform']>[2]) => unknown,
  bid: Agent['bid'] = () => ({ time: '10ms', confidence: 0.9 }),
): Agent {
  return {
    id,
    kind: 'function',
    domain: 'home',
    description: id,
    offers: [offers],
    models: [],
    bid,
    perform: async (_, input, context) => does(input, context),
  }
}

/** Agents that do everything of this world well. `paid` is the ledger of payments, by idempotency key. */
export function goodAgents(paid: Map<string, number> = new Map()): readonly Agent[] {
  return [
    defineAgent({ id: 'noter-a', offers: [makeNoteA], perform: { 'note.a': ({ text }) => ({ a: { text } }) } }),
    defineAgent({ id: 'noter-b', offers: [makeNoteB], perform: { 'note.b': ({ text }) => ({ b: { text } }) } }),
    defineAgent({
      id: 'payer',
      offers: [pay],
      perform: {
        pay: ({ order }, { idempotencyKey }) => {
          paid.set(idempotencyKey, order.amount)
          return { receipt: { text: `paid ${order.amount}`, amount: order.amount, key: idempotencyKey } }
        },
      },
    }),
    defineAgent({
      id: 'reporter',
      offers: [report],
      perform: {
        report: ({ notes }, { missing }) => ({
          report: { notes: notes.length, missing: missing.map(({ concept }) => concept) },
        }),
      },
    }),
  ]
}

/** A folder that is gone when the test has ended. */
export function scratch(): string {
  const folder = mkdtempSync(path.join(tmpdir(), 'muster-test-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  return folder
}

/** A Muster that is closed when the test has ended. */
export async function world(
  config: Partial<MusterConfig> & Pick<MusterConfig, 'agents'>,
  parts: MusterParts = {},
): Promise<Muster> {
  const muster = await createMuster(
    { policies: permitAll, people, data: scratch(), durability: 'normal', ...config },
    parts,
  )
  onTestFinished(() => muster[Symbol.asyncDispose]())
  return muster
}

/** Every event of a run that has ended. */
export async function eventsOf(run: Run): Promise<readonly RunEvent[]> {
  return Array.fromAsync(run.events())
}

/** Reads a run's events until one is of `type`, and gives that one. */
export async function firstEvent<T extends RunEvent['type']>(
  run: Run,
  type: T,
  after = 0,
): Promise<Extract<RunEvent, { type: T }>> {
  for await (const event of run.events({ after })) if (isType(event, type)) return event
  throw new Error(`the run ended without \`${type}\``)
}

function isType<T extends RunEvent['type']>(event: RunEvent, type: T): event is Extract<RunEvent, { type: T }> {
  return event.type === type
}
