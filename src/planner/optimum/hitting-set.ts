/**
 * The lightest set that hits every one of some sets, by branch and bound: what is sure is taken, what is dominated is
 * dropped, parts that share nothing are solved apart, and a packing of weights bounds from below.
 */

/** A set of elements, and the least that any hitting set can weigh. */
export interface Hitting {
  readonly elements: readonly number[]
  readonly lowerBound: number
  /** Whether it is the lightest. */
  readonly exact: boolean
}

type Sets = readonly (readonly number[])[]

// Sums of weights in different orders differ by less.
const rounding = 1e-6

/**
 * Hits `sets`, none of which is empty. `weights` by element. `goOn` is asked once a node: false ends the search with the
 * best set so far and what is then known of the bound.
 */
export function hit(sets: Sets, weights: readonly number[], goOn: () => boolean): Hitting {
  const weigh = (elements: Iterable<number>) => {
    let sum = 0
    for (const element of elements) sum += weights[element] ?? 0
    return sum
  }
  let stopped = false

  /** The lightest below `most`; undefined when there is none, or, once stopped, when none was found. */
  const solve = (given: Sets, most: number): readonly number[] | undefined => {
    const { taken, left } = simplify(given, weights)
    const spent = weigh(taken)
    if (spent >= most - rounding) return undefined
    if (left.length === 0) return taken
    const parts = split(left)
    if (parts.length > 1) return solveParts(parts, taken, most)
    const rest = solveConnected(left, most - spent)
    return rest && [...taken, ...rest]
  }

  const solveParts = (parts: readonly Sets[], taken: readonly number[], most: number) => {
    const all = [...taken]
    const bounds = parts.map(part => pack(part, weights).bound)
    let bound = weigh(taken) + bounds.reduce((sum, one) => sum + one, 0)
    for (const [at, part] of parts.entries()) {
      const least = bounds[at] ?? 0
      const found = solve(part, most - (bound - least))
      if (!found) return undefined
      all.push(...found)
      bound += weigh(found) - least
    }
    return all
  }

  const solveConnected = (sets_: Sets, most: number): readonly number[] | undefined => {
    const { bound, residual } = pack(sets_, weights)
    if (bound >= most - rounding) return undefined
    let best = greedy(sets_, weights)
    if (weigh(best) >= most - rounding) best = []
    let least = best.length > 0 ? weigh(best) : most
    if (bound >= least - rounding) return best
    stopped ||= !goOn()
    if (stopped) return best.length > 0 ? best : undefined
    // What would bring even the bound to the best weight is in no better set.
    let open = without(sets_, element => bound + (residual.get(element) ?? 0) >= least - rounding)
    for (const element of options(open)) {
      const found = solve(
        open.filter(set => !set.includes(element)),
        least - (weights[element] ?? 0),
      )
      if (found) {
        best = [element, ...found]
        least = weigh(best)
      }
      open = without(open, other => other === element)
      if (open.some(set => set.length === 0)) break
    }
    return best.length > 0 ? best : undefined
  }

  const { bound } = pack(sets, weights)
  const found = solve(sets, Infinity) ?? greedy(sets, weights)
  return { elements: found, lowerBound: stopped ? bound : weigh(found), exact: !stopped }
}

function without(sets: Sets, drop: (element: number) => boolean): Sets {
  return sets.map(set => (set.some(drop) ? set.filter(element => !drop(element)) : set))
}

/** One of these must be taken: the members of a smallest set, the most useful first. An empty set has no way out. */
function options(sets: Sets): readonly number[] {
  const uses = new Map<number, number>()
  for (const set of sets) for (const element of set) uses.set(element, (uses.get(element) ?? 0) + 1)
  const useOf = (element: number) => uses.get(element) ?? 0
  const total = (set: readonly number[]) => set.reduce((sum, element) => sum + useOf(element), 0)
  const [smallest = []] = sets.toSorted((a, b) => a.length - b.length || total(b) - total(a))
  return smallest.toSorted((a, b) => useOf(b) - useOf(a) || a - b)
}

/** Takes and drops what can be, until nothing changes. */
function simplify(given: Sets, weights: readonly number[]): { readonly taken: readonly number[]; readonly left: Sets } {
  const taken: number[] = []
  let left = given
  for (;;) {
    const sure = new Set(left.flatMap(set => (set.length === 1 ? set : [])))
    taken.push(...sure)
    const open = minimal(sure.size > 0 ? left.filter(set => !set.some(element => sure.has(element))) : left)
    const dominated = findDominated(open, weights)
    left = dominated.size > 0 ? without(open, element => dominated.has(element)) : open
    if (dominated.size === 0 && !left.some(set => set.length === 1)) return { taken, left }
  }
}

/** The sets that contain no other. */
function minimal(sets: Sets): Sets {
  const kept: number[][] = []
  const holders = new Map<number, number[]>()
  for (const set of sets.toSorted((a, b) => a.length - b.length)) {
    const shared = new Map<number, number>()
    let contains = false
    for (const element of set) {
      for (const at of holders.get(element) ?? []) {
        const count = (shared.get(at) ?? 0) + 1
        shared.set(at, count)
        contains ||= count === kept[at]?.length
      }
    }
    if (contains) continue
    const at = kept.push([...set]) - 1
    for (const element of set) {
      const known = holders.get(element)
      if (known) known.push(at)
      else holders.set(element, [at])
    }
  }
  return kept
}

/** Elements in whose stead another, no heavier, hits all that they hit. */
function findDominated(sets: Sets, weights: readonly number[]): ReadonlySet<number> {
  const hits = new Map<number, Set<number>>()
  sets.forEach((set, at) => {
    for (const element of set) {
      const known = hits.get(element)
      if (known) known.add(at)
      else hits.set(element, new Set([at]))
    }
  })
  const dropped = new Set<number>()
  for (const [element, mine] of hits) {
    const [first = 0] = mine
    const better = (sets[first] ?? []).some(other => {
      const theirs = hits.get(other)
      return (
        other !== element &&
        !dropped.has(other) &&
        theirs !== undefined &&
        theirs.size >= mine.size &&
        (weights[other] ?? 0) <= (weights[element] ?? 0) &&
        mine.isSubsetOf(theirs)
      )
    })
    if (better) dropped.add(element)
  }
  return dropped
}

/** Groups of sets that share no element. */
function split(sets: Sets): readonly Sets[] {
  const group = sets.map((_, at) => at)
  const root = (at: number): number => {
    let top = at
    while (group[top] !== undefined && group[top] !== top) top = group[top] ?? top
    return top
  }
  const first = new Map<number, number>()
  sets.forEach((set, at) => {
    for (const element of set) {
      const known = first.get(element)
      if (known === undefined) first.set(element, at)
      else group[root(at)] = root(known)
    }
  })
  return [...Map.groupBy(sets, _ => root(sets.indexOf(_))).values()]
}

/**
 * Weights shared out to the sets so that no element is overcharged: their sum is a bound (the dual of the linear
 * relaxation, by ascent). `residual` is what an element has left.
 */
export function pack(
  sets: Sets,
  weights: readonly number[],
): { readonly bound: number; readonly residual: ReadonlyMap<number, number> } {
  const residual = new Map<number, number>()
  for (const set of sets) for (const element of set) residual.set(element, weights[element] ?? 0)
  let bound = 0
  for (const set of sets.toSorted((a, b) => a.length - b.length)) {
    const share = Math.min(...set.map(element => residual.get(element) ?? 0))
    if (share <= 0) continue
    bound += share
    for (const element of set) residual.set(element, (residual.get(element) ?? 0) - share)
  }
  return { bound, residual }
}

/** A hitting set by taking what hits most for its weight, then dropping what is not needed. */
function greedy(sets: Sets, weights: readonly number[]): readonly number[] {
  const taken: number[] = []
  let left = sets
  while (left.length > 0) {
    const uses = new Map<number, number>()
    for (const set of left) for (const element of set) uses.set(element, (uses.get(element) ?? 0) + 1)
    let best = -1
    let most = -1
    for (const [element, count] of uses) {
      const worth = count / Math.max(weights[element] ?? 0, rounding)
      if (worth > most) [best, most] = [element, worth]
    }
    taken.push(best)
    left = left.filter(set => !set.includes(best))
  }
  return taken.filter((element, at) => {
    const others = new Set(taken)
    others.delete(element)
    if (!sets.every(set => set.some(other => others.has(other)))) return true
    taken[at] = -1
    return false
  })
}
