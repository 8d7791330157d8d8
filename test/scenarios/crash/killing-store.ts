/** A store that takes its whole process down at a chosen event: right after it is on disk, or just before. */
import type { Store } from '../../../src/store/index.ts'

/** Kills this process by SIGKILL around the commit that appends event `seq`; with 0 it only counts. */
export function killingStore(inner: Store, at: { readonly seq: number; readonly when: 'before' | 'after' }): Store {
  return {
    commit: async writes => {
      const hit = writes.some(write => write.kind === 'append' && write.events.some(event => event.seq === at.seq))
      if (hit && at.when === 'before') process.kill(process.pid, 'SIGKILL')
      await inner.commit(writes)
      if (hit) process.kill(process.pid, 'SIGKILL')
    },
    journal: inner.journal,
    queue: inner.queue,
    records: inner.records,
    blobs: inner.blobs,
    pools: inner.pools,
    checkpoints: inner.checkpoints,
    damage: () => inner.damage(),
    [Symbol.asyncDispose]: () => inner[Symbol.asyncDispose](),
  }
}
