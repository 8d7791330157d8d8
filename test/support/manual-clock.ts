/** The clock that tests move by hand is the one that users get. */
export { createManualClock } from '../../src/testing/index.ts'
