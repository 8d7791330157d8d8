/** The places of the highest scores above 0, highest first, at most `limit`; of equals the first. */
export function topPlaces(scores: Float64Array, limit: number): readonly number[] {
  const least = scores.toSorted().at(-limit) ?? 0
  const places: number[] = []
  for (let at = 0; at < scores.length; at++) {
    const score = scores[at] ?? 0
    if (score > 0 && score >= least) places.push(at)
  }
  return places.sort((a, b) => (scores[b] ?? 0) - (scores[a] ?? 0) || a - b).slice(0, limit)
}
