/** What is plain to see about sets that are to be hit: what must be taken, what can be left out, and what falls apart. */
import type { Row } from './prices.ts'

/** Takes what alone hits a row and leaves out what another does as well, until nothing changes. */
export function simplify(
  given: readonly Row[],
  weights: readonly number[],
): { readonly taken: readonly number[]; readonly left: readonly Row[] } {
  const taken: number[] = []
  let left = given
  for (;;) {
    const sure = new Set(left.flatMap(({ members }) => (members.length === 1 ? members : [])))
    taken.push(...sure)
    const open = minimal(sure.size > 0 ? left.filter(({ members }) => !members.some(one => sure.has(one))) : left)
    const dominated = findDominated(open, weights)
    left = dominated.size > 0 ? without(open, element => dominated.has(element)) : open
    if (dominated.size === 0 && !left.some(({ members }) => members.length === 1)) return { taken, left }
  }
}

/** `rows` without some elements. */
export function without(rows: readonly Row[], drop: (element: number) => boolean): readonly Row[] {
  return rows.map(({ members, price }) => ({
    members: members.some(drop) ? members.filter(element => !drop(element)) : members,
    price,
  }))
}

/** The rows that contain no other. */
function minimal(rows: readonly Row[]): readonly Row[] {
  const kept: Row[] = []
  const holders = new Map<number, number[]>()
  for (const row of rows.toSorted((a, b) => a.members.length - b.members.length)) {
    const shared = new Map<number, number>()
    let contains = false
    for (const element of row.members) {
      for (const at of holders.get(element) ?? []) {
        const count = (shared.get(at) ?? 0) + 1
        shared.set(at, count)
        contains ||= count === kept[at]?.members.length
      }
    }
    if (contains) continue
    const at = kept.push(row) - 1
    for (const element of row.members) {
      const known = holders.get(element)
      if (known) known.push(at)
      else holders.set(element, [at])
    }
  }
  return kept
}

/** Elements in whose stead another, no heavier, hits all that they hit. */
function findDominated(rows: readonly Row[], weights: readonly number[]): ReadonlySet<number> {
  const hits = new Map<number, Set<number>>()
  rows.forEach(({ members }, at) => {
    for (const element of members) {
      const known = hits.get(element)
      if (known) known.add(at)
      else hits.set(element, new Set([at]))
    }
  })
  const dropped = new Set<number>()
  for (const [element, mine] of hits) {
    const [first = 0] = mine
    const better = (rows[first]?.members ?? []).some(other => {
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

/** Groups of rows that share no element. */
export function split(rows: readonly Row[]): readonly (readonly Row[])[] {
  const group = rows.map((_, at) => at)
  const root = (at: number): number => {
    let top = at
    while (group[top] !== undefined && group[top] !== top) top = group[top] ?? top
    return top
  }
  const first = new Map<number, number>()
  rows.forEach(({ members }, at) => {
    for (const element of members) {
      const known = first.get(element)
      if (known === undefined) first.set(element, at)
      else group[root(at)] = root(known)
    }
  })
  const groups = new Map<number, Row[]>()
  rows.forEach((row, at) => {
    const known = groups.get(root(at))
    if (known) known.push(row)
    else groups.set(root(at), [row])
  })
  return [...groups.values()]
}
