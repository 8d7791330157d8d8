/** Reading a run as it happens: every event once, in order, from any number on, whichever process writes it. */
import type { Principal, RunId } from '../core/index.ts'
import { openRefs } from './bind.ts'
import { findRun } from './decide.ts'
import type { Outcome, RunEvent } from './event.ts'
import type { Hall } from './hall.ts'
import { endSubject, eventsSubject, openEvent, readEvents, readRun } from './journal.ts'
import { listen } from './news.ts'
import type { RunStatus } from './summary.ts'

/** The bus subject on which it is told that a run has ended or gone to sleep. */
export function statusSubject(run: RunId): string {
  return `run.${run}.status`
}

/** How a run came out. `outputs` are the delivered values by concept. */
export interface RunResult {
  readonly run: RunId
  readonly status: Outcome
  readonly reason: string
  readonly outputs: Readonly<Record<string, unknown>>
  /** Micro-dollars. */
  readonly spent: number
}

/** A run's events after `after`; ends after `run.concluded`, or when `signal` aborts. Throws `closed` when this Muster is closed first. */
export async function* followRun(
  hall: Hall,
  run: RunId,
  options: { readonly after?: number; readonly signal?: AbortSignal } = {},
): AsyncGenerator<RunEvent> {
  const { signal } = options
  let last = options.after ?? 0
  using news = listen(hall, eventsSubject(run), signal)
  while (!signal?.aborted) {
    const more = news.next()
    const before = last
    for await (const stored of readEvents(hall.store, run, last)) {
      last = stored.seq
      yield openEvent(stored)
      if (stored.type === 'run.concluded') return
    }
    // Asked for what lies behind the end of an ended run.
    if (last === before && (await hasEnded(hall, run))) return
    await more
  }
}

async function hasEnded({ store }: Pick<Hall, 'store'>, run: RunId): Promise<boolean> {
  return (await store.journal.head(run))?.type === 'run.concluded'
}

/** Waits until the run has ended. Rejects with `closed` when this Muster is closed first. */
export async function whenEnded(hall: Pick<Hall, 'store' | 'bus' | 'closing'>, run: RunId): Promise<void> {
  using news = listen(hall, endSubject(run))
  for (;;) {
    const more = news.next()
    if (await hasEnded(hall, run)) return
    await more
  }
}

/** The result of an ended run; undefined while it has not ended. */
export async function readResult({ store }: Pick<Hall, 'store'>, run: RunId): Promise<RunResult | undefined> {
  const state = (await readRun(store, run))?.fold.state
  if (state?.concluded === undefined) return undefined
  const { outcome, reason, outputs } = state.concluded
  return { run, status: outcome, reason, outputs: await openRefs(store, outputs), spent: state.spent }
}

/** Waits until the run has ended, or waits for somebody: then for whom. Rejects with `closed` when this Muster is closed first. */
export async function whenIdle(hall: Hall, run: RunId, by: Principal, signal?: AbortSignal): Promise<RunStatus> {
  using news = listen(hall, statusSubject(run), signal)
  for (;;) {
    signal?.throwIfAborted()
    const more = news.next()
    // Messages first: a run that takes the last one out is no longer said to be waiting.
    const pending = await hall.store.queue.signals(run)
    const { status } = await findRun(hall, run, by)
    if (status !== 'running' && pending.length === 0) return status
    await more
  }
}
