/** An agent offers capabilities, bids for roles and does the work. */
import type { Clock, DataRef, PortValues, Principal } from '../core/index.ts'
import type { Announcement, Offer, TrackRecord } from './bid.ts'
import type { Capability } from './capability.ts'

/** How an agent is reached, for people who read plans and lists. */
type AgentKind = 'function' | 'language-model' | 'onnx' | 'http'

/** An ONNX model file and how much it takes to keep it loaded. */
export interface ModelSpec {
  /** Such as `support-intents`. */
  readonly name: string
  /** Path of the `.onnx` file. */
  readonly file: string
  /** Bytes of memory while loaded; default: the size of the file. */
  readonly memory?: number
}

/** A tensor as it goes into and comes out of a model. */
export interface Tensor {
  readonly type: 'float32' | 'int32' | 'int64' | 'uint8' | 'int8' | 'bool'
  readonly data: Float32Array | Int32Array | BigInt64Array | Uint8Array | Int8Array
  readonly dims: readonly number[]
}

/** What an agent is told when it is asked for an offer. */
export interface BidContext {
  readonly announcement: Announcement
  /** Jobs that it is doing now. */
  readonly load: number
  readonly record: TrackRecord
}

/** What an agent has at hand while it works. */
export interface WorkContext {
  /** Aborts when the work is no longer wanted or its deadline has passed. */
  readonly signal: AbortSignal
  /** The same for every repetition of this work: hand it to whatever acts. */
  readonly idempotencyKey: string
  /** Milliseconds since 1970. */
  readonly deadline: number
  readonly clock: Clock
  /** For whom the work is done. */
  readonly principal: Principal
  /** What was planned to flow into an `all` input and did not come: why. */
  readonly missing: readonly { readonly concept: string; readonly reason: string }[]
  /** The names and labels of the inputs. */
  readonly inputs: Readonly<Record<string, DataRef | readonly DataRef[]>>
  /** Asks another agent for a capability (its name, or `name@version`), through the same guard, bidding and placement as any step. Rejects when it is denied or fails. */
  readonly call: (
    capability: string,
    input: Readonly<Record<string, unknown>>,
  ) => Promise<Readonly<Record<string, unknown>>>
  /** Runs the agent's model on the device where this work was placed. */
  readonly infer: (
    model: ModelSpec,
    feeds: Readonly<Record<string, Tensor>>,
  ) => Promise<Readonly<Record<string, Tensor>>>
}

/** Any agent, behind whatever adapter. */
export interface Agent {
  readonly id: string
  readonly kind: AgentKind
  /** Who owns it: its domain's policies rule on its work too. `home` is the operator of this Muster. */
  readonly domain: string
  readonly description: string
  readonly offers: readonly Capability[]
  /** The models that it keeps loaded while it works. */
  readonly models: readonly ModelSpec[]
  bid(context: BidContext, signal: AbortSignal): Promise<Offer> | Offer
  /** Does the work of `capability` (its name). The input is checked before, the output after. */
  perform(capability: string, input: Readonly<Record<string, unknown>>, context: WorkContext): Promise<unknown>
}

type Work<C> =
  C extends Capability<infer Takes, infer Gives>
    ? (input: PortValues<Takes>, context: WorkContext) => Promise<PortValues<Gives>> | PortValues<Gives>
    : never

/** For every offered capability, by name, the function that does it. */
export type Performers<Offers extends readonly Capability[]> = {
  readonly [Name in Offers[number]['name']]: Work<Extract<Offers[number], { readonly name: Name }>>
}
