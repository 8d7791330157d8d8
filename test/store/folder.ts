/** A folder of its own for each test. */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach } from 'vitest'

/** Makes a folder before each test and removes it after; returns the path of a file in it. */
export function inFolder(): (name: string) => string {
  let folder = ''
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'muster-store-'))
  })
  afterEach(() => rm(folder, { recursive: true }))
  return name => join(folder, name)
}
