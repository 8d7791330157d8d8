/** Text to goal from what agents say of themselves: no model, no list of intents. */
import { type Agent, type Capability, defineCapability, describeIntents, type Tradeoff } from '../agents/index.ts'
import { type Concept, isKindOf, MusterError, type Principal } from '../core/index.ts'
import { intentAgent, type Utterances } from './intent-agent.ts'
import { defineInterpreter, type Intent, type Interpreter } from './interpreter.ts'
import { Reading } from './reading.ts'

/**
 * Makes an interpreter, and the agent `id` that reads for it, from the agents there are. Every concept in `wanted` (default: all that
 * the agents give) can be asked for, in the words of its name and description and of the capabilities that give it. `examples` are
 * ways to ask by name of a concept: where there are any, all that is said is learnt, with `outside` as what means none; otherwise
 * texts are compared by words, and a text of which too little is said anywhere is outside. The rest is as in `defineInterpreter`.
 * Throws `bad-config` when nothing can be wanted, or an example is of something else.
 */
export function createInterpreter(definition: {
  id: string
  /** What the text is given as. */
  text: Concept
  agents: readonly Agent[]
  wanted?: readonly Concept[]
  examples?: Utterances
  outside?: readonly string[]
  always?: readonly Concept[]
  covers?: string
  sure?: number
  possible?: number
  given?: (principal: Principal) => Readonly<Record<string, unknown>>
  limits?: { deadline?: string; budget?: { usd: number } }
  tradeoff?: Tradeoff
}): { readonly interpreter: Interpreter; readonly agent: Agent } {
  const { id, text, examples = {}, outside, always = [], ...terms } = definition
  const capabilities = definition.agents.flatMap(agent => agent.offers)
  const wanted = wantable(definition.wanted ?? givenBy(capabilities), always)
  const stranger = Object.keys(examples).find(name => !wanted.has(name))
  if (wanted.size === 0 || stranger !== undefined)
    throw new MusterError(
      'bad-config',
      stranger === undefined
        ? 'nothing can be wanted'
        : `there are examples of \`${stranger}\`, which cannot be wanted`,
      {
        hint: `name examples after what is wanted: ${[...wanted.keys()].join(', ') || 'a concept that an agent gives'}`,
      },
    )
  const said = Object.fromEntries(
    [...wanted.values()].map(concept => [
      concept.name,
      [...descriptionsOf(concept, capabilities), ...(examples[concept.name] ?? [])],
    ]),
  )
  const capability = defineCapability({
    name: `${id}.read`,
    takes: { text },
    gives: { reading: Reading },
    effect: 'pure',
    description: 'tells what a text asks for',
  })
  const intents = Object.fromEntries(
    [...wanted.values()].map((concept): [string, Intent] => [
      concept.name,
      { wants: [concept], says: saysOf(concept) },
    ]),
  )
  const learns = Object.keys(examples).length > 0
  return {
    interpreter: defineInterpreter({ ...terms, capability, intents, always, covers: terms.covers ?? listOf(intents) }),
    agent: intentAgent({
      id,
      capability,
      ...(learns ? { examples: said } : { model: describeIntents(said) }),
      ...(outside === undefined ? {} : { outside }),
    }),
  }
}

function givenBy(capabilities: readonly Capability[]): readonly Concept[] {
  return capabilities.flatMap(({ gives }) => Object.values(gives))
}

/** By name, in order of name: without what is wanted anyway, and readings. */
function wantable(concepts: readonly Concept[], always: readonly Concept[]): ReadonlyMap<string, Concept> {
  const anyway = new Set(always.map(concept => concept.name))
  return new Map(
    concepts
      .filter(concept => !anyway.has(concept.name) && !isKindOf(concept, Reading))
      .map(concept => [concept.name, concept] as const)
      .sort(([a], [b]) => (a < b ? -1 : 1)),
  )
}

function descriptionsOf(concept: Concept, capabilities: readonly Capability[]): readonly string[] {
  const givers = capabilities.filter(({ gives }) => Object.values(gives).some(given => isKindOf(given, concept)))
  return [
    `${concept.name} ${concept.description ?? ''}`,
    ...givers.map(({ name, description }) => `${name.replaceAll(/[.-]/g, ' ')} ${description}`),
  ]
}

/** As a choice in a question: its description, or its name in words. */
function saysOf({ name, description }: Concept): string {
  return description ?? name.replaceAll(/(?<=[a-z0-9])(?=[A-Z])/g, ' ').toLowerCase()
}

function listOf(intents: Readonly<Record<string, Intent>>): string {
  const said = Object.values(intents).map(({ says }) => says)
  return said.length < 2 ? said.join('') : `${said.slice(0, -1).join(', ')} and ${said.at(-1)}`
}
