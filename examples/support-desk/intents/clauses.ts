/** Two questions in one message: where a text may be cut, and whether it should be. */

/** A piece of the text, from one offset to another. */
interface Piece {
  readonly start: number
  readonly end: number
}

/** What a span of clauses was taken for, and how surely (0 to 1). No intent: outside of what the desk knows. */
export interface Verdict {
  readonly intent: string
  readonly confidence: number
}

// All spans of n clauses are classified, n × (n + 1) / 2 of them.
const mostClauses = 6

// A side less clear than this is no question of its own. Each side must be clearer than the whole too, or this clear: a
// whole can be sure of one of its halves. On questions held back from training, 2.5 % of single ones are cut (and none of
// those loses its intent), 83 % of pairs are found.
const clear = 0.6
const clearEnough = 0.8

// What is outside but only greets, begs or points back belongs to its neighbour.
const leansOnNeighbour =
  /\b(?:hello|hi|hey|thanks?|please|help|this|it|it's|that|that's|these|going on|next steps?|what now|do now|(?:can|should) i do)\b/i

const opensQuestion =
  "what(?:'s)?|where(?:'s)?|when|why|who|which|how|is|are|was|were|do|does|did|can|could|will|would|should|has|have|am|" +
  "i|i'm|i've|my|please|tell|show|give|help|write|explain|cancel|change|block"
const cut = new RegExp(
  `(?<=[.?!;])\\s+|\\s*\\n\\s*|,?\\s+(?:and|but|also|plus|or)(?:\\s+(?:also|then))?\\s+(?=(?:${opensQuestion})\\b)|,\\s+(?=(?:${opensQuestion})\\b)`,
  'gi',
)

/** Every run of neighbouring clauses of `text`, in its own words; the first is the whole text. */
export function spansOf(text: string): readonly string[] {
  const clauses = clausesOf(text)
  return runsOf(clauses.length).map(({ start, end }) =>
    text.slice(clauses[start]?.start ?? 0, clauses[end - 1]?.end ?? text.length).trim(),
  )
}

/**
 * Which of `spans` (those of `spansOf`) to take as the parts of the text, by index, in order; `verdicts` are theirs. The text is
 * cut only where both sides stand on their own and are about different things.
 */
export function partsOf(spans: readonly string[], verdicts: readonly Verdict[]): readonly number[] {
  const clauses = (Math.sqrt(8 * spans.length + 1) - 1) / 2
  const confidence = (part: number) => verdicts[part]?.confidence ?? 0
  const standsAlone = (part: number) =>
    verdicts[part]?.intent !== '' ||
    (!leansOnNeighbour.test(spans[part] ?? '') && /\S\s+\S+\s+\S/.test(spans[part] ?? ''))
  const chosen = new Map<string, readonly number[]>()
  // Short runs come last in `runsOf`, and the best cut of a long run is made of those of its halves.
  for (const [whole, run] of [...runsOf(clauses).entries()].reverse()) {
    let best: readonly number[] = [whole]
    let weakest = Math.max(clear, Math.min(confidence(whole), clearEnough))
    for (let middle = run.start + 1; middle < run.end; middle++) {
      const parts = [...(chosen.get(`${run.start}-${middle}`) ?? []), ...(chosen.get(`${middle}-${run.end}`) ?? [])]
      const intents = new Set(parts.map(part => verdicts[part]?.intent))
      const low = Math.min(...parts.map(confidence))
      if (low < weakest || intents.size < parts.length || !parts.every(standsAlone)) continue
      best = parts
      weakest = low
    }
    chosen.set(`${run.start}-${run.end}`, best)
  }
  return chosen.get(`0-${clauses}`) ?? []
}

function clausesOf(text: string): readonly Piece[] {
  const pieces: Piece[] = []
  let start = 0
  for (const match of text.matchAll(cut)) {
    if (pieces.length === mostClauses - 1) break
    if (match.index > start) pieces.push({ start, end: match.index })
    start = match.index + match[0].length
  }
  if (start < text.length || pieces.length === 0) pieces.push({ start, end: text.length })
  return pieces
}

/** Every run of `count` things: longest first, so that the parts of a run come after it. */
function runsOf(count: number): readonly Piece[] {
  const runs: Piece[] = []
  for (let length = count; length >= 1; length--)
    for (let start = 0; start + length <= count; start++) runs.push({ start, end: start + length })
  return runs
}
