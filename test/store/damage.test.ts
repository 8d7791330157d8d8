import { readFile, writeFile } from 'node:fs/promises'
import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { digestOf, MusterError, type RunId } from '../../src/core/index.ts'
import { openSqliteStore, type Store } from '../../src/store/index.ts'
import { inFolder } from './folder.ts'

const at = inFolder()
const run = 'run-00000000000000000000000001' as RunId
const needle = (of: string) => `needle-${of}`

/** A closed store with a row in every table, each with a needle outside its key. */
async function makeStore(file: string): Promise<void> {
  await using store = await openSqliteStore({ file })
  await store.commit([
    { kind: 'enqueue', run, tenant: needle('run'), priority: 0, due: 0 },
    {
      kind: 'append',
      run,
      fence: 0,
      after: 0,
      events: [{ seq: 1, at: 5, type: 't', body: needle('event'), hash: digestOf(1) }],
    },
    { kind: 'signal', run, id: 's-1', body: needle('signal') },
    { kind: 'blob', digest: digestOf('blob'), bytes: Buffer.from(needle('blob')) },
    { kind: 'pool', pool: 'node-1', capacity: { [needle('pool')]: 1, cpu: 2 } },
    { kind: 'reserve', pool: 'node-1', id: 'hold-1', amounts: { cpu: 1, [needle('reservation')]: 0 } },
    { kind: 'record', space: 'approval', key: 'appr-7', version: 0, group: 'open', value: needle('record') },
  ])
  const place = { thread: 't', namespace: '', type: 'json' }
  const checkpoint = Buffer.from(needle('checkpoint'))
  await store.checkpoints.put({ ...place, id: 'c-1', parent: undefined, checkpoint, metadata: Buffer.from('{}') })
  const value = Buffer.from(needle('write'))
  await store.checkpoints.putWrites([{ ...place, checkpoint: 'c-1', task: 'k', index: 0, channel: 'x', value }])
}

/** Everything that can be read of such a store. */
async function contentsOf(store: Store): Promise<unknown> {
  const [checkpoint] = await store.checkpoints.list({})
  return [
    await store.journal.read(run, 0, 9),
    await store.journal.runs('', 9),
    await store.queue.nextDue(),
    await store.queue.signals(run),
    await store.blobs.get(digestOf('blob')),
    await store.pools.get('node-1'),
    await store.pools.reservations('node-1'),
    await store.records.list('approval', 'open', { limit: 9 }),
    checkpoint,
    await store.checkpoints.writes('t', '', 'c-1'),
    await store.queue.claim('owner', 5, 5),
  ]
}

async function flip(file: string, offset: number, bit = 0): Promise<void> {
  const bytes = await readFile(file)
  bytes.writeUInt8(bytes.readUInt8(offset) ^ (1 << bit), offset)
  await writeFile(file, bytes)
}

describe('a byte that flipped in a row', () => {
  it.each([
    ['event', `event \`${run}/1\``],
    ['run', `run \`${run}\``],
    ['signal', `signal \`${run}/s-1\``],
    ['blob', `blob \`${digestOf('blob')}\``],
    ['pool', 'pool `node-1`'],
    ['reservation', 'reservation `node-1/hold-1`'],
    ['record', 'record `approval/appr-7`'],
    ['checkpoint', 'checkpoint `t//c-1`'],
    ['write', 'checkpoint write `t//c-1/k/0`'],
  ])('of the %ss is found, and the row is named', async (of, name) => {
    const file = at('store.db')
    await makeStore(file)
    await flip(file, (await readFile(file)).indexOf(needle(of)) + 3)
    await using store = await openSqliteStore({ file })
    expect(await store.damage()).toEqual([`${name}: its checksum does not match`])
  })

  it('is found while the store is open and remembers the row as it was', async () => {
    const file = at('store.db')
    await makeStore(file)
    await using store = await openSqliteStore({ file })
    await store.records.get('approval', 'appr-7')
    await flip(file, (await readFile(file)).indexOf(needle('record')))
    expect(await store.damage()).toEqual(['record `approval/appr-7`: its checksum does not match'])
  })
})

it('tells of a file that cannot be read any more, instead of failing', async () => {
  const file = at('store.db')
  await makeStore(file)
  await using store = await openSqliteStore({ file })
  const bytes = await readFile(file)
  await writeFile(file, bytes.fill(0xff, 0, 200))
  expect((await store.damage()).join()).toContain('cannot')
})

it('no flipped bit passes: the file does not open, damage is told, or everything is as it was', async () => {
  const good = at('good.db')
  const file = at('bad.db')
  await makeStore(good)
  const bytes = await readFile(good)
  const outcome = async (offset: number, bit: number) => {
    await writeFile(file, bytes)
    await flip(file, offset, bit)
    try {
      await using store = await openSqliteStore({ file, durability: 'normal' })
      const damage = await store.damage()
      return damage.length > 0 ? 'told' : await contentsOf(store)
    } catch (thrown) {
      return thrown instanceof MusterError && thrown.code === 'store-failed' ? 'closed' : thrown
    }
  }
  await writeFile(file, bytes)
  const contents = await contentsIn(file)
  // Most of a small file is empty; what is written is what can be damaged.
  const offsets = Array.from(bytes.keys()).filter(offset => bytes[offset] !== 0)
  await fc.assert(
    fc.asyncProperty(fc.constantFrom(...offsets), fc.nat(7), async (offset, bit) => {
      expect(['told', 'closed', contents]).toContainEqual(await outcome(offset, bit))
    }),
    { numRuns: 150 },
  )
})

async function contentsIn(file: string): Promise<unknown> {
  await using store = await openSqliteStore({ file })
  return await contentsOf(store)
}
