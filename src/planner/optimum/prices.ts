/**
 * Prices for sets that are to be hit: what hitting each is worth. They bound the lightest hitting set from below, near
 * to the linear relaxation, and lead to light ones: Lagrangian relaxation by subgradient ascent (Held & Karp, 1971;
 * Beasley, 1990) and the greedy choice at its costs (Caprara, Fischetti & Toth, 1999).
 */

/** A set to be hit, with the price at which the search for its best one begins. */
export interface Row {
  readonly members: readonly number[]
  readonly price: number
}

/** What prices say. */
export interface Prices {
  /** No hitting set weighs less. */
  readonly bound: number
  /** The rows at these prices. */
  readonly rows: readonly Row[]
  /**
   * What is left of the weight of each element: a hitting set weighs at least the bound and what is left of its members
   * above zero, and, without an element of which less than nothing is left, the bound and that much.
   */
  readonly left: Float64Array
  /** How much of each element the linear relaxation would take, about: 0 to 1. */
  readonly shares: Float64Array
}

// The step is halved after so many rounds without a better bound, until it is this small.
const patientRounds = 12
const leastStep = 0.01
// How much of the shares the latest round says (Barahona & Anbil, 2000).
const latest = 0.1
// Bounds that differ by less are equal.
const rounding = 1e-6

/**
 * Looks for the prices of `rows` with the greatest bound, in `rounds`, until it is `most`. `goOn` is asked once a round.
 */
export function findPrices(
  rows: readonly Row[],
  weights: readonly number[],
  most: number,
  rounds: number,
  goOn: () => boolean,
): Prices {
  const prices = Float64Array.from(rows, row => row.price)
  let best = { bound: -Infinity, prices: prices.slice(), left: new Float64Array(weights.length) }
  const left = new Float64Array(weights.length)
  const shares = new Float64Array(weights.length)
  let step = 1
  let vain = 0
  for (let round = 0; ; round++) {
    const bound = boundAt(rows, weights, prices, left)
    const part = Math.max(latest, 1 / (round + 1))
    for (let at = 0; at < shares.length; at++)
      shares[at] = (shares[at] ?? 0) + part * (((left[at] ?? 0) < 0 ? 1 : 0) - (shares[at] ?? 0))
    vain++
    if (bound > best.bound + rounding) {
      if (bound > best.bound + Math.abs(best.bound) / 1000) vain = 0
      best = { bound, prices: prices.slice(), left: left.slice() }
    }
    if (vain > patientRounds) [vain, step] = [0, step / 2]
    if (round >= rounds || step < leastStep || best.bound >= most - rounding || !goOn()) break
    if (!ascend(rows, prices, left, step * (most * 1.02 - bound))) break
  }
  const priced = rows.map(({ members }, at) => ({ members, price: best.prices[at] ?? 0 }))
  return { bound: best.bound, rows: priced, left: best.left, shares }
}

/** The bound at `prices`; what they leave of the weights goes to `left`. */
function boundAt(rows: readonly Row[], weights: readonly number[], prices: Float64Array, left: Float64Array): number {
  left.set(weights)
  let bound = 0
  for (let at = 0; at < rows.length; at++) {
    const price = prices[at] ?? 0
    bound += price
    if (price === 0) continue
    const members = rows[at]?.members ?? []
    for (let place = 0; place < members.length; place++) {
      const element = members[place] ?? 0
      left[element] = (left[element] ?? 0) - price
    }
  }
  for (const rest of left) if (rest < 0) bound += rest
  return bound
}

/** Moves `prices` so that rows cost more that nothing cheap hits, and less that much hits; false when there are none. */
function ascend(rows: readonly Row[], prices: Float64Array, left: Float64Array, gap: number): boolean {
  const slopes = new Int32Array(rows.length)
  let norm = 0
  for (let at = 0; at < rows.length; at++) {
    let slope = 1
    const members = rows[at]?.members ?? []
    for (let place = 0; place < members.length; place++) if ((left[members[place] ?? 0] ?? 0) < 0) slope--
    if (slope < 0 && prices[at] === 0) slope = 0
    slopes[at] = slope
    norm += slope * slope
  }
  if (norm === 0) return false
  for (let at = 0; at < rows.length; at++)
    prices[at] = Math.max(0, (prices[at] ?? 0) + ((slopes[at] ?? 0) * gap) / norm)
  return true
}

/** A light hitting set: what weighs least for the rows that it hits and what they are worth, then without what is not needed. */
export function hitGreedily(rows: readonly Row[], weights: readonly number[]): readonly number[] {
  const rowsOf = new Map<number, number[]>()
  rows.forEach(({ members }, at) => {
    for (const element of members) {
      const known = rowsOf.get(element)
      if (known) known.push(at)
      else rowsOf.set(element, [at])
    }
  })
  const open = new Map([...rowsOf].map(([element, of]) => [element, of.length]))
  const left = new Map(
    [...rowsOf].map(([element, of]) => [
      element,
      of.reduce((rest, at) => rest - (rows[at]?.price ?? 0), weights[element] ?? 0),
    ]),
  )
  const hits = new Int32Array(rows.length)
  const taken: number[] = []
  for (let missing = rows.length; missing > 0; ) {
    let best = -1
    let least = Infinity
    for (const [element, count] of open) {
      const rest = left.get(element) ?? 0
      const score = rest > 0 ? rest / count : rest * count
      if (score < least) [best, least] = [element, score]
    }
    taken.push(best)
    open.delete(best)
    for (const at of rowsOf.get(best) ?? []) {
      hits[at] = (hits[at] ?? 0) + 1
      if (hits[at] !== 1) continue
      missing--
      const { members = [], price = 0 } = rows[at] ?? {}
      for (const element of members) {
        const count = (open.get(element) ?? 0) - 1
        if (count > 0) open.set(element, count)
        else open.delete(element)
        left.set(element, (left.get(element) ?? 0) + price)
      }
    }
  }
  // The heaviest first; of equals what was taken last.
  const byWeight = taken.toReversed().sort((a, b) => (weights[b] ?? 0) - (weights[a] ?? 0))
  return byWeight.filter(element => {
    const own = rowsOf.get(element) ?? []
    const needed = own.some(at => hits[at] === 1)
    if (!needed) for (const at of own) hits[at] = (hits[at] ?? 0) - 1
    return needed
  })
}
