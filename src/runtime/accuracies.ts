/**
 * What became of forecasts, by capability, kept in the store: one small record each, so that a process that starts knows
 * what earlier ones have seen. It is written when a run has ended; losing a write costs accuracy and nothing else.
 */
import { MusterError } from '../core/index.ts'
import type { Store, Write } from '../store/index.ts'
import { type Accuracy, isTelling, learn } from './accuracy.ts'
import type { StepOutturn } from './outturn.ts'

const space = 'accuracy'
const group = 'all'
const pageSize = 500

// Far more than are used in one place; bounds what a start reads.
const mostKept = 10_000
// Another process may write at the same moment, not each time; if it does, what was to be kept goes with the next write.
const mostTries = 20

/** What became of forecasts, by capability (`name@version`). */
export interface Accuracies {
  of(capability: string): Accuracy | undefined
  /** Takes note of what came of steps; resolves when it is kept. */
  learn(outturns: readonly StepOutturn[]): Promise<void>
}

/** Reads what is kept in `store`. */
export async function openAccuracies(store: Store): Promise<Accuracies> {
  const known = new Map(await listAccuracies(store))
  let waiting: StepOutturn[] = []
  let writing = Promise.resolve()
  const write = async () => {
    const came = waiting
    const taken = Map.groupBy(came, ({ capability }) => capability)
    waiting = []
    if (taken.size === 0) return
    for (let tries = 0; tries < mostTries; tries++) {
      const updated = await Promise.all([...taken].map(([capability, came]) => update(store, capability, came)))
      try {
        await store.commit(updated.map(({ write }) => write))
      } catch (error) {
        if (error instanceof MusterError && error.code === 'conflict') continue
        throw error
      }
      for (const { capability, accuracy } of updated) if (accuracy !== undefined) known.set(capability, accuracy)
      return
    }
    waiting = [...came, ...waiting]
  }
  return {
    of: capability => known.get(capability),
    learn: outturns => {
      waiting.push(...outturns.filter(isTelling))
      // One write at a time; what comes meanwhile goes with the next.
      writing = writing.then(write, write)
      return writing
    },
  }
}

async function update(
  store: Store,
  capability: string,
  came: readonly StepOutturn[],
): Promise<{ capability: string; accuracy: Accuracy | undefined; write: Write }> {
  const kept = await store.records.get(space, capability)
  const before: Accuracy | undefined = kept && JSON.parse(kept.value)
  const accuracy = came.reduce<Accuracy | undefined>(learn, before)
  const value = JSON.stringify(accuracy)
  return {
    capability,
    accuracy,
    write: { kind: 'record', space, key: capability, version: kept?.version ?? 0, group, value },
  }
}

/** Everything that is kept, by capability. */
export async function listAccuracies(store: Pick<Store, 'records'>): Promise<readonly (readonly [string, Accuracy])[]> {
  const all: (readonly [string, Accuracy])[] = []
  for (let after = ''; all.length < mostKept; ) {
    const page = await store.records.list(space, group, { after, limit: pageSize })
    for (const { key, value } of page) all.push([key, JSON.parse(value)])
    const last = page.at(-1)
    if (last === undefined || page.length < pageSize) break
    after = last.key
  }
  return all
}
