/** Whether a step of a plan is to run at all, once it is known what the steps before it gave. */
import { compileCondition, type DataRef, problemOf } from '../core/index.ts'
import { predecessors, type Step } from '../planner/index.ts'
import type { Store } from '../store/index.ts'
import { type Gone, openRefs, resolveSource } from './bind.ts'
import type { DropCause } from './event.ts'
import type { RunState } from './run.ts'

/** Whether a step has ended, well or not. */
export function hasEnded({ steps }: RunState, id: string): boolean {
  const kind = steps.get(id)?.status.kind
  return kind === 'succeeded' || kind === 'dropped'
}

function hasDelivered({ steps }: RunState, id: string): boolean {
  return steps.get(id)?.status.kind === 'succeeded'
}

/** Whether more than the mere end of its predecessors decides when a step may start. */
export function hasChoice({ inputs, when, unless }: Step): boolean {
  const sources = [...Object.values(inputs), ...Object.values(when?.over ?? {})].flat()
  return unless !== undefined || sources.some(({ from }) => from === 'first')
}

/**
 * Whether it is known what a step runs with, or that it does not run: alternatives that are not needed are not waited
 * for. Not while a step that it depends on was given up and the plan is yet to be looked at again.
 */
export function mayStart(state: RunState, step: Step): boolean {
  const { inputs, after, when, unless = [] } = step
  if (predecessors(step).some(id => state.broken.has(id))) return false
  if (unless.some(id => hasDelivered(state, id))) return true
  const sources = [...Object.values(inputs), ...Object.values(when?.over ?? {})].flat()
  return (
    [...after, ...unless].every(id => hasEnded(state, id)) &&
    sources.every(source => resolveSource(state, source) !== undefined)
  )
}

/** Why a step does not run: another one has delivered what it stands in for, or its condition does not hold. */
export async function whySkipped(store: Store, state: RunState, step: Step): Promise<Gone | undefined> {
  const delivered = step.unless?.find(id => hasDelivered(state, id))
  if (delivered !== undefined) return { cause: 'condition', gone: `\`${delivered}\` has delivered` }
  if (step.when === undefined) return undefined
  const refs: Record<string, DataRef> = {}
  for (const [name, source] of Object.entries(step.when.over)) {
    const ref = resolveSource(state, source)
    if (ref === undefined) return { cause: 'failed', gone: `\`${name}\` of its condition has not come` }
    if ('gone' in ref) return ref
    refs[name] = ref
  }
  const unmet = whyUnmet(step.when.condition, await openRefs(store, refs))
  return unmet && { cause: unmet.cause, gone: unmet.reason }
}

/** Why work does not go on by its condition: it does not hold, or cannot be judged. */
export function whyUnmet(
  condition: string,
  values: Readonly<Record<string, unknown>>,
): { readonly cause: DropCause; readonly reason: string } | undefined {
  try {
    if (compileCondition(condition).holds(values)) return undefined
    return { cause: 'condition', reason: `its condition \`${condition}\` does not hold` }
  } catch (error) {
    return { cause: 'failed', reason: `its condition cannot be judged: ${problemOf(error).message}` }
  }
}
