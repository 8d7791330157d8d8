/**
 * The lightest plan, by implicit hitting sets over disjunctive action landmarks (Bonet & Helmert, 2010; Haslum, Slaney
 * & Thiébaux, 2012).
 * 1. No plan is lighter than the lightest set that hits all known cores. When that set makes a plan, it is a best one.
 * 2. Each growth of cores ends with a plan; the lightest so far is the answer whenever the search is ended.
 * 3. Only what could be in a lighter plan is kept: the weight that cores share out among them is a part of every plan's
 *    weight, and what is left of the weights bounds every way through a move.
 */
import { type Core, growCores } from './cores.ts'
import { firstPlan } from './first.ts'
import { hit, pack } from './hitting-set.ts'
import { type Move, type Net, weightOf } from './net.ts'
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
// Nodes of the first search for a hitting set; each one that was too few is doubled.
const firstNodes = 500

interface Search {
  readonly net: Net
  readonly cores: readonly Core[]
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
  const net = trim(moves, goals, limit)
  if (!net) return undefined
  const start = optimumOf(net, firstPlan(net), 0)
  const first: Search = { net, cores: [], best: known ? lighter(start, { ...known, lowerBound: 0 }) : start }
  return goOn() ? close(narrow(first, goOn), goOn).best : first.best
}

/** Packs cores that share nothing, and drops what they show to be of no use, until little goes. */
function narrow(search: Search, goOn: () => boolean): Search {
  let at = search
  for (let before = Infinity; at.net.moves.length < worthReducing * before && goOn(); ) {
    before = at.net.moves.length
    at = learn({ ...at, cores: [] }, [], 'all', goOn)
  }
  const { moves, givers } = at.net
  const small = moves.length * givers.length < mostLandmarks
  const net = isProved(at.best) || !small || !goOn() ? undefined : reduce(at.net.moves, at.net.goals, at.net.limit)
  return net ? { net, cores: [], best: at.best } : at
}

/** Closes the gap between the lightest hitting set and the lightest plan. */
function close(search: Search, goOn: () => boolean): Search {
  let at = search
  let chosen: readonly number[] = []
  for (let nodes = firstNodes; !isProved(at.best) && goOn(); ) {
    const known = at.cores.length
    at = learn(at, chosen, 'one', goOn)
    if (isProved(at.best) || !goOn()) break
    let left = nodes
    const { elements, lowerBound, exact } = hit(at.cores, weightsOf(at.net), () => left-- > 0 && goOn())
    if (!exact && at.cores.length === known) nodes *= 2
    at = { ...at, best: raise(at.best, lowerBound) }
    chosen = elements
  }
  return at
}

/** Grows `chosen` to a plan, and keeps what could be in a lighter one than the lightest known. */
function learn(
  { net, cores, best }: Search,
  chosen: readonly number[],
  pace: 'all' | 'one',
  goOn: () => boolean,
): Search {
  const { cores: found, plan } = growCores(net, chosen, cores, pace, goOn)
  const known = [...cores, ...found]
  const { bound, residual } = pack(known, weightsOf(net))
  const reached = plan ? lighter(best, optimumOf(net, plan, best.lowerBound)) : best
  const smaller = squeeze(net, move => residual.get(move) ?? net.moves[move]?.weight ?? 0, reached.weight - bound)
  if (!smaller) return { net, cores: known, best: raise(reached, reached.weight) }
  const raised = raise(reached, bound)
  if (smaller.moves.length === net.moves.length) return { net, cores: known, best: raised }
  const places = new Map(smaller.moves.map(({ candidate }, at) => [candidate, at]))
  const left = known.map(core => core.flatMap(move => places.get(net.moves[move]?.candidate ?? -1) ?? []))
  return {
    net: smaller,
    cores: left,
    best: left.some(core => core.length === 0) ? raise(reached, reached.weight) : raised,
  }
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
