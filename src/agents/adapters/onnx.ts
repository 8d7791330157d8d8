/** Agents whose work is done by an ONNX model. The model runs where the work was placed; this file never sees a session. */
import { statSync } from 'node:fs'
import type { Concept, Port, PortValues } from '../../core/index.ts'
import type { Agent, ModelSpec, Tensor } from '../agent.ts'
import type { Capability } from '../capability.ts'
import { introduce, standingBid, type StandingTerms } from '../introduction.ts'

type Ports = Readonly<Record<string, Port>>
type Concepts = Readonly<Record<string, Concept>>
type Tensors = Readonly<Record<string, Tensor>>

/** An ONNX agent as it is declared. */
interface OnnxAgentDefinition<Takes extends Ports = Ports, Gives extends Concepts = Concepts> extends StandingTerms {
  readonly id: string
  readonly capability: Capability<Takes, Gives>
  readonly model: ModelSpec
  /** The model's feeds, made of the input. */
  encode(input: PortValues<Takes>): Tensors | Promise<Tensors>
  /** The output, made of what the model answers. */
  decode(outputs: Tensors, input: PortValues<Takes>): PortValues<Gives> | Promise<PortValues<Gives>>
  readonly domain?: string
  readonly description?: string
}

/**
 * Declares an agent that does one capability with one model. Its terms stand for every role (default: no price, 20 ms,
 * sure to 0.9). Throws `bad-config` on a malformed definition.
 */
export function onnxAgent<const Takes extends Ports, const Gives extends Concepts>(
  definition: OnnxAgentDefinition<Takes, Gives>,
): Agent
export function onnxAgent(definition: OnnxAgentDefinition): Agent {
  const { id, capability, price, time = '20ms', confidence = 0.9 } = definition
  const model = { ...definition.model, memory: definition.model.memory ?? sizeOf(definition.model.file) }
  return {
    ...introduce({ ...definition, offers: [capability] }),
    kind: 'onnx',
    models: [model],
    bid: standingBid(id, { ...(price === undefined ? {} : { price }), time, confidence }),
    async perform(_, input, context) {
      const outputs = await context.infer(model, await definition.encode(input))
      return definition.decode(outputs, input)
    },
  }
}

// A missing file is reported by the node that is to load it.
function sizeOf(file: string): number {
  return statSync(file, { throwIfNoEntry: false })?.size ?? 0
}
