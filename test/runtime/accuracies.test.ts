import { defineGoal } from 'muster'
import pino from 'pino'
import { expect, it, onTestFinished } from 'vitest'
import { MusterError } from '../../src/core/index.ts'
import { listAccuracies } from '../../src/runtime/index.ts'
import { openSqliteStore, type Store } from '../../src/store/index.ts'
import { makeNoteA, NoteA, scratch, worker, world } from '../support/world.ts'

const goal = defineGoal({ objective: 'a note', given: { text: 'x' }, wanted: [NoteA] })
const noter = worker('noter', makeNoteA, ({ text }) => ({ a: { text } }))

async function openStore(file: string): Promise<Store> {
  const store = await openSqliteStore({ file, durability: 'normal' })
  onTestFinished(() => store[Symbol.asyncDispose]())
  return store
}

it('what came of forecasts is counted once for each step, however many runs and processes end at once', async () => {
  const data = scratch()
  const processes = await Promise.all([1, 2].map(() => world({ agents: [noter], data })))
  await Promise.all(
    processes.map(async muster => {
      const runs = await Promise.all(Array.from({ length: 20 }, () => muster.declare(goal)))
      await Promise.all(runs.map(run => run.result))
    }),
  )
  for (const muster of processes) await muster[Symbol.asyncDispose]()
  const store = await openStore(`${data}/muster.db`)
  const [known] = await listAccuracies(store)
  expect(known).toMatchObject(['note.a@1', { succeeded: 40, failed: 0, asked: { time: 10 } }])
})

it('steps that fail, and conditions that do not hold, make the next forecast less sure', async () => {
  const broken = worker('noter', makeNoteA, () => {
    throw new MusterError('agent-failed', 'out of ink')
  })
  const muster = await world({ agents: [broken] })
  const before = await muster.plan(goal)
  for (let times = 0; times < 3; times++) await (await muster.declare(goal)).result
  const after = await muster.plan(goal)
  expect(after.forecast.risk).toBeGreaterThan(before.forecast.risk + 0.1)
})

it('a store that refuses it costs no run', async () => {
  const inner = await openStore(`${scratch()}/muster.db`)
  const store: Store = {
    ...inner,
    commit: async writes => {
      if (writes.some(write => write.kind === 'record' && write.space === 'accuracy'))
        throw new MusterError('store-failed', 'the disk is full')
      await inner.commit(writes)
    },
  }
  const muster = await world({ agents: [noter] }, { store, log: pino({ level: 'silent' }) })
  expect(await (await muster.declare(goal)).result).toMatchObject({ status: 'succeeded' })
})
