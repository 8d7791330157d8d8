import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { expect, it } from 'vitest'
import { openSqliteStore } from '../../src/store/index.ts'
import { inFolder } from './folder.ts'

const at = inFolder()
const writer = fileURLToPath(new URL('writer.ts', import.meta.url))

/** The keys that a writer said are kept, once it has been killed after at least `least` of them. */
async function keysUntilKilled(file: string, name: string, least: number): Promise<readonly string[]> {
  const child: ChildProcess = spawn(process.execPath, [writer, file, name], { stdio: ['ignore', 'pipe', 'inherit'] })
  const keys: string[] = []
  if (!child.stdout) return keys
  for await (const line of createInterface(child.stdout)) {
    keys.push(line)
    if (keys.length === least) child.kill('SIGKILL')
  }
  if (child.exitCode === null && child.signalCode === null) await once(child, 'exit')
  return keys
}

it('keeps every commit that has resolved when processes that share the file are killed', async () => {
  const file = at('store.db')
  const told: string[] = []
  for (const round of ['one', 'two']) {
    const keys = await Promise.all([keysUntilKilled(file, `${round}-a`, 60), keysUntilKilled(file, `${round}-b`, 40)])
    told.push(...keys.flat())
  }
  await using store = await openSqliteStore({ file })
  const kept = new Set((await store.records.list('kept', '', { limit: 1e6 })).map(record => record.key))
  expect(told.length).toBeGreaterThanOrEqual(200)
  expect(told.filter(key => !kept.has(key))).toEqual([])
  expect(await store.damage()).toEqual([])
})
