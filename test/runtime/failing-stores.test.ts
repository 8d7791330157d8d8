import { defineGoal } from 'muster'
import { createManualClock } from 'muster/testing'
import pino from 'pino'
import { expect, it, onTestFinished } from 'vitest'
import { MusterError } from '../../src/core/index.ts'
import { openSqliteStore, type Store, type Write } from '../../src/store/index.ts'
import { eventsOf, firstEvent, makeNoteB, NoteA, NoteB, goodAgents, scratch, worker, world } from '../support/world.ts'

const goal = defineGoal({
  objective: 'notes',
  given: { text: 'x' },
  wanted: [NoteA, NoteB],
  limits: { deadline: '60s' },
})
const log = pino({ level: 'silent' })

/** A store that does not take commits of which `fails` says so. */
async function failingStore(fails: (writes: readonly Write[]) => boolean): Promise<Store> {
  const store = await openSqliteStore({ file: `${scratch()}/muster.db`, durability: 'normal' })
  onTestFinished(() => store[Symbol.asyncDispose]())
  return {
    ...store,
    commit: async writes => {
      if (fails(writes)) throw new MusterError('store-failed', 'the disk is full')
      await store.commit(writes)
    },
  }
}
const appends = (writes: readonly Write[], type: string) =>
  writes.some(write => write.kind === 'append' && write.events.some(event => event.type === type))

it.for(['run.claimed', 'plan.adopted', 'plan.ruled', 'step.assigned', 'step.succeeded', 'run.concluded'])(
  'a run goes on when the disk takes %s the second time',
  async type => {
    const clock = createManualClock()
    let failures = 0
    const store = await failingStore(writes => appends(writes, type) && ++failures === 1)
    const muster = await world({ agents: goodAgents() }, { store, clock, log })
    const run = await muster.declare(goal)
    const ended = run.result
    const status = run.idle()
    for (let seconds = 0; seconds < 12; seconds++) await clock.advance(1000)
    expect((await ended).status).toBe('succeeded')
    expect(await status).toBe('succeeded')
    expect((await eventsOf(run)).filter(event => event.type === 'step.succeeded')).toHaveLength(2)
    expect(await store.pools.reservations('node:local')).toEqual([])
  },
)

it('a run whose step the disk never takes ends by its deadline, and says so to who waits', async () => {
  const clock = createManualClock()
  const store = await failingStore(writes => appends(writes, 'step.assigned'))
  const muster = await world({ agents: goodAgents() }, { store, clock, log })
  const run = await muster.declare(goal)
  const status = run.idle()
  for (let seconds = 0; seconds < 62; seconds++) await clock.advance(1000)
  expect(await status).toBe('failed')
  const result = await run.result
  expect(result.status).toBe('failed')
  expect((await eventsOf(run)).at(-1)?.at).toBeLessThanOrEqual(clock.now())
  expect(await store.checkpoints.list({ thread: run.id })).toEqual([])
})

it('a message that cannot be taken out does not leave work behind that nobody holds', async () => {
  const begun = Promise.withResolvers<void>()
  const finish = Promise.withResolvers<void>()
  let times = 0
  const slow = worker('slow', makeNoteB, async ({ text }) => {
    times += 1
    begun.resolve()
    await finish.promise
    return { b: { text } }
  })
  let failures = 0
  const failed = Promise.withResolvers<void>()
  const store = await failingStore(writes => {
    const fails = writes.some(({ kind }) => kind === 'consume') && ++failures === 1
    if (fails) setTimeout(failed.resolve, 50)
    return fails
  })
  const muster = await world({ agents: [...goodAgents().filter(({ id }) => id !== 'noter-b'), slow] }, { store, log })
  const run = await muster.declare(goal)
  await begun.promise
  await run.pause()
  await failed.promise
  finish.resolve()
  expect((await run.result).status).toBe('succeeded')
  expect(times).toBe(1)
  expect((await firstEvent(run, 'run.paused')).by).toBe('operator')
})
