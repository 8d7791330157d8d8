/** One line about every run, kept beside the journal so that runs can be listed without reading them. A view: the journal decides. */
import { type Principal, type RunId, runId } from '../core/index.ts'
import type { Store, Write } from '../store/index.ts'
import type { Outcome } from './event.ts'
import type { Flow } from './hall.ts'
import { isOperator, maySee } from './sight.ts'

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

/** The space in which runs are found by who declared them: keys only, so that somebody's own are listed without all others. */
const ownSpace = 'run-of'

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

/** The write by which a run that is declared is found by who declared it. */
export function ownWrite({ run, tenant, principal }: Pick<RunSummary, 'run' | 'tenant' | 'principal'>): Write {
  return { kind: 'record', space: ownSpace, key: run, version: 0, group: ownGroup(tenant, principal), value: '' }
}

// As JSON, because ids may hold any character that could divide them.
function ownGroup(tenant: string, principal: string): string {
  return JSON.stringify([tenant, principal])
}

/** The runs that `by` may see, newest first: their own, or for an operator those of the tenant. */
export async function listRuns(
  { store }: { readonly store: Store },
  by: Principal,
  page: { readonly after?: string; readonly limit: number },
): Promise<readonly RunSummary[]> {
  const from = { ...page, descending: true }
  if (isOperator(by)) {
    const records = await store.records.list(summarySpace, by.tenant, from)
    return records.map(({ value }): RunSummary => JSON.parse(value))
  }
  const own = await store.records.list(ownSpace, ownGroup(by.tenant, by.id), from)
  const kept = await Promise.all(own.map(({ key }) => readSummary(store, runId(key))))
  return kept.flatMap(one => (one !== undefined && maySee(one.summary, by) ? [one.summary] : []))
}

/** The write that brings the summary of a claimed run up to date. */
export async function refreshSummary({ store, journal }: Flow, status: RunStatus): Promise<readonly Write[]> {
  const kept = await readSummary(store, journal.state.run)
  return kept === undefined ? [] : [summaryWrite({ ...kept.summary, status, head: journal.head }, kept.version)]
}
