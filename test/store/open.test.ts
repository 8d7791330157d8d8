import { readFile, writeFile } from 'node:fs/promises'
import { DatabaseSync } from 'node:sqlite'
import { expect, it } from 'vitest'
import { openSqliteStore } from '../../src/store/index.ts'
import { inFolder } from './folder.ts'

const at = inFolder()
const storeFailed = expect.objectContaining({ name: 'MusterError', code: 'store-failed', hint: expect.any(String) })

it('makes the folders and the file', async () => {
  const file = at('a/b/c.db')
  await using _ = await openSqliteStore({ file })
  expect((await readFile(file)).subarray(0, 15).toString()).toBe('SQLite format 3')
})

it('refuses a file that is no database, and leaves it alone', async () => {
  await writeFile(at('notes.txt'), 'dear diary '.repeat(500))
  await expect(openSqliteStore({ file: at('notes.txt') })).rejects.toThrow(storeFailed)
  expect(await readFile(at('notes.txt'), 'utf8')).toContain('dear diary')
})

it('refuses a folder, and a folder that cannot be made', async () => {
  await writeFile(at('file'), '')
  await expect(openSqliteStore({ file: at('.') })).rejects.toThrow(storeFailed)
  await expect(openSqliteStore({ file: at('file/store.db') })).rejects.toThrow(storeFailed)
})

it('refuses a database of another program, or of another version', async () => {
  const change = (file: string, sql: string) => {
    using db = new DatabaseSync(at(file))
    db.exec(sql)
  }
  change('other.db', 'CREATE TABLE songs (title TEXT)')
  await expect(openSqliteStore({ file: at('other.db') })).rejects.toThrow(storeFailed)
  await (await openSqliteStore({ file: at('newer.db') }))[Symbol.asyncDispose]()
  change('newer.db', 'PRAGMA user_version = 1000')
  await expect(openSqliteStore({ file: at('newer.db') })).rejects.toThrow(storeFailed)
})

it('lets many open a new file at the same moment', async () => {
  const stores = await Promise.all(Array.from({ length: 8 }, () => openSqliteStore({ file: at('store.db') })))
  await Promise.all(
    stores.map((store, n) =>
      store.commit([{ kind: 'record', space: 's', key: `${n}`, version: 0, group: '', value: '{}' }]),
    ),
  )
  expect(await stores[0]?.records.list('s', '', { limit: 99 })).toHaveLength(8)
  for (const store of stores) await store[Symbol.asyncDispose]()
})
