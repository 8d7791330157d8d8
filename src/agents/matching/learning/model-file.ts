/**
 * A learnt model as one file. The first line says what it is and gives the digest of all that follows: the length of a JSON document
 * (4 bytes), the document, then its arrays end to end; all numbers little-endian. The same model always makes the same bytes.
 */
import { z } from 'zod'
import { digestBytes, MusterError } from '../../../core/index.ts'
import type { Vocabulary } from './features.ts'
import type { Network } from './network.ts'

/** What was learnt of texts: how they become numbers, and what the numbers say of the labels. */
export interface TextModel {
  readonly vocabulary: Vocabulary
  readonly labels: readonly string[]
  readonly network: Network
}

const format = 1
const longestTitle = 200
const again = 'learn it again and save what that gives'
const count = z.number().int().min(0)
const documentSchema = z.object({
  labels: z.array(z.string()),
  hidden: count,
  places: z.boolean(),
  features: z.array(z.string()),
  unknownIdf: z.number(),
  settings: z.unknown(),
})

/** The file of a model of one kind, with settings of that kind (JSON). */
export function writeModel(kind: string, model: TextModel, settings: object): Uint8Array {
  const { vocabulary, labels, network } = model
  const { places, features, idf, unknownIdf } = vocabulary
  const { hidden, rows, scales, heads, bias } = network
  const document = { labels, hidden, places, features, unknownIdf, settings }
  const json = new TextEncoder().encode(JSON.stringify(document))
  const floats = [idf, scales, heads, bias]
  const body = new Uint8Array(4 + json.length + rows.length + 4 * floats.reduce((sum, { length }) => sum + length, 0))
  const view = new DataView(body.buffer)
  view.setUint32(0, json.length, true)
  body.set(json, 4)
  body.set(new Uint8Array(rows.buffer, rows.byteOffset, rows.length), 4 + json.length)
  let at = 4 + json.length + rows.length
  for (const array of floats)
    for (const value of array) {
      view.setFloat32(at, value, true)
      at += 4
    }
  const title = new TextEncoder().encode(`muster-model ${format} ${kind} ${digestBytes(body)}\n`)
  return Buffer.concat([title, body])
}

/**
 * Reads what `writeModel` wrote. Throws `bad-input` when `bytes` are no model, one of another kind or format, cut short or changed.
 */
export function readModel<Settings>(
  kind: string,
  bytes: Uint8Array,
  schema: z.ZodType<Settings>,
): { readonly model: TextModel; readonly settings: Settings } {
  const body = bodyOf(kind, bytes)
  const view = new DataView(body.buffer, body.byteOffset, body.length)
  const length = body.length < 4 ? 0 : view.getUint32(0, true)
  const parsed = documentSchema.extend({ settings: schema }).safeParse(jsonOf(body.subarray(4, 4 + length)))
  if (!parsed.success) throw damaged()
  const { labels, hidden, places, features, unknownIdf, settings } = parsed.data
  const sizes = [features.length, features.length, hidden * labels.length, labels.length]
  const start = 4 + length
  const cells = features.length * hidden
  if (body.length !== start + cells + 4 * sizes.reduce((sum, size) => sum + size, 0)) throw damaged()
  const rows = Int8Array.from(new Int8Array(body.buffer, body.byteOffset + start, cells))
  let at = start + cells
  const floats = (size = 0) =>
    Float32Array.from({ length: size }, () => {
      at += 4
      return view.getFloat32(at - 4, true)
    })
  const [idf, scales, heads, bias] = [floats(sizes[0]), floats(sizes[1]), floats(sizes[2]), floats(sizes[3])]
  const network = { hidden, labels: labels.length, rows, scales, heads, bias }
  return { model: { vocabulary: { places, features, idf, unknownIdf }, labels, network }, settings }
}

function bodyOf(kind: string, bytes: Uint8Array): Uint8Array {
  const end = bytes.subarray(0, longestTitle).indexOf(10)
  const title = new TextDecoder().decode(bytes.subarray(0, Math.max(0, end)))
  const [, found, of, digest] = /^muster-model (\d+) (\S+) (\S+)$/.exec(title) ?? []
  if (found === undefined) throw new MusterError('bad-input', 'this is not a learnt model', { hint: again })
  if (found !== `${format}`)
    throw new MusterError('bad-input', `the model has format \`${found}\` and format \`${format}\` is read here`, {
      hint: again,
    })
  if (of !== kind)
    throw new MusterError('bad-input', `the model is one of \`${of}\`, not of \`${kind}\``, { hint: again })
  const body = bytes.subarray(end + 1)
  if (digestBytes(body) !== digest) throw damaged()
  return body
}

function jsonOf(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder().decode(bytes))
  } catch {
    throw damaged()
  }
}

function damaged(): MusterError {
  return new MusterError('bad-input', 'the model is damaged', { hint: again })
}
