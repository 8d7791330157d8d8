/** What several measurements of one thing say. */

/** The middle of several measurements, and what all but the best and the worst tenth lie between. */
export interface Spread {
  readonly median: number
  readonly p10: number
  readonly p90: number
}

/** The spread of at least one measurement, to three digits behind the point. */
export function spreadOf(measured: readonly number[]): Spread {
  const sorted = measured.toSorted((a, b) => a - b)
  const at = (share: number) => {
    const place = share * (sorted.length - 1)
    const [below = 0, above = below] = [sorted[Math.floor(place)], sorted[Math.ceil(place)]]
    return round(below + (above - below) * (place % 1))
  }
  return { median: at(0.5), p10: at(0.1), p90: at(0.9) }
}

/** A number to three digits behind the point. */
export function round(number: number): number {
  return Number(number.toFixed(3))
}
