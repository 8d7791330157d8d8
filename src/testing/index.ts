/** The door `muster/testing`: what tests of agents need. */
export { createManualClock, type ManualClock } from './manual-clock.ts'
export { recordModel, type RecordingModel, replayModel, type Tape } from './recorded-model.ts'
export { type ScriptedAnswer, type ScriptedModel, scriptedModel } from './scripted-model.ts'
export { seededIds } from './seeded-ids.ts'
export { workContext } from './work-context.ts'
