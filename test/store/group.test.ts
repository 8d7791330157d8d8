import { setImmediate as turn } from 'node:timers/promises'
import { expect, it } from 'vitest'
import { type Engine, GroupCommit } from '../../src/store/sqlite/group.ts'

/** An engine whose disk is as slow as the test wants, and which notes what is asked of it. */
function slowEngine() {
  const groups: number[] = []
  let dirty = false
  let syncs: PromiseWithResolvers<void>[] = []
  const engine: Engine = {
    transact(changes) {
      groups.push(changes.length)
      dirty = true
      return changes.map(change => {
        try {
          change()
          return undefined
        } catch (error) {
          return { error }
        }
      })
    },
    unsynced: () => dirty,
    async sync() {
      const sync = Promise.withResolvers<void>()
      syncs.push(sync)
      await sync.promise
      dirty = false
    },
  }
  /** Ends the sync in flight, and gives what waits for it a turn. */
  const endSync = async (error?: Error) => {
    await turn()
    for (const sync of syncs) {
      if (error) sync.reject(error)
      else sync.resolve()
    }
    syncs = []
    await turn()
  }
  return { engine, groups, endSync }
}

/** Says whether a promise has ended yet. */
function watched(promise: Promise<unknown>) {
  const state = { end: 'none' }
  promise.then(
    value => (state.end = String(value)),
    error => (state.end = `failed: ${error instanceof Error ? error.message : ''}`),
  )
  return state
}

it('resolves only when the disk has it', async () => {
  const { engine, endSync } = slowEngine()
  const change = watched(new GroupCommit(engine).change(() => 'done'))
  await turn()
  await turn()
  expect(change.end).toBe('none')
  await endSync()
  expect(change.end).toBe('done')
})

it('makes one group of what one turn asks for, and one of what came while the disk was busy', async () => {
  const { engine, groups, endSync } = slowEngine()
  const group = new GroupCommit(engine)
  const changes = [1, 2, 3].map(n => watched(group.change(() => n)))
  await turn()
  for (const n of [4, 5]) changes.push(watched(group.change(() => n)))
  await turn()
  expect(groups).toEqual([3])
  await endSync()
  await endSync()
  expect(groups).toEqual([3, 2])
  expect(changes.map(change => change.end)).toEqual(['1', '2', '3', '4', '5'])
})

it('shows nothing that is on its way to the disk', async () => {
  const { engine, endSync } = slowEngine()
  const group = new GroupCommit(engine)
  let value = 'old'
  void group.change(() => (value = 'new'))
  const early = watched(group.look(() => value))
  await turn()
  const late = watched(group.look(() => value))
  await turn()
  expect([early.end, late.end]).toEqual(['old', 'none'])
  await endSync()
  expect(late.end).toBe('new')
})

it('syncs what another process changed before it is shown', async () => {
  const { engine, endSync } = slowEngine()
  const group = new GroupCommit({ ...engine, unsynced: () => true })
  const look = watched(group.look(() => 'foreign'))
  await turn()
  expect(look.end).toBe('none')
  await endSync()
  expect(look.end).toBe('foreign')
})

it('stops for good when the disk fails: nobody knows what is on it', async () => {
  const { engine, groups, endSync } = slowEngine()
  const group = new GroupCommit(engine)
  const refused = watched(group.change(() => Promise.reject(new Error('never looked at')).catch(() => {})))
  await turn()
  const behind = watched(group.change(() => 'behind'))
  const look = watched(group.look(() => 'look'))
  await endSync(new Error('no such luck'))
  await turn()
  for (const each of [refused, behind, watched(group.change(() => 'later')), watched(group.look(() => 'later'))]) {
    await turn()
    expect(each.end).toContain('the store has stopped')
  }
  expect(look.end).not.toBe('look')
  expect(groups).toEqual([1])
})

it('keeps no turn of the event loop for more than a bounded group', async () => {
  const { engine, groups, endSync } = slowEngine()
  const group = new GroupCommit(engine)
  const changes = Array.from({ length: 600 }, (_, n) => watched(group.change(() => n)))
  for (let n = 0; n < 3; n++) await endSync()
  expect(groups).toEqual([256, 256, 88])
  expect(changes.map(change => change.end)).toEqual(changes.map((_, n) => String(n)))
})

it('ends what it has accepted before it is closed', async () => {
  const { engine, endSync } = slowEngine()
  const group = new GroupCommit(engine)
  const change = watched(group.change(() => 'done'))
  const closing = watched(group.close())
  const late = watched(group.change(() => 'late'))
  await turn()
  expect(closing.end).toBe('none')
  await endSync()
  expect([change.end, closing.end, late.end]).toEqual(['done', 'undefined', 'failed: the store is closed'])
})
