/** The vocabulary as a file: how many features, the idf of an unknown one, then all hashes, then all idfs; little-endian. */
import type { Vocabulary } from './features.ts'

/** Bytes that `readVocabulary` reads. */
export function writeVocabulary(vocabulary: Vocabulary): Uint8Array {
  const size = vocabulary.rows.size
  const bytes = new Uint8Array(8 + 8 * size)
  const view = new DataView(bytes.buffer)
  view.setUint32(0, size, true)
  view.setFloat32(4, vocabulary.unknownIdf, true)
  for (const [hash, row] of vocabulary.rows) view.setUint32(8 + 4 * row, hash, true)
  for (const [row, idf] of vocabulary.idf.entries()) view.setFloat32(8 + 4 * (size + row), idf, true)
  return bytes
}

/** The vocabulary that `writeVocabulary` wrote. */
export function readVocabulary(bytes: Uint8Array): Vocabulary {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const size = view.getUint32(0, true)
  const rows = new Map<number, number>()
  const idf = new Float32Array(size)
  for (let row = 0; row < size; row++) {
    rows.set(view.getUint32(8 + 4 * row, true), row)
    idf[row] = view.getFloat32(8 + 4 * (size + row), true)
  }
  return { rows, idf, unknownIdf: view.getFloat32(4, true) }
}
