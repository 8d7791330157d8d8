/**
 * Agents whose work is done by a language model: a LangGraph graph that asks the model, makes the calls it wants, asks
 * again, and checks what it answers.
 *
 * 1. A tool is a capability, and its call goes through `context.call`: guarded, hired and placed like any step.
 * 2. Calls are made one after another, in the order in which the model wants them, so that work that begins again makes
 *    the same calls.
 * 3. The model is asked at most `rounds` times, and once more when its answer does not fit.
 */
import { Annotation, END, START, StateGraph } from '@langchain/langgraph'
import {
  type ErrorCode,
  type LanguageModel,
  type Message,
  MusterError,
  type Tool,
  type ToolCall,
} from '../../core/index.ts'
import type { Agent, WorkContext } from '../agent.ts'
import { type Capability, capabilityId } from '../capability.ts'
import { introduce, type Introduction, standingBid, type StandingTerms } from '../introduction.ts'
import { checkOutput, isRecord } from '../work.ts'
import { portsSchema } from './port-schema.ts'
import { openingMessages, repairMessage, toolMessage } from './prompt.ts'
import { talkAt, writtenPart } from './talk.ts'

/** A language-model agent as it is declared. */
export interface LanguageModelAgentDefinition extends Introduction, StandingTerms {
  readonly model: LanguageModel
  /** How it should go about its work; the task, the inputs and the shape of the answer are told to it anyway. */
  readonly instructions: string
  /** What it may call while it works. */
  readonly tools?: readonly Capability[]
  /** How often the model is asked at most before it must answer; default 8. */
  readonly rounds?: number
}

/**
 * Declares an agent that works by asking a language model. Its terms stand for every role (default: no price, 5 s, sure to
 * 0.8). Throws `bad-config` on a malformed definition, also when a concept has no JSON Schema. Its work rejects with
 * `model-failed` when the model cannot answer and with `bad-output` when its answer does not fit, even once corrected.
 */
export function languageModelAgent(definition: LanguageModelAgentDefinition): Agent {
  const { id, model, rounds = 8, price, time = '5s', confidence = 0.8 } = definition
  for (const offered of definition.offers) portsSchema(writtenPart(offered).gives)
  const tools = (definition.tools ?? []).map(capability => ({
    capability,
    name: capability.name,
    description: capability.description,
    parameters: portsSchema(capability.takes),
  }))
  return {
    ...introduce(definition),
    kind: 'language-model',
    models: [],
    bid: standingBid(id, { ...(price === undefined ? {} : { price }), time, confidence }),
    async perform(name, input, context) {
      const capability = definition.offers.find(offered => offered.name === name)
      if (capability === undefined) throw new MusterError('not-found', `agent \`${id}\` does not offer \`${name}\``)
      const graph = workGraph({ id, model, tools, rounds, capability }, context)
      const messages = openingMessages(definition.instructions, writtenPart(capability), input, context.missing)
      const { answer } = await graph.invoke({ messages }, { signal: context.signal, recursionLimit: 2 * rounds + 10 })
      return answer
    },
  }
}

// Characters of an answer that is quoted in a reason.
const longestQuote = 200

interface Desk {
  readonly id: string
  readonly model: LanguageModel
  readonly tools: readonly (Tool & { readonly capability: Capability })[]
  readonly rounds: number
  readonly capability: Capability
}

const Work = Annotation.Root({
  messages: Annotation<readonly Message[]>({ reducer: (earlier, more) => [...earlier, ...more], default: () => [] }),
  /** How often the model has been asked. */
  asked: Annotation<number>({ reducer: (_, asked) => asked, default: () => 0 }),
  repaired: Annotation<boolean>({ reducer: (_, repaired) => repaired, default: () => false }),
  answer: Annotation<Readonly<Record<string, unknown>> | undefined>,
})
type WorkState = typeof Work.State

function workGraph({ id, model, tools, rounds, capability }: Desk, context: WorkContext) {
  const format = { name: capability.name, schema: portsSchema(writtenPart(capability).gives) }

  const ask = async ({ messages, asked }: WorkState) => {
    const offered = asked + 1 < rounds && tools.length > 0 ? { tools: tools.map(toolOnly) } : {}
    const { content, toolCalls } = await model.generate({ messages, format, ...offered }, context.signal)
    return { messages: [{ role: 'assistant', content, toolCalls } as const], asked: asked + 1 }
  }
  const callTools = async ({ messages }: WorkState) => {
    const answers: Message[] = []
    for (const call of wantedCalls(messages))
      answers.push(toolMessage(call.id, call.name, await callTool(tools, call, context)))
    return { messages: answers }
  }
  const checkAnswer = async ({ messages, repaired }: WorkState) => {
    try {
      const answer = readAnswer(messages)
      const filled = isRecord(answer) ? { ...answer, ...talkAt(capability.gives, model.id, messages) } : answer
      return { answer: await checkOutput(capability, filled) }
    } catch (thrown) {
      if (repaired || !(thrown instanceof MusterError)) throw thrown
      return { messages: [repairMessage(thrown.message)], repaired: true }
    }
  }
  const afterAsk = ({ messages, asked }: WorkState) => {
    if (wantedCalls(messages).length === 0) return 'check'
    if (asked < rounds) return 'call'
    throw new MusterError('agent-failed', `agent \`${id}\` still wanted tools after ${asked} rounds`, {
      hint: 'allow it more `rounds`, or make its instructions clearer',
    })
  }

  return new StateGraph(Work)
    .addNode('ask', ask)
    .addNode('call', callTools)
    .addNode('check', checkAnswer)
    .addEdge(START, 'ask')
    .addConditionalEdges('ask', afterAsk, ['call', 'check'])
    .addEdge('call', 'ask')
    .addConditionalEdges('check', ({ answer }) => (answer === undefined ? 'ask' : END), ['ask', END])
    .compile()
}

function toolOnly({ name, description, parameters }: Tool): Tool {
  return { name, description, parameters }
}

function wantedCalls(messages: readonly Message[]): readonly ToolCall[] {
  const last = messages.at(-1)
  return last?.role === 'assistant' ? last.toolCalls : []
}

function readAnswer(messages: readonly Message[]): unknown {
  const content = messages.at(-1)?.content ?? ''
  try {
    return JSON.parse(content)
  } catch {
    throw new MusterError('bad-output', `the answer is not JSON: “${content.slice(0, longestQuote)}”`)
  }
}

// What a model can make something of: it may correct its arguments, or go on without. Everything else ends the work.
const tellable: ReadonlySet<ErrorCode> = new Set([
  'bad-input',
  'not-found',
  'forbidden',
  'too-large',
  'over-budget',
  'no-bid',
  'no-placement',
  'agent-failed',
  'agent-silent',
  'bad-output',
  'model-failed',
])

async function callTool(tools: Desk['tools'], call: ToolCall, context: WorkContext): Promise<unknown> {
  const tool = tools.find(({ name }) => name === call.name)
  if (tool === undefined) return { error: `there is no tool \`${call.name}\`` }
  if (!isRecord(call.arguments)) return { error: 'the arguments are not a JSON object' }
  try {
    return await context.call(capabilityId(tool.capability), call.arguments)
  } catch (thrown) {
    context.signal.throwIfAborted()
    if (!(thrown instanceof MusterError) || !tellable.has(thrown.code)) throw thrown
    return { error: thrown.message }
  }
}
