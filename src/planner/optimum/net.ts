/**
 * The net in which a best plan is looked for: moves over atoms, without facts that are removed, without what is given.
 * Small, numbered densely, and made anew whenever moves are dropped.
 */

/** A candidate step, as far as the search is concerned. */
export interface Move {
  /** Its candidate in the space. */
  readonly candidate: number
  readonly needs: readonly number[]
  readonly gives: readonly number[]
  readonly weight: number
  /** What it adds along the way from what is given to a goal; counts only where the net has a limit. */
  readonly time: number
}

/** Moves, and who gives and takes what. A plan is a set of moves by which every goal is had within the limit. */
export interface Net {
  readonly moves: readonly Move[]
  readonly goals: readonly number[]
  /** For each atom, the moves that give it and those that need it. */
  readonly givers: readonly (readonly number[])[]
  readonly takers: readonly (readonly number[])[]
  /** The most that may add up along any way to a goal. */
  readonly limit: number
}

/**
 * Numbers atoms anew. Those with the same givers become one, since they are had at the same time; those that nobody
 * needs go.
 */
export function layNet(moves: readonly Move[], goals: readonly number[], limit: number): Net {
  const giversOf = new Map<number, number[]>(goals.map(atom => [atom, []]))
  for (const { needs } of moves) for (const atom of needs) if (!giversOf.has(atom)) giversOf.set(atom, [])
  moves.forEach((move, at) => {
    for (const atom of new Set(move.gives)) giversOf.get(atom)?.push(at)
  })
  const byGivers = new Map<string, number>()
  const numbers = new Map<number, number>()
  const givers: number[][] = []
  for (const [atom, known] of giversOf) {
    const key = known.join(' ')
    const number = byGivers.get(key) ?? givers.push(known) - 1
    byGivers.set(key, number)
    numbers.set(atom, number)
  }
  const renumber = (atoms: readonly number[]) => [...new Set(atoms.flatMap(atom => numbers.get(atom) ?? []))]
  const laid = moves.map(move => ({ ...move, needs: renumber(move.needs), gives: renumber(move.gives) }))
  const takers: number[][] = givers.map(() => [])
  laid.forEach((move, at) => {
    for (const atom of move.needs) takers[atom]?.push(at)
  })
  return { moves: laid, goals: renumber(goals), givers, takers, limit }
}

/** What `moves` weigh together. */
export function weightOf(net: Net, moves: Iterable<number>): number {
  let total = 0
  for (const move of moves) total += net.moves[move]?.weight ?? 0
  return total
}
