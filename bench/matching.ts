/** How often the capabilities that a request needs are among the first that the matcher finds. Reads tools and requests as Seal-Tools has them. */
import { z } from 'zod'
import { createMatcher } from '../src/agents/index.ts'
import { type Concept, concept } from '../src/core/index.ts'
import { readFlags } from './flags.ts'
import { readJson } from './read-json.ts'
import { round } from './spread.ts'

const ports = z.record(z.string(), z.object({ description: z.string().optional() }))
const toolsSchema = z.array(
  z.object({
    api_name: z.string(),
    api_description: z.string(),
    field: z.string().default(''),
    parameters: ports.default({}),
    responses: ports.default({}),
  }),
)
const requestsSchema = z.array(z.object({ query: z.string(), calling: z.array(z.object({ api: z.string() })) }))
type Tool = z.output<typeof toolsSchema>[number]

/** Runs the benchmark; the answer is its document. Throws `bad-input` for flags or files that it does not know. */
export async function matching(flags: readonly string[]): Promise<object> {
  const files = readFlags(flags, ['tools', 'requests'], '--tools FILE --requests FILE')
  const tools = await readJson(files.tools, toolsSchema)
  const requests = await readJson(files.requests, requestsSchema)
  const built = performance.now()
  const matcher = createMatcher(tools.map(capabilityOf))
  const started = performance.now()
  const found = requests.map(({ query, calling }) => ({
    wanted: new Set(calling.map(call => call.api)),
    names: matcher.match(query, { limit: 20 }).map(match => match.capability.name),
  }))
  const ms = performance.now() - started
  const wanted = found.reduce((sum, { wanted }) => sum + wanted.size, 0)
  const hits = (one: (typeof found)[number], limit: number) =>
    one.names.slice(0, limit).filter(name => one.wanted.has(name)).length
  const recall = (limit: number) => round(found.reduce((sum, one) => sum + hits(one, limit), 0) / wanted)
  return {
    requests: requests.length,
    tools: tools.length,
    recallAt5: recall(5),
    recallAt10: recall(10),
    recallAt20: recall(20),
    completeAt10: round(found.filter(one => hits(one, 10) === one.wanted.size).length / found.length),
    msPerQuery: round(ms / requests.length),
    msToIndex: round(started - built),
  }
}

function capabilityOf(tool: Tool) {
  return {
    name: tool.api_name,
    version: 1,
    description: `${tool.api_description} (${tool.field})`,
    takes: conceptsOf(tool.parameters),
    gives: conceptsOf(tool.responses),
  }
}

function conceptsOf(described: Tool['parameters']): Readonly<Record<string, Concept>> {
  return Object.fromEntries(
    Object.entries(described).map(([name, { description = '' }]) => [
      name,
      concept(conceptName(name), z.unknown(), { description }),
    ]),
  )
}

function conceptName(parameter: string): string {
  const words = parameter.split(/[^A-Za-z0-9]+/).filter(word => word !== '')
  const name = words.map(word => word.slice(0, 1).toUpperCase() + word.slice(1)).join('')
  return `${/^[A-Z]/.test(name) ? '' : 'X'}${name}`.slice(0, 80)
}
