/** Parts: a text may ask for several things, one after another. */
import type { IntentReading, IntentSource } from '../agents/index.ts'
import type { Reading } from './reading.ts'

const cut = /(?<=[.?!;])\s+|\s*\n\s*|,?\s+(?:and|then|also|plus)\s+(?:(?:then|also)\s+)?/i
const mostPieces = 16
const mostCandidates = 5
// Only what is as sure as this by itself is a part of its own.
const sureEnough = 0.6

/**
 * Reads `text` as its parts. It is cut only between sentences or where words join clauses, and only where both sides are sure and mean
 * different things; a piece that is not sure goes with what stands before it. A part that is out of scope has no candidates.
 */
export function readParts(text: string, source: IntentSource): Reading {
  const groups: { text: string; intent: string }[] = []
  let open = ''
  for (const piece of piecesOf(text)) {
    const { intent, ranking } = source.read(piece)
    const sure = intent !== undefined && (ranking[0]?.probability ?? 0) >= sureEnough
    const last = groups.at(-1)
    if (sure && intent !== last?.intent) {
      groups.push({ text: `${open}${piece}`, intent })
      open = ''
    } else if (last === undefined) open += `${piece} `
    else last.text = `${last.text} ${piece}`
  }
  const parts = groups.map(({ text }) => ({ text, reading: source.read(text) }))
  const apart = parts.every(({ reading }, at) => reading.intent === groups[at]?.intent)
  const whole = text.trim()
  return parts.length > 1 && apart
    ? { parts: parts.map(({ text, reading }) => partOf(text, reading)) }
    : { parts: [partOf(whole, source.read(whole))] }
}

function piecesOf(text: string): readonly string[] {
  const pieces = text.split(cut).filter(piece => /[\p{L}\p{N}]/u.test(piece))
  return pieces.length > mostPieces ? [text] : pieces
}

function partOf(text: string, { intent, ranking }: IntentReading): Reading['parts'][number] {
  const candidates = ranking
    .slice(0, mostCandidates)
    .map(({ intent, probability }) => ({ intent, confidence: Math.min(1, Math.max(0, probability)) }))
  return { text, candidates: intent === undefined ? [] : candidates }
}
