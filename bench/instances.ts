/** Reads files of PDDL instances with their reference plans and the plans that language models wrote for them. */
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { parseArgs } from 'node:util'
import { gunzipSync } from 'node:zlib'
import { z } from 'zod'
import { MusterError } from '../src/core/index.ts'
import { type Domain, ground, type Instance, readDomain, readInstance, type Task } from '../src/planner/index.ts'

const Texts = z.object({
  domain: z.string(),
  instances: z.record(z.string(), z.string()),
  reference: z.record(z.string(), z.array(z.string())).default({}),
  llmPlans: z
    .record(z.string(), z.record(z.string(), z.tuple([z.array(z.string()), z.union([z.number(), z.boolean()])])))
    .default({}),
})

/** The texts of a file: a domain, its instances, reference plans, and recorded plans by source with their verdicts. */
export type Texts = z.infer<typeof Texts>

/** What the flags ask for. */
export interface Request {
  readonly texts: Texts
  /** The folder for the plans, when they are wanted. */
  readonly out: string | undefined
}

/** Reads the flags `FILE.json.gz [--out DIR]` and the file. Throws `bad-input`. */
export async function readRequest(flags: readonly string[]): Promise<Request> {
  const hint = 'give FILE.json.gz [--out DIR]'
  try {
    const { positionals, values } = parseArgs({
      args: [...flags],
      options: { out: { type: 'string' } },
      allowPositionals: true,
    })
    const [file = ''] = positionals
    const bytes = await readFile(file)
    const text = file.endsWith('.gz') ? gunzipSync(bytes) : bytes
    return { texts: Texts.parse(JSON.parse(text.toString())), out: values.out }
  } catch (cause) {
    throw new MusterError('bad-input', cause instanceof Error ? cause.message : String(cause), { hint, cause })
  }
}

/** An instance, read and grounded. */
export interface Prepared {
  readonly name: string
  readonly domain: Domain
  readonly instance: Instance
  readonly task: Task
  readonly reference: readonly string[] | undefined
  /** Milliseconds of reading and grounding. */
  readonly ms: number
}

/** The instances of a file, one after another; the best plan is the shortest, since that is what references are measured by. */
export function* prepare({ domain: domainText, instances, reference }: Texts): Generator<Prepared> {
  const domain = readDomain(domainText)
  for (const [name, text] of Object.entries(instances)) {
    const started = performance.now()
    const instance = readInstance(text, domain)
    const task = ground(domain, instance, 'length')
    yield { name, domain, instance, task, reference: reference[name], ms: performance.now() - started }
  }
}

/** Writes lines of JSON to a file of the folder `out`, when there is one. */
export async function writeLines(out: string | undefined, file: string, lines: readonly object[]): Promise<void> {
  if (out === undefined) return
  await mkdir(out, { recursive: true })
  await writeFile(path.join(out, file), lines.map(line => `${JSON.stringify(line)}\n`).join(''))
}

/** Length of plans against the references that they can be compared with; undefined when there is none. */
export function lengthRatio(
  pairs: readonly { readonly plan: number; readonly reference: number }[],
): number | undefined {
  const sum = (of: 'plan' | 'reference') => pairs.reduce((total, pair) => total + pair[of], 0)
  return pairs.length === 0 ? undefined : Number((sum('plan') / sum('reference')).toFixed(4))
}

/** Median, 95th percentile and maximum. */
export function timesOf(ms: readonly number[]): {
  readonly median: number
  readonly p95: number
  readonly max: number
} {
  const sorted = ms.toSorted((one, two) => one - two)
  const at = (share: number) =>
    Number((sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? 0).toFixed(2))
  return { median: at(0.5), p95: at(0.95), max: at(1) }
}
