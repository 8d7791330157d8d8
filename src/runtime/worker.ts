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
import { recover } from './recover.ts'
import { createRunGraph, runGraph } from './run-graph.ts'
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
    const lost = new AbortController()
    const signal = AbortSignal.any([lost.signal, closing.signal])
    const stopRenewal = keepLease(hall, claim, lease, error => lost.abort(error))
    try {
      const flow = await openFlow(hall, claim, signal)
      flows.set(run, flow)
      await flow.journal.append([{ type: 'run.claimed', owner, fence }], await refreshSummary(flow, 'running'))
      await recover(flow)
      await takeSignals(flow)
      const end = await runGraph(graph, flow)
      if (end.kind === 'concluded') {
        await store.commit(await refreshSummary(flow, flow.journal.state.concluded?.outcome ?? 'failed'))
        await store.checkpoints.delete(run)
        bus.publish(statusSubject(run), {})
      } else {
        await flow.journal.append(
          [],
          [{ kind: 'sleep', run, fence, until: end.until }, ...(await refreshSummary(flow, waitingFor(flow)))],
        )
        bus.publish(statusSubject(run), {})
      }
    } catch (error) {
      await giveUp(hall, claim, flows.get(run), error, signal)
    } finally {
      stopRenewal()
      flows.delete(run)
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

async function openFlow(hall: Hall, { run, tenant, fence }: Claim, signal: AbortSignal): Promise<Flow> {
  const cancelling = new AbortController()
  return {
    ...hall,
    journal: await openJournal(hall, run, fence),
    tenant,
    fence,
    signal,
    cancelled: cancelling.signal,
    cancel: () => cancelling.abort(new MusterError('cancelled', 'the run was cancelled')),
  }
}

function keepLease(
  { store, clock }: Hall,
  { run, fence }: Claim,
  lease: number,
  lose: (error: MusterError) => void,
): () => void {
  const renew = async () => {
    const kept = await store.queue.renew(run, fence, clock.now() + lease).catch(() => true)
    if (!kept) lose(new MusterError('stale-fence', `run \`${run}\` was taken over by another process`))
    else stop = clock.after(lease / 3, () => void renew())
  }
  let stop = clock.after(lease / 3, () => void renew())
  return () => stop()
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
  if (!signal.aborted)
    log.error(
      { run, error: problemOf(error), stack: error instanceof Error ? error.stack : undefined },
      'the run failed',
    )
  try {
    if (flow !== undefined && !signal.aborted && clock.now() >= flow.journal.state.deadline) {
      await conclude(flow, { outcome: 'failed', reason: problemOf(error).message, outputs: {} })
      return
    }
    const until = clock.now() + (signal.aborted ? 0 : failurePause * 2 ** Math.min(fence, 6))
    await store.commit([{ kind: 'sleep', run, fence, until }])
  } catch (second) {
    log.warn({ run, error: problemOf(second) }, 'the run could not be given back; its lease will end')
  }
}
