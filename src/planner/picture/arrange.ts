/**
 * Columns of boxes in an order with few crossings, each box near those that it is joined to.
 *
 * 1. An arrow over several columns passes a joint in each between, so that arrows go only from column to column. Arrows
 *    of one kind from one box pass the same joints: they are one line that branches. (Sugiyama, Tagawa, Toda 1981, "Methods for visual understanding of hierarchical system structures".)
 * 2. Columns are sorted by the mean place of what they are joined to, to and fro; the order with the fewest crossings
 *    is kept.
 * 3. Heights are then the nearest to those means that keep the order and the gaps.
 */
import type { Arrow, Box } from './graph.ts'

/** A place in a column: a box, or a joint of an arrow that passes. */
export interface Spot {
  readonly key: string
  readonly box: Box | undefined
  readonly column: number
  /** Room that it takes, from top to bottom. */
  readonly height: number
}

/** Spots of every column from top to bottom, and the middle of each. */
export interface Arrangement {
  readonly columns: readonly (readonly Spot[])[]
  readonly middles: ReadonlyMap<string, number>
  /** For each arrow, the spots that it passes, from its box to its other box. */
  readonly ways: readonly { readonly arrow: Arrow; readonly spots: readonly string[] }[]
}

// A large picture is sorted less often; links that are looked at, over all sweeps.
const mostSweeps = 24
const mostWork = 100_000
const gap = 18
const jointHeight = 4

/** Arranges `boxes`; `heightOf` says how high one is. */
export function arrangeBoxes(
  boxes: readonly Box[],
  arrows: readonly Arrow[],
  heightOf: (box: Box) => number,
): Arrangement {
  const spots: Spot[] = boxes.map(box => ({ key: box.key, box, column: box.column, height: heightOf(box) }))
  const columnOf = new Map(boxes.map(({ key, column }) => [key, column]))
  const made = new Set<string>()
  const ways = arrows.map(arrow => {
    const joints: string[] = []
    for (let column = (columnOf.get(arrow.from) ?? 0) + 1; column < (columnOf.get(arrow.to) ?? 0); column++) {
      const key = `joint ${arrow.ports.length > 0} ${column} ${arrow.from}`
      joints.push(key)
      if (!made.has(key)) spots.push({ key, box: undefined, column, height: jointHeight })
      made.add(key)
    }
    return { arrow, spots: [arrow.from, ...joints, arrow.to] }
  })
  const links = linksOf(ways.map(({ spots: passed }) => passed))
  const ordered = orderColumns(toColumns(spots), links)
  return { columns: ordered, middles: place(ordered, links), ways }
}

/** From spot to spot, each once. */
function linksOf(ways: readonly (readonly string[])[]): readonly Link[] {
  const links = new Map<string, Link>()
  for (const passed of ways)
    for (const [at, to] of passed.slice(1).entries()) links.set(`${passed[at]} ${to}`, [passed[at] ?? '', to])
  return [...links.values()]
}

function toColumns(spots: readonly Spot[]): readonly (readonly Spot[])[] {
  const last = Math.max(-1, ...spots.map(({ column }) => column))
  return Array.from({ length: last + 1 }, (_, at) => spots.filter(({ column }) => column === at))
}

type Link = readonly [string, string]
type Columns = readonly (readonly Spot[])[]

function orderColumns(start: Columns, links: readonly Link[]): Columns {
  const [before, after] = [neighbours(links, true), neighbours(links, false)]
  let columns = start.map(column => [...column])
  let best: Columns = start
  let fewest = crossings(best, links)
  const sweeps = Math.min(mostSweeps, Math.ceil(mostWork / Math.max(1, links.length)))
  for (let sweep = 0; sweep < sweeps && fewest > 0; sweep++) {
    const onward = sweep % 2 === 0
    const places = new Map<string, number>()
    const sorted = onward ? columns : columns.toReversed()
    const next = sorted.map(column => {
      const mean = ({ key }: Spot, at: number) => {
        const joined = ((onward ? before : after).get(key) ?? []).map(other => places.get(other) ?? at)
        return joined.length === 0 ? at : joined.reduce((sum, place) => sum + place, 0) / joined.length
      }
      const means = new Map(column.map((spot, at) => [spot.key, mean(spot, at)]))
      const order = [...column].sort((a, b) => (means.get(a.key) ?? 0) - (means.get(b.key) ?? 0))
      for (const [at, { key }] of order.entries()) places.set(key, at)
      return order
    })
    columns = onward ? next : next.toReversed()
    const count = crossings(columns, links)
    if (count >= fewest) continue
    best = columns
    fewest = count
  }
  return best
}

function neighbours(links: readonly Link[], before: boolean): ReadonlyMap<string, readonly string[]> {
  const found = new Map<string, string[]>()
  for (const [from, to] of links) {
    const [key, other] = before ? [to, from] : [from, to]
    const others = found.get(key) ?? []
    others.push(other)
    found.set(key, others)
  }
  return found
}

/** Pairs of links that cross, counted with a tree of sums (Barth, Jünger, Mutzel 2002). */
function crossings(columns: Columns, links: readonly Link[]): number {
  const placed = new Map(columns.flatMap((column, at) => column.map(({ key }, place) => [key, { at, place }] as const)))
  const between = columns.map((): [number, number][] => [])
  for (const [from, to] of links) {
    const [a, b] = [placed.get(from), placed.get(to)]
    if (a && b) between[a.at]?.push([a.place, b.place])
  }
  return between.reduce((sum, pairs) => sum + inversions(pairs), 0)
}

function inversions(pairs: readonly (readonly [number, number])[]): number {
  const width = Math.max(0, ...pairs.map(([, to]) => to)) + 1
  const tree = new Int32Array(width + 1)
  const sorted = pairs.toSorted((a, b) => a[0] - b[0] || a[1] - b[1])
  let count = 0
  for (const [seen, [, to]] of sorted.entries()) {
    let below = 0
    for (let at = to + 1; at > 0; at -= at & -at) below += tree[at] ?? 0
    count += seen - below
    for (let at = to + 1; at <= width; at += at & -at) tree[at] = (tree[at] ?? 0) + 1
  }
  return count
}

/** The middle of every spot. */
function place(columns: Columns, links: readonly Link[]): ReadonlyMap<string, number> {
  const [before, after] = [neighbours(links, true), neighbours(links, false)]
  const middles = new Map<string, number>()
  for (const column of columns) settle(column, () => 0, middles)
  for (let sweep = 0; sweep < 8; sweep++) {
    const onward = sweep % 2 === 0
    for (const column of onward ? columns : columns.toReversed()) {
      const wish = ({ key }: Spot) => {
        const joined = [...((onward ? before : after).get(key) ?? [])].map(other => middles.get(other) ?? 0)
        const own = middles.get(key) ?? 0
        return joined.length === 0 ? own : joined.reduce((sum, middle) => sum + middle, 0) / joined.length
      }
      settle(column, wish, middles)
    }
  }
  const top = Math.min(0, ...columns.flat().map(({ key, height }) => (middles.get(key) ?? 0) - height / 2))
  return new Map([...middles].map(([key, middle]) => [key, middle - top]))
}

/** Sets `middles` as near to what is wished as order and gaps allow: least squares by pooling neighbours that would overlap. */
function settle(column: readonly Spot[], wish: (spot: Spot) => number, middles: Map<string, number>): void {
  const offsets: number[] = []
  let room = 0
  for (const { height } of column) {
    offsets.push(room + height / 2)
    room += height + gap
  }
  const pools: { sum: number; count: number }[] = []
  for (const [at, spot] of column.entries()) {
    pools.push({ sum: wish(spot) - (offsets[at] ?? 0), count: 1 })
    for (let last = pools.at(-1), other = pools.at(-2); last && other; last = pools.at(-1), other = pools.at(-2)) {
      if (other.sum / other.count <= last.sum / last.count) break
      pools.splice(-2, 2, { sum: other.sum + last.sum, count: other.count + last.count })
    }
  }
  const starts = pools.flatMap(({ sum, count }) => Array.from({ length: count }, () => sum / count))
  for (const [at, { key }] of column.entries()) middles.set(key, (starts[at] ?? 0) + (offsets[at] ?? 0))
}
