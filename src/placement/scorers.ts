/**
 * Scorers: how good a place is, 0 to 1 each, with a weight. The weight of `device` is such that a real GPU beats a CPU and
 * a CPU beats an emulated GPU whatever the others say; the others decide among equals.
 */
import { resourceKinds } from '../core/index.ts'
import { isRealGpu } from './holds.ts'
import { type Place, standsOn } from './filters.ts'
import type { PlacementRequest } from './placement.ts'

/** One point of view. `reason` says in words what `score` says as a number. */
export interface Scorer {
  readonly name: string
  readonly weight: number
  score(request: PlacementRequest, place: Place): number
  reason(request: PlacementRequest, place: Place): string
}

const device: Scorer = {
  name: 'device',
  weight: 0.7,
  score({ work }, { device }) {
    if (work === 'control') return 1
    if (isRealGpu(device)) return 1
    return device.simulated ? 0 : 0.5
  },
  reason({ work }, { device }) {
    if (work === 'control') return 'control work runs on the CPU'
    if (isRealGpu(device)) return `inference runs best on a GPU: ${device.name}`
    return device.simulated ? `this GPU is emulated: ${device.name}` : 'inference can run on the CPU'
  },
}

const warm: Scorer = {
  name: 'warm',
  weight: 0.15,
  score({ models }, { view, device }) {
    const standing = models.filter(model => standsOn(view, device, model.name)).length
    return models.length === 0 ? 0 : standing / models.length
  },
  reason({ models }, { view, device }) {
    if (models.length === 0) return 'no model is needed'
    const cold = models.filter(model => !standsOn(view, device, model.name)).map(model => `\`${model.name}\``)
    return cold.length === 0 ? 'every model stands loaded' : `to be loaded: ${cold.join(', ')}`
  },
}

const idle: Scorer = {
  name: 'idle',
  weight: 0.1,
  // Measured use lags behind; the jobs that were given since count at once.
  score: (_, { view }) => (1 - view.cpuLoad) / (1 + view.jobs / Math.max(1, view.capacity.cpu ?? 1)),
  reason: (_, { view }) => `processors ${Math.round(view.cpuLoad * 100)} % busy, ${view.jobs} jobs`,
}

/** Best fit: the place that the work leaves fullest in some kind, so that large room elsewhere stays whole. */
const packing: Scorer = {
  name: 'packing',
  weight: 0.05,
  score(_, { view, free, hold }) {
    let fullest = 0
    for (const kind of resourceKinds) {
      const total = view.capacity[kind] ?? 0
      const held = hold[kind] ?? 0
      if (held > 0 && total > 0) fullest = Math.max(fullest, 1 - ((free[kind] ?? 0) - held) / total)
    }
    return Math.min(1, Math.max(0, fullest))
  },
  reason: (request, place) => `would be ${Math.round(packing.score(request, place) * 100)} % full`,
}

/** All of them; the weights sum to 1. */
export const scorers: readonly Scorer[] = [device, warm, idle, packing]

/** The weighted sum, 0 to 1; higher is better. */
export function scoreOf(request: PlacementRequest, place: Place): number {
  let sum = 0
  for (const scorer of scorers) sum += scorer.weight * scorer.score(request, place)
  return sum
}
