/** The door `muster/testing`: what tests of agents need. */
export { createManualClock, type ManualClock } from './manual-clock.ts'
