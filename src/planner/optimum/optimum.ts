/**
 * The lightest plan, by implicit hitting sets over disjunctive action landmarks (Bonet & Helmert, 2010; Haslum, Slaney
 * & Thiébaux, 2012).
 * 1. No plan is lighter than the lightest set that hits all known cores. When that set makes a plan, it is a best one.
 * 2. Each growth of cores ends with a plan; the lightest so far is the answer whenever the search is ended.
 * 3. Only what could be in a lighter plan is kept: the weight that cores share out among them is a part of every plan's
 *    weight, and what is left of the weights bounds every way through a move.
 */
import { type Core, cutShares, growCores } from './cores.ts'
import { firstPlan } from './first.ts'
import { hitBelow, roundUp } from './hitting-set.ts'
import { layNet, type Move, type Net, weightOf } from './net.ts'
import { findPrices, hitGreedily, type Row } from './prices.ts'
import { reduce, squeeze, trim } from './reduce.ts'

/** The candidates of the lightest plan found, and the least that any plan can weigh. */
export interface Optimum {
  readonly candidates: readonly number[]
  readonly weight: number
  readonly lowerBound: number
}

// Sums of weights in different orders differ by less.
const rounding = 1e-6
// A net is reduced anew when so much of it is left.
const worthReducing = 0.9
// Moves times atoms, in nets whose landmarks are worth their time.
const mostLandmarks = 20_000_000
// Rounds in which the prices of all cores are made better.
const rounds = 100
// How often the first search for a hitting set may ask to go on; where that was too little, the next may twice as often.
const firstAsks = 2_000
// Rounds of further cores, each of which must raise the bound by so much.
const mostCuts = 20
const leastGain = 0.02
// Where weights are not whole, the bound is raised by so much of the gap at a time.
const shareOfGap = 0.25
// Of the weight: a gap that is closed at once.
const smallGap = 0.02

interface Search {
  readonly net: Net
  /** The cores found so far, with their prices. */
  readonly rows: readonly Row[]
  readonly best: Optimum
}

/**
 * The lightest plan of `moves` within `limit`; undefined when there is none. `goOn` is asked often: false ends the
 * search. `known` is a plan found before, whatever its bound.
 */
export function findOptimum(
  moves: readonly Move[],
  goals: readonly number[],
  limit: number,
  goOn: () => boolean,
  known?: Optimum,
): Optimum | undefined {
  const eager = goOn()
  const net = eager ? trim(moves, goals, limit) : layNet(moves, goals, limit)
  const plan = net && firstPlan(net)
  if (!net || !plan) return undefined
  const start = optimumOf(net, plan, 0)
  const first: Search = { net, rows: [], best: known ? lighter(start, { ...known, lowerBound: 0 }) : start }
  return eager ? close(narrow(first, goOn), goOn).best : first.best
}

/** Packs cores that share nothing, and drops what they show to be of no use, until little goes. */
function narrow(search: Search, goOn: () => boolean): Search {
  let at = search
  for (let before = Infinity; at.net.moves.length < worthReducing * before && goOn(); ) {
    before = at.net.moves.length
    at = learn({ ...at, rows: [] }, [], 'all', goOn)
  }
  const { moves, givers } = at.net
  const small = moves.length * givers.length < mostLandmarks
  const net =
    isProved(at.best) || !small || !goOn() ? undefined : reduce(at.net.moves, at.net.goals, at.net.limit, goOn)
  return net ? { net, rows: [], best: at.best } : at
}

/**
 * Closes the gap between the lightest hitting set and the lightest plan: light sets are grown to plans as long as that
 * shows new cores; else the bound is raised, or there is a set below it to go on with.
 */
function close(search: Search, goOn: () => boolean): Search {
  let at = search
  let chosen: readonly number[] = []
  let tight = 0
  for (let asks = firstAsks; !isProved(at.best) && goOn(); ) {
    const known = at.rows.length
    at = learn(at, chosen, 'one', goOn)
    if (isProved(at.best) || !goOn()) break
    if (at.rows.length > known) {
      chosen = hitGreedily(at.rows, weightsOf(at.net))
      continue
    }
    if (at.rows.length > tight) at = tighten(at, goOn)
    tight = at.rows.length
    if (isProved(at.best) || !goOn()) break
    const level = nextLevel(at)
    let left = asks
    const hitting = hitBelow(at.rows, weightsOf(at.net), level, () => left-- > 0 && goOn())
    if (hitting.kind === 'found') chosen = hitting.elements
    else if (hitting.kind === 'none') at = { ...at, best: raise(at.best, level) }
    else asks *= 2
  }
  return at
}

/** The next bound to be shown. */
function nextLevel({ net, best }: Search): number {
  const { weight, lowerBound } = best
  if (isWhole(net)) return Math.floor(lowerBound + rounding) + 1
  const gap = weight - lowerBound
  return gap < smallGap * weight ? weight : lowerBound + shareOfGap * gap
}

/** Adds cores that the linear relaxation of the known ones breaks, as long as the bound is raised by that. */
function tighten(search: Search, goOn: () => boolean): Search {
  let at = search
  let before = -Infinity
  for (let round = 0; round < mostCuts && !isProved(at.best) && goOn(); round++) {
    const weights = weightsOf(at.net)
    const { bound, rows, shares } = findPrices(at.rows, weights, at.best.weight, rounds, goOn)
    const cores = bound < before + leastGain ? [] : cutShares(at.net, shares, goOn)
    if (cores.length === 0) break
    before = bound
    at = reprice({ ...at, rows }, cores, goOn)
  }
  return at
}

/** Grows `chosen` to a plan, and keeps what could be in a lighter one than the lightest known. */
function learn(search: Search, chosen: readonly number[], pace: 'all' | 'one', goOn: () => boolean): Search {
  const { net, rows, best } = search
  const known = rows.map(row => row.members)
  const { cores, plan } = growCores(net, chosen, known, pace, goOn)
  return reprice({ net, rows, best: plan ? lighter(best, optimumOf(net, plan, best.lowerBound)) : best }, cores, goOn)
}

/** Adds `cores`, and drops what their prices show to be in no lighter plan. */
function reprice({ net, rows, best }: Search, cores: readonly Core[], goOn: () => boolean): Search {
  const all = [...rows, ...cores.map(core => ({ members: core, price: 0 }))]
  const { bound, rows: priced, left } = findPrices(all, weightsOf(net), best.weight, rounds, goOn)
  const raised = raise(best, roundUp(bound, isWhole(net)))
  const most = best.weight - bound - (isWhole(net) ? 1 - 4 * rounding : 0)
  const smaller = isProved(raised) ? undefined : squeeze(net, move => Math.max(0, left[move] ?? 0), most)
  if (!smaller) return { net, rows: priced, best: raise(raised, raised.weight) }
  if (smaller.moves.length === net.moves.length) return { net, rows: priced, best: raised }
  const places = new Map(smaller.moves.map(({ candidate }, at) => [candidate, at]))
  const kept = priced.map(row => ({
    members: row.members.flatMap(move => places.get(net.moves[move]?.candidate ?? -1) ?? []),
    price: row.price,
  }))
  const none = kept.some(row => row.members.length === 0)
  return { net: smaller, rows: kept, best: none ? raise(raised, raised.weight) : raised }
}

/** Whether all weights are whole numbers, and so every plan's. */
function isWhole({ moves }: Net): boolean {
  return moves.every(({ weight }) => Number.isInteger(weight))
}

/** Whether nothing is lighter. */
export function isProved({ weight, lowerBound }: Optimum): boolean {
  return lowerBound >= weight - rounding
}

function lighter(one: Optimum, other: Optimum): Optimum {
  return other.weight < one.weight - rounding ? other : one
}

/** With a higher lower bound, never above the weight: what is lighter than the lightest known is all that is bounded. */
function raise(best: Optimum, lowerBound: number): Optimum {
  return { ...best, lowerBound: Math.min(best.weight, Math.max(best.lowerBound, lowerBound)) }
}

function weightsOf(net: Net): readonly number[] {
  return net.moves.map(move => move.weight)
}

function optimumOf(net: Net, plan: readonly number[], lowerBound: number): Optimum {
  return {
    candidates: plan.flatMap(move => net.moves[move]?.candidate ?? []),
    weight: weightOf(net, plan),
    lowerBound,
  }
}
