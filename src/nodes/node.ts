/** What a node shows of itself: enough to decide what runs there, nothing of how. */
import type { Resources } from '../core/index.ts'

/** A processor that work can be put on. */
export interface Device {
  /** `cpu`, `gpu0` … */
  readonly id: string
  readonly kind: 'cpu' | 'gpu'
  /** The ONNX Runtime execution provider that reaches it. */
  readonly provider: 'cpu' | 'webgpu' | 'cuda'
  /** What the hardware calls itself. */
  readonly name: string
  /** True when a GPU is emulated in software; always shown with its name. */
  readonly simulated: boolean
}

/** How far a block is: a model that stands loaded, or is on its way in or out. */
export type BlockState = 'loading' | 'ready' | 'busy' | 'unloading' | 'failed'

/** A model loaded on a device. */
export interface BlockView {
  readonly model: string
  readonly device: string
  readonly state: BlockState
  /** Bytes. */
  readonly memory: number
}

/** One frozen look at a node. */
export interface NodeView {
  readonly id: string
  readonly domain: string
  readonly state: 'ready' | 'cordoned' | 'draining' | 'failing'
  readonly devices: readonly Device[]
  /** What it lends in all. */
  readonly capacity: Resources
  /** Agents that it can run. */
  readonly agents: readonly string[]
  readonly blocks: readonly BlockView[]
  /** 0 to 1: measured processor use. */
  readonly cpuLoad: number
  /** Bytes of main memory that are really free. */
  readonly memoryFree: number
  /** Jobs that it is doing now. */
  readonly jobs: number
  /** When this was measured, milliseconds since 1970. */
  readonly at: number
}
