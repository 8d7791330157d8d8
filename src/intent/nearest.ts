/** The known name that was probably meant by one that is not known. */

/**
 * The member of `known` nearest to `name` by edits (Levenshtein 1966; case counts for nothing), the first of equals;
 * undefined when even that one differs in more than a third of its letters, and at least two.
 */
export function nearestName(name: string, known: Iterable<string>): string | undefined {
  let nearest: string | undefined
  let fewest = Number.POSITIVE_INFINITY
  for (const candidate of known) {
    const edits = distance(name.toLowerCase(), candidate.toLowerCase())
    if (edits >= fewest || edits > Math.max(2, candidate.length / 3)) continue
    nearest = candidate
    fewest = edits
  }
  return nearest
}

function distance(a: string, b: string): number {
  let above = Array.from({ length: b.length + 1 }, (_, i) => i)
  for (let i = 0; i < a.length; i++) {
    const row = [i + 1]
    for (let j = 0; j < b.length; j++) {
      const replaced = (above[j] ?? 0) + (a[i] === b[j] ? 0 : 1)
      row.push(Math.min(replaced, (above[j + 1] ?? 0) + 1, (row[j] ?? 0) + 1))
    }
    above = row
  }
  return above[b.length] ?? 0
}
