import { defineInterpreter, Reading } from 'muster'
import pino from 'pino'
import { expect, it, onTestFinished } from 'vitest'
import { defineCapability } from '../../src/agents/index.ts'
import { MusterError } from '../../src/core/index.ts'
import { openSqliteStore, type Store } from '../../src/store/index.ts'
import { goodAgents, makeNoteA, NoteA, permitAll, scratch, Text, worker, world } from '../support/world.ts'

const read = defineCapability({ name: 'read', takes: { text: Text }, gives: { reading: Reading }, effect: 'pure' })
const interpreter = defineInterpreter({
  capability: read,
  intents: { a: { wants: [NoteA], says: 'a note' } },
  always: [],
  covers: 'notes',
})
const reader = worker('reader', read, ({ text }) => ({
  reading: { parts: [{ text, candidates: [{ intent: 'a', confidence: 1 }] }] },
}))

it('a dry run of a text does nothing, also when its process is interrupted once the text is read', async () => {
  let worked = 0
  const noter = worker('noter', makeNoteA, ({ text }) => {
    worked += 1
    return { a: { text } }
  })
  const inner = await openSqliteStore({ file: `${scratch()}/muster.db`, durability: 'normal' })
  onTestFinished(() => inner[Symbol.asyncDispose]())
  let failures = 0
  const store: Store = {
    ...inner,
    // As when the process is killed: what the graph would have kept is lost.
    checkpoints: { ...inner.checkpoints, put: async () => {}, putWrites: async () => {} },
    commit: async writes => {
      const ends = writes.some(({ kind }) => kind === 'conclude')
      if (ends && ++failures === 1) throw new MusterError('store-failed', 'the disk is full')
      await inner.commit(writes)
    },
  }
  const muster = await world({ agents: [reader, noter], interpreter }, { store, log: pino({ level: 'silent' }) })
  const preview = await muster.plan({ text: 'a note' })
  expect(preview.plan.steps).toHaveLength(1)
  expect(failures).toBe(2)
  expect(worked).toBe(0)
})

it('a dry run of a text that people must see first asks nobody, and leaves nothing behind', async () => {
  const policies = [
    ...permitAll,
    {
      file: 'r.cedar',
      text: '@id("r") @escalate("finance") @within("30m") forbid (principal, action == Muster::Action::"read", resource);',
    },
  ]
  const muster = await world({ agents: [reader, ...goodAgents()], interpreter, policies })
  await expect(muster.plan({ text: 'a note' })).rejects.toMatchObject({ code: 'no-plan' })
  const [run] = await muster.runs()
  expect(await (await muster.run(run?.run ?? '')).result).toMatchObject({ status: 'cancelled' })
  expect(await muster.approvals.list()).toEqual([])
})
