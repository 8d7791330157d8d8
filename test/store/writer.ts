/** A process that writes records into the store given to it, two at a time, and says each key once it has been told that it is kept. */
import { openSqliteStore } from '../../src/store/index.ts'

const [file = '', name = ''] = process.argv.slice(2)
const store = await openSqliteStore({ file })

async function writeOn(name: string): Promise<never> {
  for (let n = 0; ; n++) {
    const key = `${name}-${n}`
    await store.commit([{ kind: 'record', space: 'kept', key, version: 0, group: '', value: '{}' }])
    process.stdout.write(`${key}\n`)
  }
}

await Promise.all([writeOn(`${name}-left`), writeOn(`${name}-right`)])
