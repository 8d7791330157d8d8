/** An agent that reads texts without a language model: by what it learnt from examples, or by what is said of the intents. */
import { type Agent, type Capability, defineAgent, type IntentSource, learnIntents } from '../agents/index.ts'
import { MusterError } from '../core/index.ts'
import { readingPorts } from './interpreter.ts'
import { readParts } from './parts.ts'

/** Ways to ask, by what they mean. */
export type Utterances = Readonly<Record<string, readonly string[]>>

/**
 * Declares an agent that reads texts as intents: `capability` takes one text and gives `Reading`. Give either a `model` (learnt before
 * and loaded, or any other source) or `examples`: ways to ask by intent, five or more of each, and in `outside` texts that mean none of
 * them. Examples are learnt at once, some hundred in a second, and always alike. What is out of scope has no candidates, so that
 * the interpreter says so. Throws `bad-config` when the capability does not read texts or there is nothing to read them by.
 */
export function intentAgent(definition: {
  id: string
  capability: Capability
  examples?: Utterances
  outside?: readonly string[]
  model?: IntentSource
  domain?: string
  description?: string
}): Agent {
  const { id, capability, examples = {}, outside = [], domain, description } = definition
  const ports = readingPorts(capability)
  const source = definition.model ?? learnt(id, examples, outside)
  return defineAgent({
    id,
    offers: [capability],
    perform: {
      [capability.name]: (input: Readonly<Record<string, unknown>>) => ({
        [ports.gives]: readParts(String(input[ports.takes]), source),
      }),
    },
    bid: () => ({ time: '5ms', confidence: 0.9 }),
    ...(domain === undefined ? {} : { domain }),
    ...(description === undefined ? {} : { description }),
  })
}

/** Learns ways to ask; what is in `outside` means none of the intents. */
function learnt(id: string, examples: Utterances, outside: readonly string[]): IntentSource {
  const said = Object.entries(examples).flatMap(([intent, texts]) => texts.map(request => ({ request, intent })))
  if (said.length === 0)
    throw new MusterError('bad-config', `agent \`${id}\` has nothing to read texts by`, {
      hint: 'give `examples`, ways to ask by intent, or a `model`',
    })
  return learnIntents([...said, ...outside.map(request => ({ request, intent: undefined }))])
}
