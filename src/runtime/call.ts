/**
 * A call that an agent makes inside its step is a step of its own. It is known by what is called with what, so that an
 * agent that begins again finds what it has already got, and the same call never acts twice.
 */
import { type Capability, capabilityId, checkInput } from '../agents/index.ts'
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

/** Outputs of a called step by port. */
type Outputs = Readonly<Record<string, unknown>>

/** The calls of one attempt: the same call is made once, and all of them end before the attempt does. */
export interface Calls {
  /** Calls a capability. Rejects with what kept it from delivering, and with `cancelled` once the attempt is over. */
  readonly call: (capability: string, input: Readonly<Record<string, unknown>>) => Promise<Outputs>
  /** Rejects with the first `Suspension` of a call: the agent must not be able to catch that and go on. */
  readonly suspended: Promise<never>
  /** Refuses further calls and waits until those that were made have ended. */
  close(): Promise<void>
}

/** The calls that an attempt at `parent` may make; `perform` takes a called step through the funnel while it is wanted. */
export function openCalls(
  flow: Flow,
  parent: StepState,
  bound: Bound,
  perform: (step: string, wanted: AbortSignal) => Promise<'settled' | 'asking'>,
): Calls {
  const made = new Map<string, Promise<Outputs>>()
  const open = new Set<Promise<unknown>>()
  const over = new AbortController()
  const wanted = AbortSignal.any([flow.signal, over.signal])
  const suspended = Promise.withResolvers<never>()
  suspended.promise.catch(() => {})

  const carryOut = async (asked: Asked): Promise<Outputs> => {
    await recordCall(flow, parent, bound, asked)
    if ((await perform(asked.id, wanted)) === 'settled') return callOutputs(flow, asked.id)
    const suspension = new Suspension(asked.id)
    end()
    suspended.reject(suspension)
    throw suspension
  }
  const callOnce = async (name: string, input: Readonly<Record<string, unknown>>): Promise<Outputs> => {
    wanted.throwIfAborted()
    const asked = await readCall(flow, parent, name, input)
    wanted.throwIfAborted()
    const outputs = made.get(asked.id) ?? carryOut(asked)
    made.set(asked.id, outputs)
    return outputs
  }
  const end = () => over.abort(new MusterError('cancelled', `the attempt at step \`${parent.step.id}\` is over`))

  return {
    call(name, input) {
      const called = callOnce(name, input)
      open.add(called)
      // An agent that does not look at what became of its call must not take the process down.
      called.catch(() => {}).finally(() => open.delete(called))
      return called
    },
    suspended: suspended.promise,
    async close() {
      end()
      await Promise.allSettled(open)
    },
  }
}

interface Asked {
  readonly id: string
  readonly capability: Capability
  readonly values: Readonly<Record<string, unknown>>
}

async function readCall(
  { registry }: Flow,
  parent: StepState,
  name: string,
  input: Readonly<Record<string, unknown>>,
): Promise<Asked> {
  const capability = registry.capabilities.findLast(one => one.name === name || capabilityId(one) === name)
  if (capability === undefined)
    throw new MusterError('not-found', `nobody offers \`${name}\``, { hint: 'call a capability that an agent offers' })
  const values = await checkInput(capability, input)
  const id = `${parent.step.id}/${digestOf({ capability: capabilityId(capability), values }).slice(7, 19)}`
  if (id.split('/').length > deepest) throw new MusterError('bad-input', `calls are nested more than ${deepest} deep`)
  return { id, capability, values }
}

/** Makes the step that a call is, when it is not there. */
async function recordCall(
  { journal }: Flow,
  parent: StepState,
  bound: Bound,
  { id, capability, values }: Asked,
): Promise<void> {
  if (journal.state.steps.has(id)) return
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
}

/** What a called step delivered. Throws what kept it from delivering. */
async function callOutputs({ journal, store }: Flow, id: string): Promise<Outputs> {
  const status = journal.state.steps.get(id)?.status
  if (status?.kind === 'succeeded') return openRefs(store, status.outputs)
  if (status?.kind === 'dropped')
    throw errorOf({ code: status.cause === 'denied' ? 'forbidden' : 'agent-failed', message: status.reason })
  throw new MusterError('internal', `call \`${id}\` has not ended`)
}
