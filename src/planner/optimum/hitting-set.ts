/**
 * A light set that hits every one of some rows, by branch and bound: what is sure is taken, what is dominated is
 * dropped, parts that share nothing are solved apart, prices bound from below, and what would bring even the bound to
 * the limit is left out or, the other way round, taken (fixing by reduced costs).
 */
import { findPrices, hitGreedily, type Row } from './prices.ts'
import { simplify, split, without } from './simplify.ts'

/** What came of looking for a set below a limit. */
export type Hitting =
  | { readonly kind: 'found'; readonly elements: readonly number[] }
  /** There is none. */
  | { readonly kind: 'none' }
  /** The search was ended before it knew. */
  | { readonly kind: 'unknown' }

// Rounds for the prices of one node.
const rounds = 40
// Sums of weights in different orders differ by less.
const rounding = 1e-6

/** The least that something can weigh that weighs at least `bound`: a whole number where all weights are whole. */
export function roundUp(bound: number, whole: boolean): number {
  return whole ? Math.ceil(bound - rounding) : bound
}

/**
 * Looks for a set that hits `rows`, none of which is empty, and weighs less than `most`. `weights` by element. `goOn` is
 * asked often: false ends the search.
 */
export function hitBelow(rows: readonly Row[], weights: readonly number[], most: number, goOn: () => boolean): Hitting {
  const whole = weights.every(weight => Number.isInteger(weight))
  const weigh = (elements: Iterable<number>) => {
    let sum = 0
    for (const element of elements) sum += weights[element] ?? 0
    return sum
  }
  let stopped = false
  const ask = () => {
    stopped ||= !goOn()
    return !stopped
  }

  const solve = (given: readonly Row[], limit: number): readonly number[] | undefined => {
    const { taken, left } = simplify(given, weights)
    const rest = limit - weigh(taken)
    if (rest <= rounding || left.some(({ members }) => members.length === 0)) return undefined
    if (left.length === 0) return taken
    const parts = split(left)
    const found = parts.length > 1 ? solveParts(parts, rest) : solveConnected(left, rest)
    return found && [...taken, ...found]
  }

  const solveParts = (parts: readonly (readonly Row[])[], limit: number) => {
    const priced = parts.map(part => findPrices(part, weights, limit, rounds, ask))
    const least = priced.map(({ bound }) => roundUp(bound, whole))
    let sum = least.reduce((all, one) => all + one, 0)
    const all: number[] = []
    // Small parts first: they soon show that there is too much.
    const order = [...parts.keys()].sort((a, b) => (parts[a]?.length ?? 0) - (parts[b]?.length ?? 0))
    for (const at of order) {
      const own = least[at] ?? 0
      if (sum >= limit - rounding) return undefined
      const found = lightest(priced[at]?.rows ?? [], own, limit - (sum - own))
      if (!found) return undefined
      all.push(...found)
      sum += weigh(found) - own
    }
    return all
  }

  /** The lightest of a part, so that the others have room: lighter and lighter until there is none. */
  const lightest = (part: readonly Row[], least: number, limit: number) => {
    let best: readonly number[] | undefined
    for (let below = limit; ; ) {
      const found = solve(part, below)
      if (!found) return best
      best = found
      below = weigh(found)
      if (below <= least + rounding) return best
    }
  }

  const solveConnected = (given: readonly Row[], limit: number): readonly number[] | undefined => {
    const { bound, rows: priced, left } = findPrices(given, weights, limit, rounds, ask)
    if (roundUp(bound, whole) >= limit - rounding) return undefined
    const greedy = hitGreedily(priced, weights)
    if (weigh(greedy) < limit - rounding) return greedy
    if (!ask()) return undefined
    const tooMuch = (more: number) => roundUp(bound + more, whole) >= limit - rounding
    const open = without(priced, element => tooMuch(left[element] ?? 0))
    const members = new Set(open.flatMap(row => row.members))
    const forced = [...members].filter(element => tooMuch(-(left[element] ?? 0)))
    if (forced.length > 0) return take(forced, open, limit)
    return branch(open, left, limit)
  }

  const take = (elements: readonly number[], open: readonly Row[], limit: number) => {
    const found = solve(
      open.filter(({ members }) => !members.some(member => elements.includes(member))),
      limit - weigh(elements),
    )
    return found && [...elements, ...found]
  }

  const branch = (given: readonly Row[], left: Float64Array, limit: number) => {
    let open = given
    for (const element of options(open, left)) {
      const found = take([element], open, limit)
      if (found || stopped) return found
      open = without(open, other => other === element)
      if (open.some(({ members }) => members.length === 0)) return undefined
    }
    return undefined
  }

  const elements = solve(rows, most)
  return elements ? { kind: 'found', elements } : { kind: stopped ? 'unknown' : 'none' }
}

/** One of these must be taken: the members of a smallest row, of which least is left first. */
function options(rows: readonly Row[], left: Float64Array): readonly number[] {
  let smallest: readonly number[] | undefined
  for (const { members } of rows) if (!smallest || members.length < smallest.length) smallest = members
  return (smallest ?? []).toSorted((a, b) => (left[a] ?? 0) - (left[b] ?? 0) || a - b)
}
