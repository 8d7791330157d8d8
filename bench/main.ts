/** The benchmarks: `npm run -s bench -- <name> [flags]` prints one JSON document on standard output and nothing else there. */
import { MusterError } from '../src/core/index.ts'

type Benchmark = (flags: readonly string[]) => Promise<object>

const benchmarks: Readonly<Record<string, () => Promise<Benchmark>>> = {
  compose: async () => (await import('./compose.ts')).compose,
  repair: async () => (await import('./repair.ts')).repair,
  solve: async () => (await import('./solve.ts')).solve,
  steps: async () => (await import('./steps.ts')).steps,
  matching: async () => (await import('./matching.ts')).matching,
  intents: async () => (await import('./intents.ts')).intents,
  taskgraph: async () => (await import('./taskgraph.ts')).taskgraph,
}

const [name = '', ...flags] = process.argv.slice(2)
const load = benchmarks[name]
try {
  if (load === undefined) {
    throw new MusterError('bad-input', `there is no benchmark \`${name}\``, {
      hint: `give one of ${Object.keys(benchmarks).join(', ')}, such as \`npm run -s bench -- steps --shape chain\``,
    })
  }
  const benchmark = await load()
  console.log(JSON.stringify(await benchmark(flags), undefined, 2))
} catch (error) {
  const misused = !(error instanceof MusterError) || error.code !== 'bad-input'
  console.error(error instanceof MusterError ? `${error.message}\n${error.hint ?? ''}` : error)
  process.exitCode = misused ? 1 : 2
}
