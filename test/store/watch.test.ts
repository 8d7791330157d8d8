import { expect, it } from 'vitest'
import { digestOf } from '../../src/core/index.ts'
import { openSqliteStore, type Store } from '../../src/store/index.ts'
import { createManualClock } from '../support/manual-clock.ts'
import { inFolder } from './folder.ts'

const at = inFolder()
let version = 0
const change = (store: Store) => store.commit([{ kind: 'blob', digest: digestOf(version++), bytes: new Uint8Array() }])

it('wakes who watches when another process has changed the store, and only then', async () => {
  const clock = createManualClock()
  await using store = await openSqliteStore({ file: at('store.db'), clock })
  await using other = await openSqliteStore({ file: at('store.db') })
  let woken = 0
  const stop = store.queue.watch(() => woken++)

  await change(store)
  await clock.advance(1000)
  expect(woken).toBe(0)

  await change(other)
  await clock.advance(1000)
  expect(woken).toBe(1)
  await clock.advance(1000)
  expect(woken).toBe(1)

  stop()
  await change(other)
  await clock.advance(1000)
  expect(woken).toBe(1)
})

it('wakes nobody for what changed before he watched', async () => {
  const clock = createManualClock()
  await using store = await openSqliteStore({ file: at('store.db'), clock })
  await using other = await openSqliteStore({ file: at('store.db') })
  await change(other)
  let woken = 0
  store.queue.watch(() => woken++)
  await clock.advance(1000)
  expect(woken).toBe(0)
})
