/** Composes a set of services: the first plan, the best one with its proof, and the front of time, throughput and size. */
import { parseArgs } from 'node:util'
import { MusterError, systemClock } from '../src/core/index.ts'
import {
  type Choice,
  findFront,
  type Objective,
  type Plan,
  plan,
  predecessors,
  type Problem,
  verify,
} from '../src/planner/index.ts'
import { readComposition, toComposition } from './composition.ts'
import { generateSet, type Recipe } from './generate.ts'
import { round, spreadOf } from './spread.ts'

const flagsHint =
  '-- compose FILE.json.gz (or --services N --able N --layers N --seed N for a set made here) --objective size|path|response-time|throughput --at-shortest-path --front --budget-ms N'

// Runs of one measurement, fewer when they take long together.
const mostRuns = 21
const enoughMs = 1_000

interface Settings {
  readonly set: string | Recipe
  readonly objective: Objective
  readonly front: boolean
  readonly ms: number
}

/** Runs the benchmark; the answer is its document. Throws `bad-input` for flags or a file that it does not know. */
export async function compose(flags: readonly string[]): Promise<object> {
  const { set, objective, front, ms } = readFlags(flags)
  const { problem, serviceOf } = typeof set === 'string' ? await readComposition(set) : toComposition(generateSet(set))
  // The capabilities are indexed at their first use: a part of loading.
  plan({ ...problem, wanted: [] })
  const patient = (budget: number): Problem => ({
    ...problem,
    objective,
    patience: { clock: systemClock, ms: budget },
  })
  const first = timed(() => plan(patient(0)))
  if (first.answer.kind === 'unsolvable') return { solvable: false, missing: first.answer.missing, ms: first.took }
  const [issue] = verify(first.answer.plan, problem)
  if (issue) throw new MusterError('internal', `the first plan is not valid: ${issue.reason}`)
  const { answer, took } = timed(() => plan(patient(ms)))
  if (answer.kind === 'unsolvable') throw new MusterError('internal', 'a plan was found and then none')
  const layers = layersOf(answer.plan)
  const services = answer.plan.steps.map(({ capability }) => serviceOf(capability))
  return {
    solvable: true,
    services,
    layers: layers.map(layer => layer.map(serviceOf)),
    size: services.length,
    path: layers.length,
    value: answer.proof.value,
    provedOptimal: answer.proof.optimal,
    lowerBound: answer.proof.bound,
    firstPlanMs: first.took,
    firstPlanColdMs: first.cold,
    totalMs: took,
    ...(front ? frontOf(patient(ms), serviceOf) : {}),
  }
}

/** The front of response time, throughput and size. */
function frontOf(problem: Problem, serviceOf: (capability: string) => string): object {
  const { answer, took } = timed(() => findFront(problem))
  const describe = ({ plan: { steps }, ...measures }: Choice) => ({
    ...measures,
    services: steps.map(({ capability }) => serviceOf(capability)),
  })
  return { front: answer.choices.map(describe), frontComplete: answer.complete, frontMs: took }
}

/**
 * Does `work` again and again, as a server would; the last answer, the median of what it took, and what it took at
 * first, when no code was compiled yet.
 */
function timed<Answer>(work: () => Answer) {
  const measured: number[] = []
  const began = performance.now()
  for (;;) {
    const started = performance.now()
    const answer = work()
    measured.push(performance.now() - started)
    if (measured.length === mostRuns || performance.now() - began > enoughMs)
      return { answer, took: spreadOf(measured).median, cold: round(measured[0] ?? 0) }
  }
}

/** The capabilities of a plan by the number of steps that must have ended one after the other before each. */
function layersOf({ steps }: Plan): readonly (readonly string[])[] {
  const depths = new Map<string, number>()
  const layers: string[][] = []
  for (const step of steps) {
    const depth = Math.max(0, ...predecessors(step).map(id => (depths.get(id) ?? 0) + 1))
    depths.set(step.id, depth)
    layers[depth] = [...(layers[depth] ?? []), step.capability]
  }
  return layers
}

function readFlags(flags: readonly string[]): Settings {
  const { values, positionals } = parsed(flags)
  const [set = recipeOf(values), ...more] = positionals
  const ms = Number(values['budget-ms'])
  const within = values['at-shortest-path'] ? ({ within: 'shortest-path' } as const) : {}
  const objective = objectiveOf(values.objective, within)
  if (set !== undefined && more.length === 0 && objective !== undefined && ms >= 0)
    return { set, objective, front: values.front, ms }
  throw new MusterError('bad-input', `the flags \`${flags.join(' ')}\` are not valid`, { hint: `give ${flagsHint}` })
}

/** A tenth of the services are able by default. */
function recipeOf(values: {
  readonly services?: string
  readonly able?: string
  readonly layers: string
  readonly seed: string
}): Recipe | undefined {
  if (values.services === undefined) return undefined
  const [services, layers, seed] = [values.services, values.layers, values.seed].map(Number)
  const able = Number(values.able ?? Math.ceil((services ?? 0) / 10))
  const counts = [services, able, layers, seed]
  if (!counts.every(count => Number.isInteger(count)) || layers === 0) return undefined
  return { services: services ?? 0, able, layers: layers ?? 1, seed: seed ?? 0 }
}

function objectiveOf(best: string, within: { readonly within?: 'shortest-path' }): Objective | undefined {
  if (best === 'size' || best === 'throughput') return { best, ...within }
  // The shortest path of the fastest plans is not asked for: their time counts, not their steps.
  return best === 'path' || (best === 'response-time' && within.within === undefined) ? { best } : undefined
}

function parsed(flags: readonly string[]) {
  try {
    return parseArgs({
      args: [...flags],
      allowPositionals: true,
      options: {
        objective: { type: 'string', default: 'size' },
        'at-shortest-path': { type: 'boolean', default: false },
        front: { type: 'boolean', default: false },
        services: { type: 'string' },
        able: { type: 'string' },
        layers: { type: 'string', default: '8' },
        seed: { type: 'string', default: '1' },
        'budget-ms': { type: 'string', default: '5000' },
      },
    })
  } catch (cause) {
    throw new MusterError('bad-input', cause instanceof Error ? cause.message : String(cause), {
      hint: `give ${flagsHint}`,
      cause,
    })
  }
}
