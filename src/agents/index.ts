/** The door of the agents: who can do what, and who gets the role. */
export { httpAgent } from './adapters/http.ts'
export { serveAgent } from './adapters/http-server.ts'
export { languageModelAgent } from './adapters/language-model-agent.ts'
export { onnxAgent } from './adapters/onnx.ts'
export { openaiAgent, openaiModel } from './adapters/openai.ts'
export { Talk } from './adapters/talk.ts'
export type { Agent, BidContext, ModelSpec, Tensor, WorkContext } from './agent.ts'
export type { Announcement, BidRound, Offer, ScoredBid, TrackRecord, Tradeoff } from './bid.ts'
export {
  type Capability,
  capabilityId,
  defineCapability,
  type Effect,
  effects,
  type FactPattern,
} from './capability.ts'
export { holdAuction } from './contract-net.ts'
export { defineAgent } from './define-agent.ts'
export { defineMethod } from './define-method.ts'
export { describeIntents, type IntentSource } from './matching/descriptions.ts'
export { createEmbeddingMatcher, type Embedder } from './matching/embedder.ts'
export { type IntentExample, type IntentReading, learnIntents, loadIntents } from './matching/learning/intents.ts'
export { learnPlans, loadPlans } from './matching/learning/plans.ts'
export { seeded } from './matching/learning/random.ts'
export { createMatcher, type Matcher } from './matching/matcher.ts'
export type { Feed, Method, MethodDefinition, StepDefinition } from './method.ts'
export { createRegistry, type Registry } from './registry.ts'
export { emptyRecord, recordOutcome, reliabilityOf } from './reputation.ts'
export { defineTask, type Task } from './task.ts'
export { checkInput, checkOutput } from './work.ts'
