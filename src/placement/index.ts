/** The door of placement: where should it. */
export { freeOf, holdAmounts, nodePool } from './holds.ts'
export { place } from './place.ts'
export type { Fleet, Placement, PlacementRequest } from './placement.ts'
