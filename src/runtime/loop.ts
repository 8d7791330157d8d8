/**
 * Loops: a step that runs once for every item of a list becomes a step for each item, and when these have ended, the list
 * of what they gave.
 *
 * 1. All items come to be in one write: after a crash there are all of them or none.
 * 2. A list that is too long, or that is expected to cost more than is left, is refused before any item runs.
 * 3. Whatever an item does, it does in the funnel, under its own id: it is ruled on, paid and recalled like any step.
 */
import { type Capability, capabilityId } from '../agents/index.ts'
import { check, type Concept, type DataRef, formatUsd, joinLabels, sealData } from '../core/index.ts'
import type { Write } from '../store/index.ts'
import { type Bound, type Gone, openRef, strongest } from './bind.ts'
import { hasEnded, whyUnmet } from './choice.ts'
import { drop } from './drop.ts'
import type { RunEventBody } from './event.ts'
import type { Flow } from './hall.ts'
import { itemsOf } from './loop-items.ts'
import type { StepState } from './step-state.ts'

/** Takes a loop on: expands it when it is not, gathers what its items gave when they have ended. */
export async function performLoop(
  flow: Flow,
  stepState: StepState,
  capability: Capability,
  bound: Bound,
): Promise<'settled' | 'expanded'> {
  const { state } = flow.journal
  const { id, each } = stepState.step
  const items = itemsOf(state, id)
  if (items.some(({ step }) => !hasEnded(state, step.id))) return 'expanded'
  if (items.length > 0 || each === undefined) return gather(flow, stepState, capability, bound, items)
  const list = bound.values[each.port]
  const ref = bound.refs[each.port]
  if (!Array.isArray(list) || ref === undefined || !('digest' in ref))
    return drop(flow, id, 'failed', `\`${each.port}\` is no list`)
  const values = list.map((item: unknown) => ({ ...bound.values, [each.port]: item }))
  const refusal = whyRefused(flow, each.most, capability, values)
  if (refusal !== undefined) return drop(flow, id, 'failed', refusal)
  if (list.length === 0) return gather(flow, stepState, capability, bound, [])
  await expand(flow, stepState, bound, each.port, ref, list)
  return 'expanded'
}

function whyRefused(
  { estimates, journal: { state } }: Flow,
  most: number,
  capability: Capability,
  items: readonly Readonly<Record<string, unknown>>[],
): string | undefined {
  if (items.length > most) return `its list has ${items.length} items, and it may run for ${most} at most`
  const { when } = capability
  const due = when === undefined ? items : items.filter(values => whyUnmet(when, values)?.cause !== 'condition')
  const cost = due.length * estimates.of(capabilityId(capability)).price
  const left = state.budget - state.spent - state.reserved
  if (cost <= left) return undefined
  return `${due.length} items are expected to cost ${formatUsd(cost)}, and ${formatUsd(left)} is left of the budget`
}

async function expand(
  { journal, registry }: Flow,
  { step }: StepState,
  bound: Bound,
  port: string,
  list: DataRef,
  values: readonly unknown[],
): Promise<void> {
  const concept = registry.concept(list.concept)?.listOf?.name ?? list.concept
  const events: RunEventBody[] = []
  const blobs: Write[] = []
  for (const [at, value] of values.entries()) {
    const { ref, bytes } = sealData(concept, value, list.labels)
    blobs.push({ kind: 'blob', digest: ref.digest, bytes })
    const item = { id: `${step.id}/${at + 1}`, capability: step.capability, inputs: {}, after: [] }
    events.push({ type: 'step.called', step: item, parent: step.id, inputs: { ...bound.refs, [port]: ref } })
  }
  await journal.append(events, blobs)
}

async function gather(
  flow: Flow,
  { step }: StepState,
  capability: Capability,
  bound: Bound,
  items: readonly StepState[],
): Promise<'settled'> {
  const lost = items.flatMap(({ status }, at): readonly Gone[] =>
    status.kind === 'dropped' && status.cause !== 'condition'
      ? [{ cause: status.cause, gone: `item ${at + 1}: ${status.reason}` }]
      : [],
  )
  const worst = strongest(lost)
  if (worst !== undefined) return drop(flow, step.id, worst.cause, worst.gone)
  const done = items.flatMap(({ status }) => (status.kind === 'succeeded' ? [status] : []))
  const outputs: Record<string, DataRef> = {}
  const blobs: Write[] = []
  for (const [output, name] of Object.entries(step.each?.gives ?? {})) {
    const concept = flow.registry.concept(name)
    if (concept === undefined) return drop(flow, step.id, 'failed', `nobody here knows what a \`${name}\` is`)
    const refs = done.flatMap(status => status.outputs[output] ?? [])
    const values = await Promise.all(refs.map(ref => openRef(flow.store, ref)))
    const issues = await whyNot(concept, values)
    if (issues !== undefined) return drop(flow, step.id, 'failed', `its \`${output}\` is no \`${name}\`: ${issues}`)
    const own = { trusted: true, origins: [], sensitivity: concept.sensitivity }
    const { ref, bytes } = sealData(name, values, joinLabels([bound.labels, own, ...refs.map(({ labels }) => labels)]))
    outputs[output] = ref
    blobs.push({ kind: 'blob', digest: ref.digest, bytes })
  }
  const agents = [...new Set(done.map(({ agent }) => agent))].sort()
  const agent = agents.length === 0 ? capability.name : agents.join(', ')
  // Its items were charged one by one.
  await flow.journal.append([{ type: 'step.succeeded', step: step.id, agent, outputs, charged: 0, took: 0 }], blobs)
  return 'settled'
}

async function whyNot(concept: Concept, value: unknown): Promise<string | undefined> {
  const checked = await check(concept.schema, value)
  return 'issues' in checked ? checked.issues.join('; ') : undefined
}
