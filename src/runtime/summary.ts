/** One line about every run, kept beside the journal so that runs can be listed without reading them. A view: the journal decides. */
import type { RunId } from '../core/index.ts'
import type { Store, Write } from '../store/index.ts'
import type { Outcome } from './event.ts'
import type { Flow } from './hall.ts'

/** Where a run stands. `asking`: the one who declared it is asked; `waiting`: people must approve. */
export type RunStatus = 'running' | 'asking' | 'waiting' | 'paused' | Outcome

/** A run in a list. */
export interface RunSummary {
  readonly run: RunId
  readonly tenant: string
  readonly principal: string
  readonly objective: string
  readonly status: RunStatus
  /** Milliseconds since 1970. */
  readonly declaredAt: number
  /** The journal's end when this was written; the audit finds a journal that lost its end by it. */
  readonly head?: { readonly seq: number; readonly hash: string }
}

/** The space of the store in which summaries lie, by run and grouped by tenant. */
const summarySpace = 'run'

/** The write that keeps a summary; `version` is the one it replaces. */
export function summaryWrite(summary: RunSummary, version: number): Write {
  return {
    kind: 'record',
    space: summarySpace,
    key: summary.run,
    version,
    group: summary.tenant,
    value: JSON.stringify(summary),
  }
}

/** The summary of a run, with the version of its record. */
export async function readSummary(
  store: Store,
  run: RunId,
): Promise<{ summary: RunSummary; version: number } | undefined> {
  const record = await store.records.get(summarySpace, run)
  return record && { summary: JSON.parse(record.value), version: record.version }
}

/** The runs of a tenant, newest first. */
export async function listRuns(
  { store }: { readonly store: Store },
  tenant: string,
  page: { readonly after?: string; readonly limit: number },
): Promise<readonly RunSummary[]> {
  const records = await store.records.list(summarySpace, tenant, { ...page, descending: true })
  return records.map(({ value }): RunSummary => JSON.parse(value))
}

/** The write that brings the summary of a claimed run up to date. */
export async function refreshSummary({ store, journal }: Flow, status: RunStatus): Promise<readonly Write[]> {
  const kept = await readSummary(store, journal.state.run)
  return kept === undefined ? [] : [summaryWrite({ ...kept.summary, status, head: journal.head }, kept.version)]
}
