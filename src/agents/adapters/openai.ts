/**
 * Language models behind the OpenAI chat completions API: OpenAI itself, and everything that speaks like it.
 * The client never repeats a request: whether to try again, and on which agent, is decided by the run.
 */
import OpenAI, { APIConnectionError, APIError } from 'openai'
import type { ChatCompletionCreateParamsNonStreaming, ChatCompletionMessageParam } from 'openai/resources'
import { z } from 'zod'
import {
  type Generated,
  type Generation,
  type LanguageModel,
  type Message,
  MusterError,
  type ToolCall,
} from '../../core/index.ts'
import type { Agent } from '../agent.ts'
import { languageModelAgent, type LanguageModelAgentDefinition } from './language-model-agent.ts'
import { strictSchema } from './strict-schema.ts'

/** Which model, where, and with which key. */
interface OpenaiSettings {
  /** Such as `gpt-5.2-mini`. */
  readonly model: string
  /** Default: the environment's `OPENAI_BASE_URL`, else OpenAI itself. */
  readonly baseURL?: string
  /** Default: the environment's `OPENAI_API_KEY`. A server of your own may need none. */
  readonly apiKey?: string
}

/** A model behind the OpenAI API. Throws `bad-config` without a key, unless `baseURL` names a server of your own. */
export function openaiModel(settings: OpenaiSettings): LanguageModel {
  const { model, baseURL } = settings
  // A variable that is set to nothing is as good as none.
  const apiKey = settings.apiKey || process.env['OPENAI_API_KEY'] || undefined
  if (apiKey === undefined && baseURL === undefined) {
    throw new MusterError('bad-config', `there is no key for model \`${model}\``, {
      hint: 'set OPENAI_API_KEY, or pass `apiKey`',
    })
  }
  const client = new OpenAI({
    apiKey: apiKey ?? 'none',
    ...(baseURL === undefined ? {} : { baseURL }),
    maxRetries: 0,
    logLevel: 'off',
  })
  return {
    id: model,
    async generate(generation, signal) {
      const completion = await client.chat.completions
        .create(requestOf(model, generation), { signal })
        .catch((thrown: unknown) => {
          signal.throwIfAborted()
          throw new MusterError('model-failed', `model \`${model}\` ${whyFailed(thrown, apiKey)}`, {
            hint: 'check the key, the address and the limits of the model',
          })
        })
      return readCompletion(model, completion, generation)
    },
  }
}

/** A language-model agent whose model may be named alone: `model: 'gpt-5.2-mini'` stands for `openaiModel({ model })`. */
export function openaiAgent(
  definition: Omit<LanguageModelAgentDefinition, 'model'> & { readonly model: string | LanguageModel },
): Agent {
  const { model } = definition
  return languageModelAgent({ ...definition, model: typeof model === 'string' ? openaiModel({ model }) : model })
}

function requestOf(model: string, generation: Generation): ChatCompletionCreateParamsNonStreaming {
  const { messages, tools = [], format, maxTokens } = generation
  const strict = format && strictSchema(format.schema)
  return {
    model,
    messages: messages.map(messageParam),
    ...(maxTokens === undefined ? {} : { max_completion_tokens: maxTokens }),
    ...(tools.length === 0
      ? {}
      : {
          tools: tools.map(({ name, description, parameters }) => ({
            type: 'function',
            function: { name: wireName(name), description, parameters },
          })),
        }),
    ...(format === undefined
      ? {}
      : {
          response_format: {
            type: 'json_schema',
            json_schema: {
              name: wireName(format.name),
              schema: strict ?? format.schema,
              strict: strict !== undefined,
            },
          },
        }),
  }
}

function messageParam(message: Message): ChatCompletionMessageParam {
  if (message.role === 'tool') return { role: 'tool', tool_call_id: message.toolCallId, content: message.content }
  if (message.role !== 'assistant') return { role: message.role, content: message.content }
  const calls = message.toolCalls.map(({ id, name, arguments: given }) => ({
    id,
    type: 'function' as const,
    function: { name: wireName(name), arguments: typeof given === 'string' ? given : JSON.stringify(given) },
  }))
  return { role: 'assistant', content: message.content, ...(calls.length === 0 ? {} : { tool_calls: calls }) }
}

// The API knows no dots in names. Names of capabilities have no underscores, so none is taken for another.
function wireName(name: string): string {
  return name.replaceAll('.', '_')
}

const completionSchema = z.object({
  choices: z
    .array(
      z.object({
        finish_reason: z.string().nullish(),
        message: z.object({
          content: z.string().nullish(),
          refusal: z.string().nullish(),
          tool_calls: z
            .array(z.object({ id: z.string(), function: z.object({ name: z.string(), arguments: z.string() }) }))
            .nullish(),
        }),
      }),
    )
    .min(1),
  usage: z.object({ prompt_tokens: z.number(), completion_tokens: z.number() }).nullish(),
})

function readCompletion(model: string, completion: unknown, { tools = [] }: Generation): Generated {
  const read = completionSchema.safeParse(completion)
  const choice = read.data?.choices[0]
  const fail = (why: string, hint: string) => new MusterError('model-failed', `model \`${model}\` ${why}`, { hint })
  if (choice === undefined) throw fail('did not answer with a chat completion', 'check the address of the model')
  const { content, refusal, tool_calls: calls } = choice.message
  if (refusal) throw fail(`refused: ${refusal.slice(0, 300)}`, 'change the instructions or use another model')
  if (choice.finish_reason === 'length') throw fail('ran out of tokens', 'allow it more, or ask for a shorter answer')
  if (choice.finish_reason === 'content_filter') throw fail('was stopped by its content filter', 'use another model')
  const names = new Map(tools.map(({ name }) => [wireName(name), name]))
  const toolCalls = (calls ?? []).map(({ id, function: called }): ToolCall => {
    return { id, name: names.get(called.name) ?? called.name, arguments: readArguments(called.arguments) }
  })
  const usage = read.data?.usage
  return {
    content: content ?? '',
    toolCalls,
    usage: { inputTokens: usage?.prompt_tokens ?? 0, outputTokens: usage?.completion_tokens ?? 0 },
  }
}

// Arguments that are no JSON stay text: whoever reads them finds that they do not fit, and says so to the model.
function readArguments(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return text
  }
}

// A server may quote the key in its message, whole or in part, so a refused key is told in our own words only.
function whyFailed(thrown: unknown, apiKey: string | undefined): string {
  if (thrown instanceof APIConnectionError) return 'cannot be reached'
  if (!(thrown instanceof APIError)) return 'did not answer with a chat completion'
  if (thrown.status === 401 || thrown.status === 403)
    return `answered with status ${thrown.status}: the key was refused`
  const message = apiKey ? thrown.message.replaceAll(apiKey, '…') : thrown.message
  return `failed: ${message.slice(0, 300)}`
}
