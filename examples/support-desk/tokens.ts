/** Bearer tokens of the example's people, made at the first start and kept in a file that only its owner can read. */
import { randomBytes } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'

const tokensSchema = z.record(z.string(), z.string().min(16))

/** A token for each of `ids`, from `tokens.json` in folder `data`; those that are missing are made. */
export function tokensFor(data: string, ids: readonly string[]): Readonly<Record<string, string>> {
  const file = join(data, 'tokens.json')
  const kept = existsSync(file) ? tokensSchema.parse(JSON.parse(readFileSync(file, 'utf8'))) : {}
  const missing = ids.filter(id => kept[id] === undefined)
  if (missing.length === 0) return kept
  const tokens = { ...kept, ...Object.fromEntries(missing.map(id => [id, randomBytes(24).toString('base64url')])) }
  mkdirSync(data, { recursive: true })
  writeFileSync(file, `${JSON.stringify(tokens, null, 2)}\n`, { mode: 0o600 })
  return tokens
}
