/** Data of benchmarks: a JSON file, plain or gzipped, checked by its schema. */
import { readFileSync } from 'node:fs'
import { gunzipSync } from 'node:zlib'
import { MusterError, parse, type Schema } from '../src/core/index.ts'

/** Reads and checks a file. Throws `bad-input` when there is none or its shape is another. */
export function readJson<Value>(file: string, schema: Schema<Value>): Promise<Value> {
  return parse(schema, JSON.parse(contentOf(file)), `\`${file}\``)
}

function contentOf(file: string): string {
  try {
    const bytes = readFileSync(file)
    return (file.endsWith('.gz') ? gunzipSync(bytes) : bytes).toString()
  } catch (cause) {
    throw new MusterError('bad-input', `\`${file}\` cannot be read`, {
      hint: 'name a JSON file, plain or gzipped',
      cause,
    })
  }
}
