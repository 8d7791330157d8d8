/** Where a step runs, decided before it runs, with the reasons. */
import type { ModelSpec } from '../agents/index.ts'
import type { Resources } from '../core/index.ts'
import type { NodeView } from '../nodes/index.ts'

/** What is to be placed. */
export interface PlacementRequest {
  readonly agent: string
  readonly work: 'control' | 'inference'
  readonly needs: Resources
  readonly models: readonly ModelSpec[]
}

/** The nodes as they are now, with what of each is still free after every hold. */
export interface Fleet {
  readonly nodes: readonly { readonly view: NodeView; readonly free: Resources }[]
}

/** One place that was looked at: kept out for a reason, or scored. */
export type Candidate =
  | { readonly node: string; readonly device: string; readonly fits: false; readonly reason: string }
  | {
      readonly node: string
      readonly device: string
      readonly fits: true
      readonly score: number
      /** Each scorer's share, 0 to 1, with its reason. */
      readonly parts: readonly { readonly scorer: string; readonly score: number; readonly reason: string }[]
    }

/** A place, or why there is none. `trace` shows the best candidates and counts of what was filtered. */
export type Placement =
  | {
      readonly kind: 'placed'
      readonly node: string
      readonly device: string
      readonly provider: 'cpu' | 'webgpu' | 'cuda'
      /** What is to be held in the node's pool. */
      readonly hold: Resources
      readonly reason: string
      readonly trace: readonly Candidate[]
    }
  | { readonly kind: 'unplaced'; readonly reason: string; readonly trace: readonly Candidate[] }
