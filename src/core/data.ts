/** Data travels as a name with labels; the bytes are opened only where the work is done. */
import { canonicalJson, type Digest, digestBytes } from './id.ts'
import { sensitivities, type Sensitivity } from './concept.ts'

/** Where data came from and how it must be kept. Labels only ever grow stricter on the way. */
export interface Labels {
  /** False as soon as any of it came from outside: text of a person, an answer of a foreign service. */
  readonly trusted: boolean
  /** The agents and principals it came from, sorted, each once. */
  readonly origins: readonly string[]
  readonly sensitivity: Sensitivity
}

/** The name of a datum: its content's digest, size in bytes, concept and labels. */
export interface DataRef {
  readonly digest: Digest
  readonly size: number
  readonly concept: string
  readonly labels: Labels
}

/** The labels of something made from all of `parts`: trusted only if all are, every origin, the highest sensitivity. */
export function joinLabels(parts: readonly Labels[]): Labels {
  const origins = new Set<string>()
  let trusted = true
  let level = 0
  for (const part of parts) {
    trusted &&= part.trusted
    level = Math.max(level, sensitivities.indexOf(part.sensitivity))
    for (const origin of part.origins) origins.add(origin)
  }
  return { trusted, origins: [...origins].sort(), sensitivity: sensitivities[level] ?? 'restricted' }
}

/** A JSON value as bytes and the reference that names them. */
export function sealData(concept: string, value: unknown, labels: Labels): { ref: DataRef; bytes: Uint8Array } {
  const bytes = Buffer.from(canonicalJson(value))
  return { ref: { digest: digestBytes(bytes), size: bytes.byteLength, concept, labels }, bytes }
}

/** The value in bytes that `sealData` made. */
export function openData(bytes: Uint8Array): unknown {
  return JSON.parse(Buffer.from(bytes).toString('utf8'))
}
