/** The door of placement: where should it. */
export type { Candidate, Fleet, Placement, PlacementRequest } from './placement.ts'
