/** The door of drafting: plans that somebody proposes, and what becomes of them. */
export { createDrafter, type Drafter, type DrafterSettings } from './drafter.ts'
export { languageModelPlanner } from './language-model-planner.ts'
export { matchingPart } from './part.ts'
export { PlanDraft } from './plan-draft.ts'
export { DraftRequest, requestDraft } from './request.ts'
export { settleDraft, type Settled } from './settle.ts'
export { outOfReach } from './support.ts'
