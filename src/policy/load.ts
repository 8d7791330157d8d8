/** Policies from a folder. */
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { MusterError } from '../core/index.ts'
import type { PolicyFile } from './cedar.ts'

/** The `*.cedar` files of a folder, by name. Throws `bad-config` when it cannot be read or has none. */
export async function loadPolicies(dir: string): Promise<readonly PolicyFile[]> {
  const files = (await namesIn(dir)).filter(name => name.endsWith('.cedar')).sort()
  if (files.length === 0) {
    throw new MusterError('bad-config', `\`${dir}\` holds no policies`, {
      hint: 'add a file such as `main.cedar`; without policies nothing is permitted',
    })
  }
  return Promise.all(
    files.map(async name => {
      const file = join(dir, name)
      return { file, text: await readFile(file, 'utf8') }
    }),
  )
}

async function namesIn(dir: string): Promise<readonly string[]> {
  try {
    return await readdir(dir)
  } catch (cause) {
    throw new MusterError('bad-config', `policies cannot be read from \`${dir}\``, {
      hint: 'make the folder, or name another one as `policies`',
      cause,
    })
  }
}
