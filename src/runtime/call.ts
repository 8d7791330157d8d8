/**
 * A call that an agent makes inside its step is a step of its own. It is known by what is called with what, so that an
 * agent that begins again finds what it has already got, and the same call never acts twice.
 */
import { capabilityId, checkInput } from '../agents/index.ts'
import { type DataRef, digestOf, errorOf, joinLabels, MusterError, sealData } from '../core/index.ts'
import type { Write } from '../store/index.ts'
import { type Bound, openRefs } from './bind.ts'
import type { Flow } from './hall.ts'
import type { StepState } from './run.ts'

/** Thrown into a call whose step must wait for people: the caller is let go. */
export class Suspension extends Error {
  readonly step: string

  constructor(step: string) {
    super(`step \`${step}\` waits for people`)
    this.name = 'Suspension'
    this.step = step
  }
}

/** How deep calls may call. */
const deepest = 8

/** The id of the step that this call is; makes the step when it is not there. */
export async function openCall(
  { journal, registry }: Flow,
  parent: StepState,
  bound: Bound,
  name: string,
  input: Readonly<Record<string, unknown>>,
): Promise<string> {
  const capability = registry.capabilities.findLast(one => one.name === name || capabilityId(one) === name)
  if (capability === undefined)
    throw new MusterError('not-found', `nobody offers \`${name}\``, { hint: 'call a capability that an agent offers' })
  const values = await checkInput(capability, input)
  const id = `${parent.step.id}/${digestOf({ capability: capabilityId(capability), values }).slice(7, 19)}`
  if (journal.state.steps.has(id)) return id
  if (id.split('/').length > deepest) throw new MusterError('bad-input', `calls are nested more than ${deepest} deep`)

  const blobs: Write[] = []
  const caller = parent.status.kind === 'assigned' ? parent.status.job.agent : parent.step.capability
  const seal = (concept: string, value: unknown): DataRef => {
    const labels = joinLabels([
      bound.labels,
      { trusted: bound.labels.trusted, origins: [caller], sensitivity: 'public' },
    ])
    const { ref, bytes } = sealData(concept, value, labels)
    blobs.push({ kind: 'blob', digest: ref.digest, bytes })
    return ref
  }
  const inputs = Object.fromEntries(
    Object.entries(capability.takes).map(([port, takes]) => {
      const value = values[port]
      if (takes.kind === 'concept') return [port, seal(takes.name, value)]
      return [port, Array.isArray(value) ? value.map(one => seal(takes.concept.name, one)) : []]
    }),
  )
  const step = { id, capability: capabilityId(capability), inputs: {}, after: [] }
  await journal.append([{ type: 'step.called', step, parent: parent.step.id, inputs }], blobs)
  return id
}

/** What a called step delivered. Throws what kept it from delivering. */
export async function callOutputs({ journal, store }: Flow, id: string): Promise<Readonly<Record<string, unknown>>> {
  const status = journal.state.steps.get(id)?.status
  if (status?.kind === 'succeeded') return openRefs(store, status.outputs)
  if (status?.kind === 'dropped')
    throw errorOf({ code: status.cause === 'denied' ? 'forbidden' : 'agent-failed', message: status.reason })
  throw new MusterError('internal', `call \`${id}\` has not ended`)
}
