/** A process that asks for three commits at once, one of them larger than its files may grow, then for one more; prints how they ended. */
import { problemOf } from '../../src/core/index.ts'
import { openSqliteStore, type Write } from '../../src/store/index.ts'

const [file = ''] = process.argv.slice(2)
const store = await openSqliteStore({ file })
const record = (key: string, value = '{}'): Write => ({ kind: 'record', space: 's', key, version: 0, group: '', value })
const ended = (commit: Promise<void>) =>
  commit.then(
    () => 'kept',
    thrown => problemOf(thrown).code,
  )

const ends = await Promise.all([
  ended(store.commit([record('before')])),
  ended(store.commit([record('small'), record('large', 'x'.repeat(8_000_000))])),
  ended(store.commit([record('behind')])),
])
ends.push(await ended(store.commit([record('later')])))
const keys = (await store.records.list('s', '', { limit: 9 })).map(({ key }) => key)
process.stdout.write(JSON.stringify({ ends, keys, damage: await store.damage() }))
await store[Symbol.asyncDispose]()
