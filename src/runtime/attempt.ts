/** One attempt at a step: hand it to its agent on its node, check what comes back, ask the guard again, record and settle. */
import { type Capability, checkOutput } from '../agents/index.ts'
import {
  type DataRef,
  formatUsd,
  joinLabels,
  MusterError,
  type Problem,
  problemOf,
  sealData,
  sleep,
} from '../core/index.ts'
import { nodePool } from '../placement/index.ts'
import { budgetPool, moneyAmount } from '../policy/index.ts'
import type { Write } from '../store/index.ts'
import { askOutcome, askPeople } from './ask.ts'
import { type Bound, openRefs } from './bind.ts'
import { type Calls, Suspension } from './call.ts'
import { drop, dropForbidden } from './drop.ts'
import { guardRequest, liftedFor } from './guard-step.ts'
import type { Flow } from './hall.ts'
import { giveBack, type HeldJob } from './hold.ts'
import { nextMove } from './next-move.ts'
import type { StepState } from './step-state.ts'

/** Runs a held job to its end. `again`: the step goes back to the start of the funnel. */
export async function attempt(
  flow: Flow,
  stepState: StepState,
  capability: Capability,
  bound: Bound,
  job: HeldJob,
  calls: Calls,
): Promise<'settled' | 'asking' | 'again'> {
  await flow.confirmHeld()
  const started = flow.clock.now()
  const id = stepState.step.id
  const end = await work(flow, capability, bound, job, calls)
  const took = flow.clock.now() - started
  if (end.kind === 'suspended') {
    await flow.journal.append([{ type: 'step.suspended', step: id, job: job.id, on: end.on }], giveBack(flow, job))
    return 'again'
  }
  const succeeded = end.kind === 'done'
  flow.records.add(job.agent, stepState.step.capability, { succeeded, promised: job.promised, took })
  if (!succeeded) return failed(flow, stepState, capability, bound, job, end.problem)

  const { outputs, blobs } = end
  const doer = { agent: job.agent, price: job.price }
  const request = {
    ...guardRequest(flow, stepState, capability, bound, doer),
    phase: 'after',
    output: end.values,
  } as const
  const ruling = flow.guard.rule(request, liftedFor(flow, id))
  if (ruling.decision === 'forbid') return dropForbidden(flow, id, job.agent, ruling, giveBack(flow, job))
  if (ruling.decision === 'escalate') {
    const worked = { type: 'step.worked', step: id, job: job.id, outputs, took } as const
    return askPeople(flow, stepState, request, ruling, [worked], [...blobs, ...giveBack(flow, job)])
  }
  await flow.journal.append(
    [
      { type: 'step.ruled', step: id, agent: job.agent, ruling },
      { type: 'step.succeeded', step: id, agent: job.agent, outputs, charged: job.price, took },
    ],
    [
      ...blobs,
      { kind: 'settle', pool: budgetPool(flow.journal.state.run), id: job.id, spent: moneyAmount(job.price) },
      { kind: 'release', pool: nodePool(job.node), id: job.id },
    ],
  )
  return 'settled'
}

/** Lets out the outputs of work that people had to see first: ruled on afresh, then charged and recorded. */
export async function letOut(
  flow: Flow,
  stepState: StepState,
  capability: Capability,
  bound: Bound,
  worked: NonNullable<StepState['worked']>,
): Promise<'settled' | 'asking'> {
  const { agent, price, outputs, took } = worked
  const id = stepState.step.id
  const output = await openRefs(flow.store, outputs)
  const request = {
    ...guardRequest(flow, stepState, capability, bound, { agent, price }),
    phase: 'after',
    output,
  } as const
  const ruling = flow.guard.rule(request, liftedFor(flow, id))
  if (ruling.decision === 'forbid') return dropForbidden(flow, id, agent, ruling)
  if (ruling.decision === 'escalate') return askPeople(flow, stepState, request, ruling)
  const pool = budgetPool(flow.journal.state.run)
  try {
    await flow.journal.append(
      [
        { type: 'step.ruled', step: id, agent, ruling },
        { type: 'step.succeeded', step: id, agent, outputs, charged: price, took },
      ],
      [
        { kind: 'reserve', pool, id, amounts: moneyAmount(price) },
        { kind: 'settle', pool, id, spent: moneyAmount(price) },
      ],
    )
    return 'settled'
  } catch (error) {
    // While people looked at it nothing was held, and other steps have spent what was left.
    if (!(error instanceof MusterError && error.code === 'over-capacity')) throw error
    return drop(flow, id, 'failed', `its outputs cost ${formatUsd(price)}, more than is left of the budget`)
  }
}

type WorkEnd =
  | ({ readonly kind: 'done'; readonly values: Readonly<Record<string, unknown>> } & Sealed)
  | { readonly kind: 'failed'; readonly problem: Problem }
  | { readonly kind: 'suspended'; readonly on: string }

async function work(flow: Flow, capability: Capability, bound: Bound, job: HeldJob, calls: Calls): Promise<WorkEnd> {
  const { load, node, signal, journal, cancelled } = flow
  const changesWorld = capability.effect === 'writes' || capability.effect === 'acts'
  const letGo = new AbortController()
  const stop = AbortSignal.any([signal, letGo.signal, ...(changesWorld ? [] : [cancelled])])
  load.set(job.agent, (load.get(job.agent) ?? 0) + 1)
  try {
    const output = node.work(
      {
        agent: job.agent,
        capability: capability.name,
        device: job.device,
        input: bound.values,
        inputs: bound.refs,
        missing: bound.missing,
        idempotencyKey: job.idempotencyKey,
        deadline: job.giveUpAt,
        principal: journal.state.principal,
        call: calls.call,
      },
      stop,
    )
    const values = await checkOutput(capability, await Promise.race([output, calls.suspended]))
    return { kind: 'done', values, ...seal(flow, capability, bound, job.agent, values) }
  } catch (error) {
    signal.throwIfAborted()
    if (error instanceof Suspension) return { kind: 'suspended', on: error.step }
    if (cancelled.aborted && !changesWorld)
      return { kind: 'failed', problem: { code: 'cancelled', message: 'the run was cancelled' } }
    return { kind: 'failed', problem: problemOf(error, 'agent-failed') }
  } finally {
    letGo.abort()
    await calls.close()
    load.set(job.agent, (load.get(job.agent) ?? 1) - 1)
  }
}

async function failed(
  flow: Flow,
  stepState: StepState,
  capability: Capability,
  bound: Bound,
  job: HeldJob,
  problem: Problem,
): Promise<'settled' | 'asking' | 'again'> {
  const id = stepState.step.id
  const others = flow.registry
    .offering(stepState.step.capability)
    .some(agent => agent.id !== job.agent && !stepState.failed.includes(agent.id))
  const next = nextMove({ capability, problem, attempts: job.attempt, others })
  const event = { type: 'step.failed', step: id, job: job.id, problem, next } as const
  if (next.kind === 'give-up') {
    // A no to something that the agent called for is a no to what it was to do.
    const cause = problem.code === 'forbidden' ? 'denied' : 'failed'
    await flow.journal.append(
      [event, { type: 'step.dropped', step: id, cause, reason: next.reason }],
      giveBack(flow, job),
    )
    return 'settled'
  }
  if (next.kind === 'ask')
    return askOutcome(flow, stepState, bound.values, job, next.reason, [event], giveBack(flow, job))
  await flow.journal.append([event], giveBack(flow, job))
  if (next.kind === 'retry') await sleep(flow.clock, Math.min(5000, 50 * 2 ** job.attempt), flow.signal)
  return 'again'
}

interface Sealed {
  readonly outputs: Readonly<Record<string, DataRef>>
  readonly blobs: readonly Write[]
}

function seal(
  { registry }: Flow,
  capability: Capability,
  bound: Bound,
  by: string,
  values: Readonly<Record<string, unknown>>,
): Sealed {
  const outputs: Record<string, DataRef> = {}
  const blobs: Write[] = []
  const trusted = bound.labels.trusted && registry.agent(by)?.domain === 'home'
  for (const [port, concept] of Object.entries(capability.gives)) {
    const labels = joinLabels([bound.labels, { trusted, origins: [by], sensitivity: concept.sensitivity }])
    const { ref, bytes } = sealData(concept.name, values[port], labels)
    outputs[port] = ref
    blobs.push({ kind: 'blob', digest: ref.digest, bytes })
  }
  return { outputs, blobs }
}
