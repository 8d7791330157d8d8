/** How well plans are sketched from requests in words. Learns from one file, is judged on another; both as UltraTool has them. */
import { z } from 'zod'
import { learnPlans } from '../src/agents/index.ts'
import { readFlags } from './flags.ts'
import { readJson } from './read-json.ts'
import { round, spreadOf } from './spread.ts'

const link = z.object({ source: z.string(), target: z.string() })
const fileSchema = z.object({
  samples: z.array(
    z.object({
      user_request: z.string(),
      task_steps: z.array(z.string()).default([]),
      task_nodes: z.array(z.object({ task: z.string() })),
      task_links: z.array(link),
    }),
  ),
  graph: z.object({ nodes: z.array(z.object({ id: z.string() })), links: z.array(link) }).optional(),
})
type File = z.output<typeof fileSchema>
type Sample = File['samples'][number]

/** Runs the benchmark; the answer is its document. Throws `bad-input` for flags or files that it does not know. */
export async function taskgraph(flags: readonly string[]): Promise<object> {
  const files = readFlags(flags, ['train', 'test'], '--train FILE --test FILE')
  const train = await readJson(files.train, fileSchema)
  const test = await readJson(files.test, fileSchema)
  const graph = train.graph ?? test.graph
  const links = graph?.links.map(({ source, target }) => ({ from: source, to: target }))
  const started = performance.now()
  const { sketch } = learnPlans(train.samples.map(exampleOf), links)
  const learnt = performance.now()
  const judged = test.samples.map(sample => {
    const asked = performance.now()
    const { capabilities, links } = sketch(sample.user_request)
    const ms = performance.now() - asked
    return { sample, ms, nodes: capabilities, links: links.map(({ from, to }) => keyOf(from, to)) }
  })
  const known = knownNames(graph, train)
  const mean = (of: (one: (typeof judged)[number]) => number) =>
    round(judged.reduce((sum, one) => sum + of(one), 0) / judged.length)
  return {
    train: train.samples.length,
    test: test.samples.length,
    nodeF1: mean(one => f1(one.nodes, nodesOf(one.sample))),
    linkF1: mean(one => f1(one.links, linksOf(one.sample))),
    exact: mean(one => (f1(one.nodes, nodesOf(one.sample)) === 1 && f1(one.links, linksOf(one.sample)) === 1 ? 1 : 0)),
    // The share of sketches with anything that is not in the graph.
    hallucination: mean(one => ([...one.nodes, ...one.links].every(name => known.has(name)) ? 0 : 1)),
    ms: spreadOf(judged.map(one => one.ms)).median,
    msToLearn: round(learnt - started),
  }
}

// A step reads `Step 2 Call file_modify to update the first item`: what names the answer teaches nothing of how people ask.
const naming = /^Step \d+ ?Call \S+ (to )?/

function exampleOf(sample: Sample) {
  const example = { request: sample.user_request, capabilities: nodesOf(sample) }
  const steps = sample.task_steps.map(step => step.replace(naming, ''))
  // Some say more or less than what was done.
  return steps.length === example.capabilities.length ? { ...example, steps } : example
}

function nodesOf(sample: Sample): readonly string[] {
  return sample.task_nodes.map(({ task }) => task)
}

function linksOf(sample: Sample): readonly string[] {
  return sample.task_links.map(({ source, target }) => keyOf(source, target))
}

function knownNames(graph: File['graph'], train: File): ReadonlySet<string> {
  const nodes = graph?.nodes.map(({ id }) => id) ?? train.samples.flatMap(nodesOf)
  const links = graph?.links.map(({ source, target }) => keyOf(source, target)) ?? train.samples.flatMap(linksOf)
  return new Set([...nodes, ...links])
}

function keyOf(from: string, to: string): string {
  return `${from} → ${to}`
}

/** F1 of two sets; 1 when both are empty. */
function f1(found: readonly string[], wanted: readonly string[]): number {
  const [a, b] = [new Set(found), new Set(wanted)]
  return a.size + b.size === 0 ? 1 : (2 * a.intersection(b).size) / (a.size + b.size)
}
