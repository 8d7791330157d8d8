/**
 * A call that an agent makes inside its step is a step of its own. It is known by what is called with what, so that an
 * agent that begins again finds what it has already got, and the same call never acts twice.
 */
import { type Capability, capabilityId, checkInput } from '../agents/index.ts'
import { digestOf, errorOf, joinLabels, MusterError } from '../core/index.ts'
import { type Bound, openRefs, sealInputs } from './bind.ts'
import type { Flow } from './hall.ts'

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

/** The step at which an attempt is made, what it asks for, its inputs, and the agent that makes it. */
export interface Caller {
  readonly id: string
  readonly capability: Capability
  readonly bound: Bound
  readonly agent: string
}

/** The calls that `caller` may make; `perform` takes a called step through the funnel while it is wanted. */
export function openCalls(
  flow: Flow,
  caller: Caller,
  perform: (step: string, wanted: AbortSignal) => Promise<'settled' | 'asking'>,
): Calls {
  const made = new Map<string, Promise<Outputs>>()
  const open = new Set<Promise<unknown>>()
  const over = new AbortController()
  let ended = false
  const wanted = AbortSignal.any([flow.signal, over.signal])
  const suspended = Promise.withResolvers<never>()
  suspended.promise.catch(() => {})

  const carryOut = async (asked: Asked): Promise<Outputs> => {
    await recordCall(flow, caller, asked)
    if ((await perform(asked.id, wanted)) === 'settled') return callOutputs(flow, asked.id)
    const suspension = new Suspension(asked.id)
    end()
    suspended.reject(suspension)
    throw suspension
  }
  const callOnce = async (name: string, input: Readonly<Record<string, unknown>>): Promise<Outputs> => {
    refuseWhenOver()
    const asked = await readCall(flow, caller, name, input)
    refuseWhenOver()
    const outputs = made.get(asked.id) ?? carryOut(asked)
    made.set(asked.id, outputs)
    return outputs
  }
  const tooLate = () => new MusterError('cancelled', `the attempt at step \`${caller.id}\` is over`)
  // Most attempts make no call, and an error costs more than everything else here.
  const end = () => {
    ended = true
    if (open.size > 0) over.abort(tooLate())
  }
  const refuseWhenOver = () => {
    wanted.throwIfAborted()
    if (ended) throw tooLate()
  }

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
  caller: Caller,
  name: string,
  input: Readonly<Record<string, unknown>>,
): Promise<Asked> {
  // A call may have to wait for people, and then its caller begins again: what it did must not happen twice.
  if (!caller.capability.idempotent) {
    throw new MusterError('forbidden', `\`${caller.capability.name}\` may not call: it cannot be begun again`, {
      hint: 'let it honour idempotency keys and say `idempotent: true`, or give what it needs as an input',
    })
  }
  const capability = registry.capabilities.findLast(one => one.name === name || capabilityId(one) === name)
  if (capability === undefined)
    throw new MusterError('not-found', `nobody offers \`${name}\``, { hint: 'call a capability that an agent offers' })
  const values = await checkInput(capability, input)
  const id = `${caller.id}/${digestOf({ capability: capabilityId(capability), values }).slice(7, 19)}`
  if (id.split('/').length > deepest) throw new MusterError('bad-input', `calls are nested more than ${deepest} deep`)
  return { id, capability, values }
}

/** Makes the step that a call is, when it is not there. */
async function recordCall(
  { journal, registry }: Flow,
  { id: parent, agent, bound }: Caller,
  { id, capability, values }: Asked,
): Promise<void> {
  if (journal.state.steps.has(id)) return
  const trusted = bound.labels.trusted && registry.agent(agent)?.domain === 'home'
  const { refs, blobs } = sealInputs(capability.takes, values, ({ sensitivity }) =>
    joinLabels([bound.labels, { trusted, origins: [agent], sensitivity }]),
  )
  const step = { id, capability: capabilityId(capability), inputs: {}, after: [] }
  await journal.append([{ type: 'step.called', step, parent, inputs: refs }], blobs)
}

/** What a called step delivered. Throws what kept it from delivering. */
async function callOutputs({ journal, store }: Flow, id: string): Promise<Outputs> {
  const status = journal.state.steps.get(id)?.status
  if (status?.kind === 'succeeded') return openRefs(store, status.outputs)
  if (status?.kind === 'dropped')
    throw errorOf({ code: status.cause === 'denied' ? 'forbidden' : 'agent-failed', message: status.reason })
  throw new MusterError('internal', `call \`${id}\` has not ended`)
}
