/** What was asked for on the command line: a goal in a file, or a text. */
import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import path from 'node:path'
import { MusterError } from '../../core/index.ts'
import type { Declaration } from '../../runtime/index.ts'
import { parseJson } from '../report.ts'

/** Reads the goal in file `argument`, or takes it for a text. Throws `bad-input` when the file is missing or no JSON. */
export async function declarationIn(argument: string, cwd: string): Promise<Declaration> {
  const file = path.resolve(cwd, argument)
  const looksLikeFile = /\.json$/i.test(argument)
  if (looksLikeFile && !existsSync(file)) {
    throw new MusterError('bad-input', `there is no file \`${argument}\``, {
      hint: 'name a JSON file with a goal, or say in words what you want',
    })
  }
  if (!looksLikeFile) return { text: argument }
  return { goal: parseJson(await readFile(file, 'utf8'), `\`${argument}\``) }
}
