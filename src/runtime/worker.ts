/**
 * Takes due runs from the queue and carries them on, each under a lease. Whatever ends a process leaves its runs in the
 * queue: when the lease is over another process takes them up where the journal ends.
 */
import { MusterError, problemOf } from '../core/index.ts'
import type { Claim } from '../store/index.ts'
import { createCheckpointer } from './checkpointer.ts'
import { conclude } from './conclude.ts'
import { statusSubject } from './follow.ts'
import type { Flow, Hall } from './hall.ts'
import { takeSignals } from './inbox.ts'
import { queueSubject } from './intake.ts'
import { openJournal } from './journal.ts'
import { outturnOf } from './outturn.ts'
import { recover } from './recover.ts'
import { createRunGraph, flowKey, runGraph } from './run-graph.ts'
import { refreshSummary, type RunStatus } from './summary.ts'

/** A loop that works on due runs until it is disposed of; disposal gives its runs back. */
export interface Worker extends AsyncDisposable {
  /** How many runs it holds now. */
  readonly held: number
}

/** Milliseconds after which an unexpected failure is tried again; a run waits twice as long with every claim, up to a minute. */
const failurePause = 1000

/** Starts working. `concurrency`: most runs at once, default 64; `lease`: milliseconds. */
export function startWorker(
  hall: Hall,
  options: { readonly owner: string; readonly concurrency?: number; readonly lease: number },
): Worker {
  const { store, bus, clock, log } = hall
  const { owner, concurrency = 64, lease } = options
  const flows = new Map<string, Flow>()
  const graph = createRunGraph(flows, createCheckpointer(store.checkpoints))
  const closing = new AbortController()
  const working = new Set<Promise<void>>()
  let wake = Promise.withResolvers<void>()
  let stopTimer = () => {}
  const nudge = () => wake.resolve()
  const stops = [bus.subscribe(queueSubject, nudge), store.queue.watch(nudge)]

  const work = async (claim: Claim) => {
    const { run, fence } = claim
    const key = flowKey(claim)
    const held = keepLease(hall, claim, lease)
    const signal = AbortSignal.any([held.lost, closing.signal])
    try {
      const flow = await openFlow(hall, claim, signal, () => held.confirm())
      flows.set(key, flow)
      await flow.journal.append([{ type: 'run.claimed', owner, fence }], await refreshSummary(flow, 'running'))
      await recover(flow)
      await takeSignals(flow)
      const end = await runGraph(graph, flow)
      if (end.kind === 'concluded') await tidyUp(flow)
      else {
        await flow.journal.append(
          [],
          [{ kind: 'sleep', run, fence, until: end.until }, ...(await refreshSummary(flow, waitingFor(flow)))],
        )
      }
    } catch (error) {
      await giveUp(hall, claim, flows.get(key), error, signal)
    } finally {
      held.stop()
      flows.delete(key)
      bus.publish(statusSubject(run), {})
    }
  }

  const loop = async () => {
    while (!closing.signal.aborted) {
      wake = Promise.withResolvers()
      try {
        const claim = working.size < concurrency ? await store.queue.claim(owner, clock.now(), lease) : undefined
        if (claim !== undefined) {
          const job = work(claim).finally(() => {
            working.delete(job)
            nudge()
          })
          working.add(job)
          continue
        }
        const due = working.size < concurrency ? await store.queue.nextDue() : undefined
        stopTimer = due === undefined ? () => {} : clock.after(Math.max(1, due - clock.now()), nudge)
      } catch (error) {
        log.error({ error: problemOf(error) }, 'the queue cannot be read')
        stopTimer = clock.after(failurePause, nudge)
      }
      await wake.promise
      stopTimer()
    }
  }
  const looping = loop()

  return {
    get held() {
      return flows.size
    },
    async [Symbol.asyncDispose]() {
      closing.abort(new MusterError('closed', 'this process is shutting down'))
      for (const stop of stops) stop()
      nudge()
      await looping
      await Promise.all(working)
    },
  }
}

async function openFlow(
  hall: Hall,
  { run, tenant, fence }: Claim,
  signal: AbortSignal,
  confirmHeld: Flow['confirmHeld'],
): Promise<Flow> {
  const cancelling = new AbortController()
  return {
    ...hall,
    journal: await openJournal(hall, run, fence),
    tenant,
    fence,
    signal,
    confirmHeld,
    cancelled: cancelling.signal,
    cancel: () => cancelling.abort(new MusterError('cancelled', 'the run was cancelled')),
  }
}

/** The lease on a claimed run, renewed three times in its length until it is stopped. */
interface Lease {
  /** Aborts when another process has taken the run. */
  readonly lost: AbortSignal
  /** Asks the store when the lease may be over; rejects with `stale-fence` when the run is lost. */
  confirm(): Promise<void>
  stop(): void
}

function keepLease({ store, clock }: Hall, { run, fence, leaseUntil }: Claim, length: number): Lease {
  const losing = new AbortController()
  let until = leaseUntil
  let stopped = false
  let cancel = () => {}
  const renew = async () => {
    const next = clock.now() + length
    if (await store.queue.renew(run, fence, next)) until = next
    else losing.abort(new MusterError('stale-fence', `run \`${run}\` was taken over by another process`))
  }
  const renewAgain = async () => {
    // A store that fails now may answer next time; if the run is lost meanwhile, every write is refused by its fence.
    await renew().catch(() => {})
    if (!stopped && !losing.signal.aborted) renewLater()
  }
  const renewLater = () => {
    cancel = clock.after(length / 3, () => void renewAgain())
  }
  renewLater()
  return {
    lost: losing.signal,
    async confirm() {
      if (clock.now() >= until) await renew()
      losing.signal.throwIfAborted()
    },
    stop() {
      stopped = true
      cancel()
    },
  }
}

// What lists say of an ended run is brought up to its last event, what came of its forecast is learned from, and the
// cache of its graph is dropped.
async function tidyUp(flow: Flow): Promise<void> {
  const { run, concluded } = flow.journal.state
  await flow.store.commit(await refreshSummary(flow, concluded?.outcome ?? 'failed'))
  await flow.store.checkpoints.delete(run)
  await flow.accuracies.learn(outturnOf(flow.journal.state)?.steps ?? [])
}

function waitingFor({ journal }: Flow): RunStatus {
  const { paused, question } = journal.state
  if (paused) return 'paused'
  return question === undefined ? 'waiting' : 'asking'
}

// A defect must not hold a run for ever: it is tried again later, and ends as failed when its deadline has passed.
async function giveUp(
  hall: Hall,
  { run, fence }: Claim,
  flow: Flow | undefined,
  error: unknown,
  signal: AbortSignal,
): Promise<void> {
  const { store, clock, log } = hall
  const lost = error instanceof MusterError && error.code === 'stale-fence'
  if (lost) return log.warn({ run, error: error.message }, 'lost the run')
  if (flow?.journal.state.concluded !== undefined)
    return log.warn({ run, error: problemOf(error) }, 'the run ended, and was not tidied up after')
  if (!signal.aborted)
    log.error(
      { run, error: problemOf(error), stack: error instanceof Error ? error.stack : undefined },
      'the run failed',
    )
  try {
    if (flow !== undefined && !signal.aborted && clock.now() >= flow.journal.state.deadline) {
      await conclude(flow, { outcome: 'failed', reason: problemOf(error).message, outputs: {} })
      await tidyUp(flow)
      return
    }
    const pause = signal.aborted ? 0 : failurePause * 2 ** Math.min(fence, 6)
    const until = Math.min(clock.now() + pause, flow?.journal.state.deadline ?? Number.POSITIVE_INFINITY)
    await store.commit([{ kind: 'sleep', run, fence, until }])
  } catch (second) {
    log.warn({ run, error: problemOf(second) }, 'the run could not be given back; its lease will end')
  }
}
