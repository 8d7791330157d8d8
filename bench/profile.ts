/**
 * What a piece of work spends its time on, by the sampling profiler of V8. A sample belongs to the part whose file is
 * innermost on its stack; what is called from there and is of no part itself (the core, packages, SQLite, WebAssembly)
 * counts for the caller. Nothing in the product is there to be measured.
 */
import { Session } from 'node:inspector/promises'
import type { Profiler } from 'node:inspector'
import { round } from './spread.ts'

/** One part and its share of the time, 0 to 1. */
export interface PartShare {
  readonly part: string
  readonly share: number
}

/** The first that is found in the URL of a file says what part it is of. */
const parts: readonly (readonly [string, string])[] = [
  ['/src/agents/work.ts', 'checks of outputs'],
  ['/src/agents/', 'auction'],
  ['/src/policy/chain.ts', 'journal'],
  ['/src/policy/', 'guard'],
  ['/src/placement/', 'placement'],
  ['/src/nodes/telemetry.ts', 'placement'],
  ['/src/nodes/cgroup.ts', 'placement'],
  ['/src/nodes/', 'node work'],
  ['/src/store/', 'commit'],
  ['/src/runtime/journal.ts', 'journal'],
  ['/src/runtime/run.ts', 'journal'],
  ['/src/runtime/follow.ts', 'followers'],
  ['/src/runtime/checkpointer.ts', 'run graph'],
  ['/src/runtime/run-graph.ts', 'run graph'],
  ['/src/runtime/bind.ts', 'inputs'],
  ['/src/runtime/adopt.ts', 'planning'],
  ['/src/planner/', 'planning'],
  ['/src/intent/', 'planning'],
  ['/src/runtime/', 'funnel'],
  ['/@langchain/', 'run graph'],
]

const engine: ReadonlyMap<string, string> = new Map([
  ['(idle)', 'waiting for the disk'],
  ['(garbage collector)', 'garbage collection'],
  ['(program)', 'the engine itself'],
])

/** Microseconds between two samples. */
const interval = 100

/** Does `work` once under the profiler and says what dominated it, greatest share first. */
export async function dominators(work: () => Promise<unknown>): Promise<readonly PartShare[]> {
  const session = new Session()
  session.connect()
  try {
    await session.post('Profiler.enable')
    await session.post('Profiler.setSamplingInterval', { interval })
    await session.post('Profiler.start')
    await work()
    const { profile } = await session.post('Profiler.stop')
    return sharesOf(profile)
  } finally {
    session.disconnect()
  }
}

function sharesOf({ nodes, samples = [], timeDeltas = [] }: Profiler.Profile): readonly PartShare[] {
  const partOf = new Map<number, string>()
  // Callers stand before what they call.
  for (const { id, callFrame, children = [] } of nodes) {
    const own = partOfFile(callFrame.url) ?? engine.get(callFrame.functionName) ?? partOf.get(id)
    if (own === undefined) continue
    partOf.set(id, own)
    for (const child of children) partOf.set(child, own)
  }
  const time = new Map<string, number>()
  let total = 0
  for (const [index, id] of samples.entries()) {
    // The first one only says how long the profiler took to start.
    if (index === 0) continue
    const part = partOf.get(id) ?? 'other'
    const passed = timeDeltas[index] ?? 0
    time.set(part, (time.get(part) ?? 0) + passed)
    total += passed
  }
  return [...time].map(([part, passed]) => ({ part, share: round(passed / total) })).sort((a, b) => b.share - a.share)
}

function partOfFile(url: string): string | undefined {
  return parts.find(([place]) => url.includes(place))?.[1]
}
