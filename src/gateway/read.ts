/** Reading what comes in from outside: JSON of bounded size and depth, checked against a schema before anything is done. */
import type { Context } from 'hono'
import type { z } from 'zod'
import { MusterError, parse } from '../core/index.ts'

/** The most bytes of a body or a message. */
export const largestBody = 1024 * 1024

// Far deeper than any goal; checks recurse, and must not run out of stack.
const deepest = 100

/** The JSON body of a request, checked; an absent one is `{}`. Throws `bad-input` and `too-large`. */
export async function readBody<T>(c: Context, schema: z.ZodType<T>): Promise<T> {
  const text = await readText(c)
  if (text === '') return parse(schema, {}, 'the body')
  const type = c.req.header('content-type') ?? ''
  // Forms and plain text are what pages of other sites may send unasked.
  if (!/^application\/([a-z0-9.+-]+\+)?json\s*(;|$)/i.test(type))
    throw new MusterError('bad-input', `a body of type \`${type.slice(0, 80)}\` is not understood`, {
      hint: 'send JSON with `Content-Type: application/json`',
    })
  return parse(schema, readJson(text, 'the body'), 'the body')
}

async function readText(c: Context): Promise<string> {
  const tooLarge = () =>
    new MusterError('too-large', `a body may take ${largestBody} bytes`, { hint: 'send less at once' })
  if (Number(c.req.header('content-length') ?? 0) > largestBody) throw tooLarge()
  const parts: Uint8Array[] = []
  let size = 0
  // Counted as they come: not every client says beforehand how many bytes there will be.
  for await (const part of c.req.raw.body ?? []) {
    size += part.byteLength
    if (size > largestBody) throw tooLarge()
    parts.push(part)
  }
  return Buffer.concat(parts).toString('utf8')
}

/** JSON text as a value. Throws `bad-input` when it is none, or is nested too deep. */
export function readJson(text: string, what: string): unknown {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch (error) {
    throw new MusterError('bad-input', `${what} is not JSON`, { hint: 'send one JSON object', cause: error })
  }
  if (isDeep(value)) throw new MusterError('bad-input', `${what} is nested too deep`, { hint: 'send flatter data' })
  return value
}

function isDeep(value: unknown): boolean {
  let level: readonly unknown[] = [value]
  for (let depth = 0; level.length > 0; depth++) {
    if (depth > deepest) return true
    level = level.flatMap(one => (typeof one === 'object' && one !== null ? Object.values(one) : []))
  }
  return false
}
