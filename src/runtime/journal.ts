/**
 * The journal of one run, held by the process that has claimed it.
 *
 * 1. Events are numbered and chained here, in the order of `append`, and are on disk when `append` resolves.
 * 2. Appends that come while one is being written go to disk together. When such a batch is refused, each is tried alone,
 *    so that only the culprit is refused.
 * 3. State moves on only by what is on disk, and only then is anyone told.
 * 4. A refusal by fence ends the journal: nothing more is written by this process.
 */
import type { Bus } from '../bus/index.ts'
import { canonicalJson, type Clock, type Digest, MusterError, type RunId } from '../core/index.ts'
import { chainHash } from '../policy/index.ts'
import type { Store, StoredEvent, Write } from '../store/index.ts'
import type { RunEvent, RunEventBody } from './event.ts'
import { type RunFold, type RunState, startFold } from './run.ts'

/** The bus subject on which a run's new events are told. */
export function eventsSubject(run: RunId): string {
  return `run.${run}.events`
}

/** The bus subject on which it is told that a run's approvals have changed. */
export const approvalsSubject = 'approvals'

/** The bus subject on which it is told that a run's journal has its last event. */
export function endSubject(run: RunId): string {
  return `run.${run}.end`
}

/** A run's journal, open for writing. */
export interface Journal {
  readonly state: RunState
  readonly head: { readonly seq: number; readonly hash: Digest }
  /** Appends events together with other writes, all or nothing; resolves when they are on disk. */
  append(events: readonly RunEventBody[], writes?: readonly Write[]): Promise<void>
}

/** Numbers and chains events after `head`. */
export function chainEvents(
  run: RunId,
  head: { readonly seq: number; readonly hash: Digest | undefined },
  at: number,
  events: readonly RunEventBody[],
): readonly StoredEvent[] {
  let before = head
  return events.map(({ type, ...rest }) => {
    const unchained = { seq: before.seq + 1, at, type, body: canonicalJson(rest) }
    const stored = { ...unchained, hash: chainHash(run, before.hash, unchained) }
    before = stored
    return stored
  })
}

/** The event that lies in the journal as `stored`. */
export function openEvent(stored: StoredEvent): RunEvent {
  return { ...JSON.parse(stored.body), type: stored.type, seq: stored.seq, at: stored.at }
}

const pageSize = 500

/** A run's events after `after`, read in pages. */
export async function* readEvents(store: Store, run: RunId, after = 0): AsyncGenerator<StoredEvent> {
  for (let last = after; ; ) {
    const page = await store.journal.read(run, last, pageSize)
    yield* page
    const end = page.at(-1)
    if (end === undefined || page.length < pageSize) return
    last = end.seq
  }
}

/** The state of a run by its journal; undefined when there is no such run. */
export async function readRun(
  store: Store,
  run: RunId,
): Promise<{ fold: RunFold; head: { seq: number; hash: Digest } } | undefined> {
  let fold: RunFold | undefined
  let head: { seq: number; hash: Digest } | undefined
  for await (const stored of readEvents(store, run)) {
    const event = openEvent(stored)
    if (fold === undefined) fold = startFold(run, event)
    else fold.evolve(event)
    head = { seq: stored.seq, hash: stored.hash }
  }
  return fold && head && { fold, head }
}

interface Waiting {
  readonly events: readonly RunEventBody[]
  readonly writes: readonly Write[]
  readonly done: () => void
  readonly failed: (error: unknown) => void
}

/** Opens the journal of a claimed run. Throws `not-found` when it has no events. */
export async function openJournal(
  parts: { readonly store: Store; readonly bus: Bus; readonly clock: Clock },
  run: RunId,
  fence: number,
): Promise<Journal> {
  const { store, bus, clock } = parts
  const read = await readRun(store, run)
  if (read === undefined) throw new MusterError('not-found', `run \`${run}\` is not in the journal`)
  const { fold } = read
  let { head } = read
  let waiting: Waiting[] = []
  let writing = false
  let lost: unknown

  const write = async (batch: readonly Waiting[]) => {
    const at = clock.now()
    const events = batch.flatMap(one => one.events)
    const stored = chainEvents(run, head, at, events)
    const append: Write[] = stored.length === 0 ? [] : [{ kind: 'append', run, fence, after: head.seq, events: stored }]
    await store.commit([...append, ...batch.flatMap(({ writes }) => writes)])
    const last = stored.at(-1)
    if (last === undefined) return
    for (const [index, event] of events.entries()) fold.evolve({ ...event, seq: head.seq + 1 + index, at })
    head = { seq: last.seq, hash: last.hash }
    bus.publish(eventsSubject(run), { seq: last.seq })
    if (last.type === 'run.concluded') bus.publish(endSubject(run), {})
    if (stored.some(({ type }) => type.startsWith('approval.'))) bus.publish(approvalsSubject, { run })
  }

  const writeAlone = async (one: Waiting) => {
    try {
      if (lost !== undefined) throw lost
      await write([one])
      one.done()
    } catch (error) {
      if (error instanceof MusterError && error.code === 'stale-fence') lost = error
      one.failed(error)
    }
  }

  const flush = async () => {
    writing = true
    while (waiting.length > 0) {
      const batch = waiting
      waiting = []
      if (batch.length > 1 && lost === undefined) {
        try {
          await write(batch)
          for (const { done } of batch) done()
          continue
        } catch {
          // Somebody in the batch was refused; tried alone, each gets its own answer.
        }
      }
      for (const one of batch) await writeAlone(one)
    }
    writing = false
  }

  return {
    state: fold.state,
    get head() {
      return head
    },
    append: (events, writes = []) =>
      new Promise((done, failed) => {
        waiting.push({ events, writes, done, failed })
        if (!writing) void flush()
      }),
  }
}
