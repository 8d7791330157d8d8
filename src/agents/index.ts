/** The door of the agents: who can do what, and who gets the role. */
export { httpAgent, type HttpAgentDefinition } from './adapters/http.ts'
export { serveAgent, type ServedAgent, type ServeSettings } from './adapters/http-server.ts'
export { languageModelAgent, type LanguageModelAgentDefinition } from './adapters/language-model-agent.ts'
export { onnxAgent, type OnnxAgentDefinition } from './adapters/onnx.ts'
export { openaiAgent, openaiModel, type OpenaiSettings } from './adapters/openai.ts'
export type { Agent, AgentKind, BidContext, ModelSpec, Performers, Tensor, WorkContext } from './agent.ts'
export type { Announcement, Bid, BidRound, Offer, ScoredBid, TrackRecord, Tradeoff } from './bid.ts'
export {
  type Capability,
  capabilityId,
  defineCapability,
  type Effect,
  effects,
  type FactPattern,
  type Needs,
} from './capability.ts'
export { type Auction, holdAuction } from './contract-net.ts'
export { defineAgent } from './define-agent.ts'
export { createRegistry, type Registry } from './registry.ts'
export { emptyRecord, recordOutcome, reliabilityOf } from './reputation.ts'
export { checkInput, checkOutput } from './work.ts'
