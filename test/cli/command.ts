/** The real command line in a process of its own. */
import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import path from 'node:path'
import { auditStore } from '../../src/policy/index.ts'
import { openSqliteStore } from '../../src/store/index.ts'
import { scratch } from '../support/world.ts'

const root = path.resolve(import.meta.dirname, '../..')
const fixtures = path.join(import.meta.dirname, 'fixtures')

/** How a command ended. */
export interface Ended {
  readonly code: number
  readonly stdout: string
  readonly stderr: string
}

/** A fixture by its name. */
export function fixture(name: string): string {
  return path.join(fixtures, name)
}

/** Runs `muster` with `words`, and nothing else: no configuration, no store. */
export function muster(words: readonly string[], cwd = scratch()): Promise<Ended> {
  const env = { ...process.env, NO_COLOR: undefined, FORCE_COLOR: undefined, OPENAI_API_KEY: 'sk-secret-of-the-test' }
  return new Promise(resolve => {
    const child = execFile(
      process.execPath,
      [path.join(root, 'bin/muster.js'), ...words],
      { cwd, env },
      (error, stdout, stderr) => {
        const code = error === null ? 0 : typeof error.code === 'number' ? error.code : 1
        resolve({ code, stdout, stderr })
      },
    )
    child.stdin?.end()
  })
}

/** A desk with a store of its own. */
export function openDesk() {
  const data = scratch()
  const flags = ['--config', fixture('desk/muster.config.ts'), '--data', data]
  return {
    data,
    muster: (...words: readonly string[]) => muster([...words, ...flags]),
    /** The one JSON document that a command prints. */
    json: async (...words: readonly string[]) => {
      const { code, stdout } = await muster([...words, ...flags, '--json'])
      return { code, document: JSON.parse(stdout) }
    },
    /** How much is in the store. */
    async size() {
      const file = path.join(data, 'muster.db')
      if (!existsSync(file)) return { runs: 0, events: 0, findings: [] }
      await using store = await openSqliteStore({ file })
      const { runs, events, findings } = await auditStore(store)
      return { runs, events, findings }
    },
  }
}
