/** What keeps a step from being tried at all, whatever agents and policies say. */
import type { Capability } from '../agents/index.ts'
import type { DataRef } from '../core/index.ts'
import { lackingFact } from '../planner/index.ts'
import { type Bound, type Gone, resolveSource } from './bind.ts'
import { mayHaveActed } from './doubt.ts'
import type { Flow } from './hall.ts'
import type { RunState } from './run.ts'
import type { StepState } from './step-state.ts'

/**
 * Why a step may not be tried: a fact that it requires does not hold, because what should have brought it about did not;
 * nobody knows what came of the one that it stands in for; or the same capability was refused on the same data.
 */
export function whyForestalled(
  flow: Flow,
  stepState: StepState,
  capability: Capability,
  bound: Bound,
): Gone | undefined {
  return (
    whyNotYet(flow, stepState, capability) ??
    whyNotInstead(flow, stepState) ??
    whyRefused(flow.journal.state, stepState, bound)
  )
}

function whyNotInstead(flow: Flow, { step }: StepState): Gone | undefined {
  const { steps } = flow.journal.state
  const unsure = step.unless?.flatMap(id => steps.get(id) ?? []).find(other => mayHaveActed(flow, other))
  if (unsure === undefined) return undefined
  return { gone: `\`${unsure.step.id}\` may have changed something, so nothing stands in for it`, cause: 'failed' }
}

function whyNotYet(
  { journal, registry }: Flow,
  { step, parent }: StepState,
  { requires }: Capability,
): Gone | undefined {
  const { plan, steps } = journal.state
  if (requires.length === 0 || plan === undefined || parent !== undefined) return undefined
  const planned = plan.steps.flatMap(({ id }) => steps.get(id) ?? [])
  const done = planned
    .filter(({ status }) => status.kind === 'succeeded')
    .toSorted((a, b) => (a.ended ?? 0) - (b.ended ?? 0))
  const others = planned.filter(one => !done.includes(one)).map(one => one.step)
  const lacking = lackingFact(
    step,
    { done: done.map(one => one.step), others },
    {
      capabilities: registry.capabilities,
      facts: journal.state.goal?.facts ?? [],
    },
  )
  if (lacking === undefined) return undefined
  const status = steps.get(lacking.bringer ?? '')?.status
  if (status?.kind !== 'dropped') return { gone: `\`${lacking.text}\` does not hold`, cause: 'failed' }
  return {
    gone: `\`${lacking.text}\` does not hold: ${status.reason}`,
    cause: status.cause === 'failed' ? 'unreachable' : status.cause,
  }
}

// Only a revision brings in a step that could ask again for what was refused.
function whyRefused(state: RunState, { step }: StepState, bound: Bound): Gone | undefined {
  if (state.revision < 2) return undefined
  const asked = digestsOf(bound.refs)
  for (const { step: other, status, inputs } of state.steps.values()) {
    if (other.capability !== step.capability || status.kind !== 'dropped' || status.cause !== 'denied') continue
    const refs = Object.entries(other.inputs).map(([port, input]) => {
      const found = [input].flat().map(source => resolveSource(state, source))
      return [port, inputs[port] ?? found.flatMap(ref => (ref !== undefined && 'digest' in ref ? [ref] : []))] as const
    })
    if (digestsOf({ ...Object.fromEntries(refs), ...inputs }) === asked)
      return { gone: `it was refused before: ${status.reason}`, cause: 'denied' }
  }
  return undefined
}

function digestsOf(refs: Readonly<Record<string, DataRef | readonly DataRef[]>>): string {
  const digests = Object.entries(refs).map(([port, ref]) => [port, [ref].flat().map(({ digest }) => digest)])
  return JSON.stringify(digests.toSorted(([a = ''], [b = '']) => (a < b ? -1 : 1)))
}
