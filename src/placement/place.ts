/**
 * Where a step runs: every device of every node is filtered, what is left is scored, the best is taken.
 *
 * 1. The answer depends on the fleet, not on the order in which it lists its nodes: equals are decided by node id, then
 *    by the order of the devices.
 * 2. One pass, no sorting: only the few best are kept, and only they are explained.
 */
import { type Objection, objectionTo, type Place } from './filters.ts'
import { holdsFor, isRealGpu } from './holds.ts'
import type { Candidate, Fleet, Placement, PlacementRequest } from './placement.ts'
import { scoreOf, scorers } from './scorers.ts'

/** How many candidates a trace shows. */
const traced = 5

interface Scored {
  readonly place: Place
  readonly score: number
}

/** One reason for which places were kept out, with the first of them by node id. */
interface Refusal {
  readonly objection: Objection
  readonly example: Place
  /** Nodes that have no better place than this. */
  readonly nodes: number
}

/** The best place for a request, or why there is none. */
export function place(request: PlacementRequest, fleet: Fleet): Placement {
  const best: Scored[] = []
  const refusals = new Map<string, Refusal>()
  const holds = holdsFor(request)
  let fitting = 0
  for (const { view, free } of fleet.nodes) {
    let closest: Objection | undefined
    let fits = false
    for (const device of view.devices) {
      const candidate: Place = { view, free, device, hold: isRealGpu(device) ? holds.gpu : holds.cpu }
      const objection = objectionTo(request, candidate)
      if (objection) {
        refuse(refusals, objection, candidate)
        if (!closest || objection.passed > closest.passed) closest = objection
      } else {
        keepBest(best, { place: candidate, score: scoreOf(request, candidate) })
        fits = true
        fitting += 1
      }
    }
    if (closest && !fits) countNode(refusals, closest)
  }
  const filtered = wordsOf(refusals)
  const trace = traceOf(request, best, refusals)
  const [winner] = best
  if (!winner) {
    const reason = filtered === '' ? 'no node fits: there is none' : `no node fits: ${filtered}`
    return { kind: 'unplaced', reason, trace }
  }
  const { view, device, hold } = winner.place
  const why = scorers.map(scorer => scorer.reason(request, winner.place)).join(', ')
  const among = fitting === 1 ? 'the only place that fits' : `best of ${fitting} places`
  return {
    kind: 'placed',
    node: view.id,
    device: device.id,
    provider: device.provider,
    hold,
    reason: `${among}: ${why}${filtered === '' ? '' : `; of other nodes ${filtered}`}`,
    trace,
  }
}

function keepBest(best: Scored[], scored: Scored): void {
  const worst = best.at(traced - 1)
  if (worst && !comesBefore(scored, worst)) return
  const index = best.findIndex(other => comesBefore(scored, other))
  if (index >= 0) best.splice(index, 0, scored)
  else best.push(scored)
  if (best.length > traced) best.pop()
}

// Devices of one node arrive in their order, so that among them the earlier one is in already.
function comesBefore(a: Scored, b: Scored): boolean {
  return a.score === b.score ? a.place.view.id < b.place.view.id : a.score > b.score
}

function refuse(refusals: Map<string, Refusal>, objection: Objection, candidate: Place): void {
  const known = refusals.get(objection.one)
  if (!known) refusals.set(objection.one, { objection, example: candidate, nodes: 0 })
  else if (candidate.view.id < known.example.view.id) refusals.set(objection.one, { ...known, example: candidate })
}

function countNode(refusals: Map<string, Refusal>, objection: Objection): void {
  const known = refusals.get(objection.one)
  if (known) refusals.set(objection.one, { ...known, nodes: known.nodes + 1 })
}

/** Such as ``4 lack `vram`, 2 are draining``: most nodes first. */
function wordsOf(refusals: ReadonlyMap<string, Refusal>): string {
  return byNodes(refusals)
    .filter(({ nodes }) => nodes > 0)
    .map(({ nodes, objection }) => `${nodes} ${nodes === 1 ? objection.one : objection.several}`)
    .join(', ')
}

function byNodes(refusals: ReadonlyMap<string, Refusal>): readonly Refusal[] {
  return [...refusals.values()].sort((a, b) => b.nodes - a.nodes || (a.objection.one < b.objection.one ? -1 : 1))
}

/** The best places with their scores; where there are few, also an example of each reason to be kept out. */
function traceOf(
  request: PlacementRequest,
  best: readonly Scored[],
  refusals: ReadonlyMap<string, Refusal>,
): readonly Candidate[] {
  const fitting = best.map(({ place, score }): Candidate => {
    const parts = scorers.map(scorer => ({
      scorer: scorer.name,
      score: scorer.score(request, place),
      reason: scorer.reason(request, place),
    }))
    return { node: place.view.id, device: place.device.id, fits: true, score, parts }
  })
  const others = byNodes(refusals).map(({ objection, example }): Candidate => {
    return { node: example.view.id, device: example.device.id, fits: false, reason: objection.one }
  })
  return [...fitting, ...others].slice(0, traced)
}
