/** What work needs and what a node has, in the same units. */

/** Amounts of what a node lends. Absent means none. */
export interface Resources {
  /** Processor cores; fractions allowed. */
  readonly cpu?: number
  /** Bytes of main memory. */
  readonly memory?: number
  /** Whole or shared GPU devices; fractions allowed. */
  readonly gpu?: number
  /** Bytes of GPU memory. */
  readonly vram?: number
}

export const resourceKinds = ['cpu', 'memory', 'gpu', 'vram'] as const satisfies readonly (keyof Resources)[]
export type ResourceKind = (typeof resourceKinds)[number]

/** The kinds in which `free` is too little for `need`; empty when it fits. */
export function lacking(need: Resources, free: Resources): readonly ResourceKind[] {
  return resourceKinds.filter(kind => (need[kind] ?? 0) > (free[kind] ?? 0) + 1e-9)
}
