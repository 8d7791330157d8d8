/**
 * The code on the pages is real: every `ts` block of `docs/*.md` and `README.md` is type-checked against the public doors.
 * A block stands alone, or begins with ```ts continued and then goes on where the one before it ended.
 */
import { execFile } from 'node:child_process'
import { glob, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { promisify } from 'node:util'
import { describe, expect, it } from 'vitest'

const root = path.resolve(import.meta.dirname, '..')

interface Chain {
  readonly page: string
  /** The code on the lines on which it stands on the page; every other line is empty. */
  readonly code: string
}

/** The code of a page: a chain for every block that stands alone, with the blocks that continue it. */
function chainsOf(page: string, text: string): readonly Chain[] {
  const chains: string[][] = []
  for (const { index, 1: continued, 2: code = '' } of text.matchAll(/^```ts( continued)?\n([\s\S]*?)^```$/gm)) {
    const chain = continued === undefined ? [] : (chains.pop() ?? [])
    const start = text.slice(0, index).split('\n').length
    while (chain.length < start) chain.push('')
    chain.push(...code.trimEnd().split('\n'))
    chains.push(chain)
  }
  return chains.map(lines => ({ page, code: lines.join('\n') }))
}

async function readChains(): Promise<readonly Chain[]> {
  const chains: Chain[] = []
  for await (const page of glob(['README.md', 'docs/**/*.md'], { cwd: root }))
    chains.push(...chainsOf(page, await readFile(path.join(root, page), 'utf8')))
  return chains
}

/** What the compiler says about `chains`, with the lines of their pages. */
async function typeCheck(chains: readonly Chain[]): Promise<string> {
  const cache = path.join(root, 'node_modules/.cache')
  await mkdir(cache, { recursive: true })
  const folder = await mkdtemp(path.join(cache, 'docs-'))
  try {
    for (const [at, { code }] of chains.entries()) await writeFile(path.join(folder, `chain-${at}.mts`), code)
    const config = {
      extends: path.join(root, 'tsconfig.json'),
      compilerOptions: {
        noUnusedLocals: false,
        paths: {
          muster: [path.join(root, 'src/index.ts')],
          'muster/testing': [path.join(root, 'src/testing/index.ts')],
        },
      },
      include: ['*.mts'],
    }
    await writeFile(path.join(folder, 'tsconfig.json'), JSON.stringify(config))
    const tsc = path.join(root, 'node_modules/typescript/bin/tsc')
    const run = promisify(execFile)(process.execPath, [tsc, '--pretty', 'false', '-p', folder], { cwd: folder })
    const said = await run.then(
      () => '',
      (error: unknown) => (error instanceof Error && 'stdout' in error ? String(error.stdout) : String(error)),
    )
    return said.replaceAll(/^chain-(\d+)\.mts/gm, (_, at) => chains[Number(at)]?.page ?? '')
  } finally {
    await rm(folder, { recursive: true })
  }
}

describe('the pages', () => {
  it('show code that compiles', async () => {
    const chains = await readChains()
    expect(chains.length).toBeGreaterThan(0)
    expect(await typeCheck(chains)).toBe('')
  })

  it('would be caught with code that does not', async () => {
    const page = [
      'text',
      '```ts',
      "import { concept } from 'muster'",
      '```',
      'text',
      '```ts continued',
      "concept('Text', 7)",
      '```',
    ]
    expect(await typeCheck(chainsOf('page.md', page.join('\n')))).toMatch(/^page\.md\(7,17\): error TS/)
  })
})
