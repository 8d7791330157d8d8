/** Inputs of a step: from the sources that its plan names to references, and from references to values. */
import type { Capability } from '../agents/index.ts'
import { type Concept, type DataRef, joinLabels, type Labels, MusterError, openData, sealData } from '../core/index.ts'
import { type Origin, originsOf, type Source } from '../planner/index.ts'
import type { Store, Write } from '../store/index.ts'
import type { DropCause, Refs } from './event.ts'
import type { RunState } from './run.ts'
import type { StepState } from './step-state.ts'

/** Inputs by name, ready to be ruled on. */
export interface Bound {
  readonly refs: Refs
  readonly values: Readonly<Record<string, unknown>>
  readonly labels: Labels
  readonly missing: readonly { readonly concept: string; readonly reason: string }[]
}

/** Why a datum will not come, and how what needs it ends because of that. */
export interface Gone {
  readonly gone: string
  readonly cause: DropCause
}

/** What a source stands for now: a datum, or why it will not come. Undefined while that is not known. */
export function resolveSource(state: RunState, source: Source): DataRef | Gone | undefined {
  if (source.from !== 'first') return resolveOrigin(state, source)
  const gone: Gone[] = []
  for (const origin of source.of) {
    const found = resolveOrigin(state, origin)
    if (found === undefined || !('gone' in found)) return found
    gone.push(found)
  }
  return strongest(gone) ?? { gone: 'there is no alternative', cause: 'failed' }
}

/** The reason that says most: what went wrong before what was denied, and that before what was not needed. */
export function strongest(reasons: readonly Gone[]): Gone | undefined {
  return reasons.toSorted((a, b) => strength[b.cause] - strength[a.cause])[0]
}

const strength: Readonly<Record<DropCause, number>> = {
  replaced: 0,
  condition: 1,
  denied: 2,
  unreachable: 3,
  failed: 4,
}

function resolveOrigin(state: RunState, source: Origin): DataRef | Gone | undefined {
  if (source.from === 'given')
    return state.given[source.name] ?? { gone: `\`${source.name}\` was not given`, cause: 'failed' }
  const status = state.steps.get(source.step)?.status
  if (status?.kind === 'succeeded')
    return (
      status.outputs[source.output] ?? { gone: `step \`${source.step}\` gave no \`${source.output}\``, cause: 'failed' }
    )
  // Nothing to do stays nothing to do, and a no stays a no, however far down the plan it is felt.
  if (status?.kind === 'dropped')
    return { gone: status.reason, cause: status.cause === 'failed' ? 'unreachable' : status.cause }
  return undefined
}

/** The value that a reference names. Throws `store-failed` when its bytes are not there. */
export async function openRef(store: Store, ref: DataRef): Promise<unknown> {
  const bytes = await store.blobs.get(ref.digest)
  if (bytes === undefined)
    throw new MusterError('store-failed', `the bytes of ${ref.concept} \`${ref.digest}\` are not in the store`)
  return openData(bytes)
}

function isList(refs: DataRef | readonly DataRef[]): refs is readonly DataRef[] {
  return Array.isArray(refs)
}

/** Opens every reference of a record. */
export async function openRefs(store: Store, refs: Refs): Promise<Readonly<Record<string, unknown>>> {
  const values = await Promise.all(
    Object.entries(refs).map(async ([port, ref]) => {
      return [
        port,
        isList(ref) ? await Promise.all(ref.map(one => openRef(store, one))) : await openRef(store, ref),
      ] as const
    }),
  )
  return Object.fromEntries(values)
}

/** Seals values as inputs by port, each under the labels that its concept gets. */
export function sealInputs(
  takes: Capability['takes'],
  values: Readonly<Record<string, unknown>>,
  labelsOf: (concept: Concept) => Labels,
): { readonly refs: Refs; readonly blobs: readonly Write[] } {
  const refs: Record<string, DataRef | readonly DataRef[]> = {}
  const blobs: Write[] = []
  const seal = (concept: Concept, value: unknown): DataRef => {
    const { ref, bytes } = sealData(concept.name, value, labelsOf(concept))
    blobs.push({ kind: 'blob', digest: ref.digest, bytes })
    return ref
  }
  for (const [port, value] of Object.entries(values)) {
    const taken = takes[port]
    if (taken?.kind === 'concept') refs[port] = seal(taken, value)
    else if (taken !== undefined && Array.isArray(value)) refs[port] = value.map(one => seal(taken.concept, one))
  }
  return { refs, blobs }
}

/** Binds the inputs of a step whose predecessors have ended; or says which input will not come. */
export async function bindInputs(store: Store, state: RunState, { step, inputs }: StepState): Promise<Bound | Gone> {
  const refs: Record<string, DataRef | readonly DataRef[]> = { ...inputs }
  const missing: { concept: string; reason: string }[] = []
  for (const [port, sources] of Object.entries(step.inputs)) {
    if (port in inputs) continue
    if ('from' in sources) {
      const ref = resolveSource(state, sources)
      if (ref === undefined)
        throw new MusterError('internal', `step \`${step.id}\` was started before its input \`${port}\``)
      if ('gone' in ref) return ref
      refs[port] = ref
      continue
    }
    const come: DataRef[] = []
    for (const source of sources) {
      const ref = resolveSource(state, source)
      if (ref === undefined)
        throw new MusterError('internal', `step \`${step.id}\` was started before its input \`${port}\``)
      if ('gone' in ref) missing.push({ concept: conceptOf(state, source) ?? port, reason: ref.gone })
      else come.push(ref)
    }
    refs[port] = come
  }
  const labels = joinLabels(
    Object.values(refs).flatMap(ref => (isList(ref) ? ref.map(one => one.labels) : [ref.labels])),
  )
  return { refs, values: await openRefs(store, refs), labels, missing }
}

function conceptOf(state: RunState, source: Source): string | undefined {
  const keys = originsOf(source).map(keyOf)
  return Object.entries(state.plan?.wanted ?? {}).find(([, wanted]) =>
    originsOf(wanted).some(origin => origin.from === 'step' && keys.includes(keyOf(origin))),
  )?.[0]
}

function keyOf(origin: Origin): string {
  return origin.from === 'given' ? origin.name : `${origin.step}.${origin.output}`
}
