import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { loadPolicies } from '../../src/policy/index.ts'

let dir = ''
beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'muster-policies-'))
})
afterAll(() => rm(dir, { recursive: true }))

describe('policies in a folder', () => {
  it('are its cedar files by name, and nothing else', async () => {
    for (const name of ['b.cedar', 'a.cedar', 'notes.md']) await writeFile(join(dir, name), `// ${name}`)
    expect(await loadPolicies(dir)).toEqual([
      { file: join(dir, 'a.cedar'), text: '// a.cedar' },
      { file: join(dir, 'b.cedar'), text: '// b.cedar' },
    ])
  })

  it('must be there', async () => {
    await mkdir(join(dir, 'empty'))
    await expect(loadPolicies(join(dir, 'empty'))).rejects.toMatchObject({ code: 'bad-config' })
    await expect(loadPolicies(join(dir, 'nowhere'))).rejects.toMatchObject({ code: 'bad-config' })
  })
})
