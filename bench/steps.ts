/**
 * What the whole funnel costs for a step (bids of three agents, rulings before and after, placement, holds, budget,
 * journal), beside a bare LangGraph step on the same store with the same durability. Both run in turn, in one process.
 */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { parseArgs } from 'node:util'
import { createMuster, type Muster, MusterError } from 'muster'
import { openSqliteStore } from '../src/store/index.ts'
import { bareGraph } from './langgraph.ts'
import { dominators } from './profile.ts'
import { round, type Spread, spreadOf } from './spread.ts'
import { biddersFor, chain, fan, policies, type Workload } from './workloads.ts'

const flagsHint = '--shape chain|fan|workflow --n N --durability full|normal --runs R'

/** The steps of a workflow, and how many workflows are in flight. */
const workflow = { steps: 3, inFlight: 16 } as const

interface Settings {
  readonly shape: 'chain' | 'fan' | 'workflow'
  /** Steps of the plan, or workflows. */
  readonly n: number
  readonly durability: 'full' | 'normal'
  readonly runs: number
}

/** Runs the benchmark; the answer is its document. Throws `bad-input` for flags that it does not know. */
export async function steps(flags: readonly string[]): Promise<object> {
  const settings = readFlags(flags)
  const { shape, n, durability, runs } = settings
  const data = await mkdtemp(path.join(tmpdir(), 'muster-bench-'))
  try {
    await using sides = await openSides(settings, data)
    await sides.funnel()
    await sides.langgraph()
    const measured: { funnel: number; langgraph: number }[] = []
    for (let run = 0; run < runs; run++) {
      measured.push({ funnel: await timed(sides.funnel), langgraph: await timed(sides.langgraph) })
    }
    const dominatedBy = await dominators(sides.funnel)
    const ms = (of: 'funnel' | 'langgraph', divisor: number) => spreadOf(measured.map(one => one[of] / divisor))
    const perStep = { funnel: ms('funnel', sides.steps), langgraph: ms('langgraph', sides.steps) }
    const rate = (of: 'funnel' | 'langgraph'): Spread => spreadOf(measured.map(one => (1000 * n) / one[of]))
    return {
      shape,
      n,
      durability,
      runs,
      funnel: { msPerStep: perStep.funnel },
      langgraph: { msPerStep: perStep.langgraph },
      // Of each pair, since neighbours on the machine disturb both alike.
      ratio: spreadOf(measured.map(one => one.funnel / one.langgraph)).median,
      ...(shape === 'workflow' ? { workflowsPerSecond: { funnel: rate('funnel'), langgraph: rate('langgraph') } } : {}),
      dominatedBy,
    }
  } finally {
    await rm(data, { recursive: true })
  }
}

function readFlags(flags: readonly string[]): Settings {
  const { values } = parsed(flags)
  const { shape, durability } = values
  const n = Number(values.n)
  const runs = Number(values.runs)
  if (
    (shape === 'chain' || shape === 'fan' || shape === 'workflow') &&
    (durability === 'full' || durability === 'normal') &&
    [n, runs].every(number => Number.isInteger(number) && number > 0)
  ) {
    return { shape, n, durability, runs }
  }
  throw new MusterError('bad-input', `the flags \`${flags.join(' ')}\` are not valid`, { hint: `give ${flagsHint}` })
}

function parsed(flags: readonly string[]) {
  try {
    return parseArgs({
      args: [...flags],
      options: {
        shape: { type: 'string', default: 'chain' },
        n: { type: 'string', default: '100' },
        durability: { type: 'string', default: 'full' },
        runs: { type: 'string', default: '10' },
      },
    })
  } catch (cause) {
    throw new MusterError('bad-input', cause instanceof Error ? cause.message : String(cause), {
      hint: `give ${flagsHint}`,
      cause,
    })
  }
}

interface Sides extends AsyncDisposable {
  /** Steps that each side does in one run. */
  readonly steps: number
  readonly funnel: () => Promise<void>
  readonly langgraph: () => Promise<void>
}

async function openSides({ shape, n, durability }: Settings, data: string): Promise<Sides> {
  await using stack = new AsyncDisposableStack()
  const workload = shape === 'chain' ? chain(n) : shape === 'fan' ? fan(n) : chain(workflow.steps)
  const muster = stack.use(
    await createMuster({ agents: biddersFor(workload.capabilities), policies, data, durability }),
  )
  await checkPlan(muster, workload)
  const store = stack.use(await openSqliteStore({ file: path.join(data, 'langgraph.db'), durability }))
  let threads = 0
  const graph =
    shape === 'workflow'
      ? bareGraph('chain', workflow.steps, store, durability)
      : bareGraph(shape, n, store, durability)
  const perform = () => pursueGoal(muster, workload)
  const invoke = () => graph(`thread-${(threads += 1)}`)
  const owned = stack.move()
  return {
    steps: shape === 'workflow' ? n * workflow.steps : workload.steps,
    funnel: shape === 'workflow' ? () => inFlight(n, perform) : perform,
    langgraph: shape === 'workflow' ? () => inFlight(n, invoke) : invoke,
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  }
}

async function pursueGoal(muster: Muster, { goal }: Workload): Promise<void> {
  const run = await muster.declare({ goal })
  const { status, reason } = await run.result
  if (status !== 'succeeded') throw new MusterError('internal', `the benchmark's goal was not reached: ${reason}`)
}

/** Makes sure that the planner makes of the goal what is measured. */
async function checkPlan(muster: Muster, { goal, steps }: Workload): Promise<void> {
  const { plan } = await muster.plan({ goal })
  if (plan.steps.length === steps) return
  throw new MusterError('internal', `the benchmark's plan has ${plan.steps.length} steps instead of ${steps}`)
}

/** Does `work` so many times, as many at once as may be in flight. */
async function inFlight(times: number, work: () => Promise<void>): Promise<void> {
  let left = times
  const lane = async () => {
    while (left > 0) {
      left -= 1
      await work()
    }
  }
  await Promise.all(Array.from({ length: workflow.inFlight }, lane))
}

async function timed(work: () => Promise<void>): Promise<number> {
  const started = performance.now()
  await work()
  return round(performance.now() - started)
}
