/** The port behind which every language model stands. One adapter implements it over the `openai` package. */

/** One turn of a conversation. */
export type Message =
  | { readonly role: 'system' | 'user'; readonly content: string }
  | { readonly role: 'assistant'; readonly content: string; readonly toolCalls: readonly ToolCall[] }
  | { readonly role: 'tool'; readonly toolCallId: string; readonly content: string }

/** A call that the model wants made; `arguments` is unchecked JSON from the model. */
export interface ToolCall {
  readonly id: string
  readonly name: string
  readonly arguments: unknown
}

/** A tool as the model sees it. */
export interface Tool {
  readonly name: string
  readonly description: string
  /** JSON Schema of its arguments. */
  readonly parameters: Record<string, unknown>
}

/** What the model is asked. `format` demands an answer that is JSON of that schema. */
export interface Generation {
  readonly messages: readonly Message[]
  readonly tools?: readonly Tool[]
  readonly format?: { readonly name: string; readonly schema: Record<string, unknown> }
  /** Most tokens of the answer. */
  readonly maxTokens?: number
}

/** What the model answered, and what it cost. */
export interface Generated {
  readonly content: string
  readonly toolCalls: readonly ToolCall[]
  readonly usage: { readonly inputTokens: number; readonly outputTokens: number }
}

/** A language model. Rejects with `model-failed` when it cannot answer. */
export interface LanguageModel {
  /** Such as `gpt-5.2-mini`. */
  readonly id: string
  generate(generation: Generation, signal: AbortSignal): Promise<Generated>
}
