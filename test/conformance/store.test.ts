import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openSqliteStore } from '../../src/store/index.ts'
import { storeExam } from './store/index.ts'

for (const durability of ['full', 'normal'] as const) {
  storeExam(`SQLite, ${durability}`, async () => {
    const folder = await mkdtemp(join(tmpdir(), 'muster-store-'))
    return {
      open: () => openSqliteStore({ file: join(folder, 'deep', 'er', 'store.db'), durability }),
      remove: () => rm(folder, { recursive: true }),
    }
  })
}
