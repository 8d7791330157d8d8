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
  const { atoms, giversOf } = findGivers(moves, goals)
  const { numbers, givers } = mergeAtoms(atoms, giversOf, moves.length)
  const seen = new Int32Array(givers.length).fill(-1)
  const renumber = (old: readonly number[], mark: number) => {
    const found: number[] = []
    for (const atom of old) {
      const number = numbers[atom] ?? -1
      if (number < 0 || seen[number] === mark) continue
      seen[number] = mark
      found.push(number)
    }
    return found
  }
  const takers: number[][] = givers.map(() => [])
  const laid = moves.map(({ candidate, needs, gives, weight, time }, at) => {
    const needed = renumber(needs, 2 * at)
    for (const atom of needed) takers[atom]?.push(at)
    return { candidate, needs: needed, gives: renumber(gives, 2 * at + 1), weight, time }
  })
  return { moves: laid, goals: renumber(goals, 2 * moves.length), givers, takers, limit }
}

/** The atoms that somebody needs, in the order in which they come up, and the moves that give each. */
function findGivers(moves: readonly Move[], goals: readonly number[]) {
  const atoms: number[] = []
  const giversOf: number[][] = []
  const need = (atom: number) => {
    if (giversOf[atom]) return
    giversOf[atom] = []
    atoms.push(atom)
  }
  goals.forEach(need)
  for (const { needs } of moves) needs.forEach(need)
  moves.forEach(({ gives }, at) => {
    for (const atom of gives) {
      const known = giversOf[atom]
      if (known && known.at(-1) !== at) known.push(at)
    }
  })
  return { atoms, giversOf }
}

/** A number for each of `atoms`, the same one for those with the same givers. */
function mergeAtoms(atoms: readonly number[], giversOf: readonly (readonly number[])[], moves: number) {
  const numbers = new Int32Array(giversOf.length).fill(-1)
  const givers: (readonly number[])[] = []
  const bySole = new Int32Array(moves).fill(-1)
  const bySeveral = new Map<string, number>()
  for (const atom of atoms) {
    const known = giversOf[atom] ?? []
    const [sole = 0] = known
    const key = known.length === 1 ? '' : known.join(' ')
    let number = (known.length === 1 ? bySole[sole] : bySeveral.get(key)) ?? -1
    if (number < 0) {
      number = givers.push(known) - 1
      if (known.length === 1) bySole[sole] = number
      else bySeveral.set(key, number)
    }
    numbers[atom] = number
  }
  return { numbers, givers }
}

/** What `moves` weigh together. */
export function weightOf(net: Net, moves: Iterable<number>): number {
  let total = 0
  for (const move of moves) total += net.moves[move]?.weight ?? 0
  return total
}
