/**
 * Cores: sets of moves of which every plan has one (disjunctive action landmarks). Each is minimal: with any of its
 * moves besides all others there is a plan.
 */
import { createFiring } from './firing.ts'
import { dropNeedless } from './first.ts'
import type { Net } from './net.ts'

export type Core = readonly number[]

// Shares are known so well: less than this is less than one.
const wholeShare = 0.95

/** What of a core is done next: all of it, so that the next core shares nothing with it, or the most useful one. */
type Pace = 'all' | 'one'

/**
 * Grows `chosen` until it makes a plan; before each growth there is a core. Cores that share little with `known` ones
 * come first. `plan` is undefined when `goOn` ended it early.
 */
export function growCores(
  net: Net,
  chosen: readonly number[],
  known: readonly Core[],
  pace: Pace,
  goOn: () => boolean,
): { readonly cores: readonly Core[]; readonly plan: readonly number[] | undefined } {
  const firing = createFiring(net)
  const uses = net.moves.map(() => 0)
  const count = (core: Core) => {
    for (const move of core) uses[move] = (uses[move] ?? 0) + 1
  }
  const worth = (move: number) => (uses[move] ?? 0) / (net.moves[move]?.weight ?? 1)
  known.forEach(count)
  for (const move of chosen) firing.allow(move)
  const grown = [...chosen]
  const cores: Core[] = []
  while (!firing.done()) {
    if (!goOn()) return { cores, plan: undefined }
    const mark = firing.mark()
    const core = usedFirst(uses).filter(move => !firing.allowShort(move))
    firing.undo(mark)
    cores.push(core)
    count(core)
    const best = core.reduce((one, other) => (worth(other) > worth(one) ? other : one), core[0] ?? 0)
    for (const move of pace === 'all' ? core : [best]) {
      grown.push(move)
      firing.allow(move)
    }
  }
  return { cores, plan: dropNeedless(net, grown) }
}

/**
 * Cores of which `shares` holds less than one move in all, so that they forbid what `shares` stands for: each is what is
 * left when moves of large shares come first, and the largest share of each is then done.
 */
export function cutShares(net: Net, shares: Float64Array, goOn: () => boolean): readonly Core[] {
  const firing = createFiring(net)
  const share = (move: number) => shares[move] ?? 0
  const order = [...net.moves.keys()].sort((a, b) => share(b) - share(a) || a - b)
  const cores: Core[] = []
  while (!firing.done() && goOn()) {
    const mark = firing.mark()
    const core = order.filter(move => !firing.allowShort(move))
    firing.undo(mark)
    if (core.reduce((sum, move) => sum + share(move), 0) < wholeShare) cores.push(core)
    // The first of a core in this order has the largest share.
    firing.allow(core[0] ?? 0)
  }
  return cores
}

/** All moves, the most used first, by counting. */
function usedFirst(uses: readonly number[]): readonly number[] {
  const byUse: number[][] = []
  uses.forEach((use, move) => {
    const same = byUse[use]
    if (same) same.push(move)
    else byUse[use] = [move]
  })
  return byUse.toReversed().flatMap(same => same ?? [])
}
