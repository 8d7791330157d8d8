/** The door of the command line, for programs that show runs as it does. */
export type { StandIn } from './face.ts'
export { followHere } from './follow.ts'
export { outcomeOf } from './outcome.ts'
export { surroundings } from './surroundings.ts'
