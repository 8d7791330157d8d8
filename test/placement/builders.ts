/** Nodes and requests that say only what a test is about. */
import type { Resources } from '../../src/core/index.ts'
import type { Device, NodeView } from '../../src/nodes/index.ts'
import type { Fleet, PlacementRequest } from '../../src/placement/index.ts'

const gibibyte = 2 ** 30

export const cpu: Device = { id: 'cpu', kind: 'cpu', provider: 'cpu', name: 'processor', simulated: false }
export const gpu: Device = { id: 'gpu0', kind: 'gpu', provider: 'cuda', name: 'Test GPU', simulated: false }
export const emulated: Device = { ...gpu, provider: 'webgpu', name: 'software (SwiftShader)', simulated: true }

export function nodeView(id: string, overrides: Partial<NodeView> = {}): NodeView {
  return {
    id,
    domain: 'home',
    state: 'ready',
    devices: [cpu],
    capacity: { cpu: 4, memory: 8 * gibibyte },
    agents: ['desk'],
    blocks: [],
    cpuLoad: 0,
    memoryFree: 8 * gibibyte,
    jobs: 0,
    at: 0,
    ...overrides,
  }
}

/** A node with a GPU beside its CPU. */
export function gpuNode(id: string, overrides: Partial<NodeView> = {}): NodeView {
  return nodeView(id, {
    devices: [cpu, gpu],
    capacity: { cpu: 4, memory: 8 * gibibyte, gpu: 1, vram: 16 * gibibyte },
    ...overrides,
  })
}

/** Nodes of which everything is free, or what `free` says by id. */
export function fleetOf(views: readonly NodeView[], free: Readonly<Record<string, Resources>> = {}): Fleet {
  return { nodes: views.map(view => ({ view, free: free[view.id] ?? view.capacity })) }
}

export function request(overrides: Partial<PlacementRequest> = {}): PlacementRequest {
  return { agent: 'desk', work: 'control', needs: { cpu: 0.1 }, models: [], ...overrides }
}
