/** Runs of plans that were not composed: a goal is declared, and a plan of the test's own is adopted for it. */
import { createMuster, type Muster, type MusterConfig, type MusterParts, type Run, type TypedGoal } from 'muster'
import { onTestFinished } from 'vitest'
import { type Plan, sealPlan, type Source, type Step } from '../../src/planner/index.ts'
import { chainEvents } from '../../src/runtime/journal.ts'
import type { RunEventBody } from '../../src/runtime/event.ts'
import { openSqliteStore, type Store } from '../../src/store/index.ts'
import { people, permitAll, scratch } from './world.ts'

const none = { low: 0, likely: 0, high: 0 }
const nothing = { cost: none, time: none, risk: 0, criticalPath: [], coverage: 0.9, width: 1, steps: [] }

export const given = (name: string): Extract<Source, { from: 'given' }> => ({ from: 'given', name })
export const from = (step: string, output: string): Extract<Source, { from: 'step' }> => ({
  from: 'step',
  step,
  output,
})
export const first = (...of: readonly Exclude<Source, { from: 'first' }>[]): Source => ({ from: 'first', of })
export const step = (id: string, capability: string, inputs: Step['inputs'], more: Partial<Step> = {}): Step => ({
  id,
  capability: `${capability}@1`,
  inputs,
  after: [],
  ...more,
})
export const planOf = (steps: readonly Step[], wanted: Plan['wanted']): Plan => sealPlan(steps, wanted)

/** Declares `goal` in a fresh world and lets `plan` be carried out for it; the world is closed when the test has ended. */
export async function carryOut(
  config: Partial<MusterConfig> & Pick<MusterConfig, 'agents'>,
  goal: TypedGoal,
  plan: Plan,
  parts: Omit<MusterParts, 'store' | 'work'> & { readonly store?: Store } = {},
): Promise<{ readonly run: Run; readonly muster: Muster; readonly close: () => Promise<void> }> {
  const full = { policies: permitAll, people, data: scratch(), durability: 'normal' as const, ...config }
  const store = parts.store ?? (await openSqliteStore({ file: `${full.data}/muster.db`, durability: 'normal' }))
  const id = await adoptByHand(full, goal, plan, { ...parts, store })
  const muster = await createMuster(full, { ...parts, store })
  const close = async () => {
    await muster[Symbol.asyncDispose]()
    if (parts.store === undefined) await store[Symbol.asyncDispose]()
  }
  onTestFinished(close)
  return { run: await muster.run(id), muster, close }
}

/** Declares `goal` and writes `plan` into its journal as the adopted one; nobody works on it yet. */
export async function adoptByHand(
  config: MusterConfig,
  goal: TypedGoal,
  plan: Plan,
  parts: MusterParts & { readonly store: Store },
): Promise<string> {
  const { store } = parts
  await using idle = await createMuster(config, { ...parts, work: false })
  const { id } = await idle.declare(goal)
  const now = parts.clock?.now() ?? Date.now()
  const claim = await store.queue.claim('the test', now + 1000, 60_000)
  const head = await store.journal.head(id)
  if (claim?.run !== id || head === undefined) throw new Error('the run is not the first that is due')
  const adopted: RunEventBody = { type: 'plan.adopted', plan, revision: 1, forecast: nothing, why: [] }
  await store.commit([
    {
      kind: 'append',
      run: id,
      fence: claim.fence,
      after: head.seq,
      events: chainEvents(id, head, now, [adopted]),
    },
    { kind: 'sleep', run: id, fence: claim.fence, until: now },
  ])
  return id
}
