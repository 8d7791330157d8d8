/** Ids that come out the same every time. */
import { createHash } from 'node:crypto'
import { createIds, type Ids } from '../core/index.ts'

/** Ids that depend on `seed` and on how many were made before, and sort in the order in which they were made. */
export function seededIds(seed: number | string): Ids {
  let made = 0
  return createIds(
    () => ++made,
    bytes => createHash('sha256').update(`${seed}/${made}`).digest().subarray(0, bytes),
  )
}
