/**
 * Holds: what is promised to a step on a node, kept as a reservation in the pool of that node.
 * Amounts are whole numbers (bytes, and thousandths of a core or of a GPU), so that sums are exact and nothing is
 * promised twice.
 */
import { resourceKinds, type ResourceKind, type Resources } from '../core/index.ts'
import type { Device, NodeView } from '../nodes/index.ts'
import type { Amounts } from '../store/index.ts'
import type { PlacementRequest } from './placement.ts'

/** What an inference takes of a GPU when its capability does not say: ten share one. */
const gpuShare = 0.1

const unitsPer: Readonly<Record<ResourceKind, number>> = { cpu: 1000, memory: 1, gpu: 1000, vram: 1 }

/** The name of the pool in which the holds of a node are kept. */
export function nodePool(node: string): string {
  return `node:${node}`
}

/**
 * Resources as amounts of a node's pool, both what is held there (rounded up) and what the node lends (whole already).
 * Kinds of which there is nothing are left out.
 */
export function holdAmounts(resources: Resources): Amounts {
  const amounts: Record<string, number> = {}
  for (const kind of resourceKinds) {
    // Rounding first, or 0.3 cores, which no float is exactly, would become 301 thousandths.
    const units = Math.ceil(Number(((resources[kind] ?? 0) * unitsPer[kind]).toFixed(3)))
    if (units > 0) amounts[kind] = units
  }
  return amounts
}

/** What of a node is free, given its pool (undefined: it has none yet, so nothing is held). */
export function freeOf(
  view: NodeView,
  pool: { readonly capacity: Amounts; readonly reserved: Amounts } | undefined,
): Resources {
  if (!pool) return view.capacity
  const free: Partial<Record<ResourceKind, number>> = {}
  for (const kind of resourceKinds) {
    const units = (pool.capacity[kind] ?? 0) - (pool.reserved[kind] ?? 0)
    if (pool.capacity[kind] !== undefined) free[kind] = Math.max(0, units) / unitsPer[kind]
  }
  return free
}

/**
 * What a request takes: on a real GPU a share of it and the memory of its models there; elsewhere cores and main memory.
 * An emulated GPU takes what a CPU takes, because that is what it runs on.
 */
export function holdsFor({ needs, models }: PlacementRequest): { readonly gpu: Resources; readonly cpu: Resources } {
  const { cpu = 0, memory = 0, gpu = 0, vram = 0 } = needs
  const loaded = models.reduce((sum, model) => sum + (model.memory ?? 0), 0)
  return {
    gpu: present({ memory, gpu: gpu || gpuShare, vram: vram + loaded }),
    cpu: present({ cpu, memory: memory + loaded, gpu, vram }),
  }
}

function present(resources: Resources): Resources {
  return Object.fromEntries(Object.entries(resources).filter(([, amount]) => amount > 0))
}

/** Whether work on this device runs on GPU hardware. */
export function isRealGpu(device: Device): boolean {
  return device.kind === 'gpu' && !device.simulated
}
