import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { expect, it } from 'vitest'
import { inFolder } from './folder.ts'

const at = inFolder()
const overfiller = fileURLToPath(new URL('overfiller.ts', import.meta.url))

it.skipIf(process.platform === 'win32')('fails only the commit for which the disk has no room', () => {
  // No file of the process may grow beyond 2 MB; the signal that says so is ignored, so that writing fails instead.
  const script = `trap '' XFSZ; ulimit -f 2000; exec "$0" "$@"`
  const child = spawnSync('bash', ['-c', script, process.execPath, overfiller, at('store.db')], { encoding: 'utf8' })
  expect(child.stderr).toBe('')
  expect(JSON.parse(child.stdout)).toEqual({
    ends: ['kept', 'store-failed', 'kept', 'kept'],
    keys: ['before', 'behind', 'later'],
    damage: [],
  })
})
