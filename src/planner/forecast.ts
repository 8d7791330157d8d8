/** What a plan is expected to take, before anything runs: from what is asked and known of each step, and from its shape. */
import { MusterError } from '../core/index.ts'
import { type Catalogue, catalogueOf } from './catalogue.ts'
import { turnsOf } from './loop.ts'
import { inOrder, layersOf } from './order.ts'
import { type Plan, predecessors, type Source, type Step } from './plan.ts'
import type { Estimate, Forecast, Problem, Range } from './problem.ts'
import { type Bounds, coverage, simulate } from './simulate.ts'
import { sparesOf } from './spare.ts'
import { isDone } from './standing.ts'

/**
 * The forecast of `plan`, of which finished steps are no part any more. Most likely every step runs once, a loop for some
 * items, no fallback is needed, and each costs and takes what is expected of it. The bounds are those of many tries, in
 * which conditions do not hold, fallbacks stand in, attempts fail and are repeated (only what succeeds is paid for), and
 * steps take what their ranges say, each by itself. The items of a loop take no more time than one; its cost goes as far
 * as its longest list. The budget ends the cost of the worst. Throws `plan-invalid` when steps wait for each other.
 */
export function forecast(plan: Plan, problem: Problem): Forecast {
  const catalogue = catalogueOf(problem.capabilities)
  const runnable = inOrder(plan.steps)
  if (runnable.length < plan.steps.length) {
    throw new MusterError('plan-invalid', 'steps of the plan wait for each other', { hint: 'verify the plan first' })
  }
  const ordered = runnable.filter(({ id }) => !isDone(problem, id))
  const place = new Map(ordered.map(({ id }, at) => [id, at]))
  const spares = sparesOf(ordered)
  const covered = new Set(ordered.flatMap(({ unless = [] }) => unless))
  const known = ordered.map(step => {
    const expected = expect(step, problem.estimate(step.capability), catalogue, spares.has(step.id))
    return { step, ...expected, missing: covered.has(step.id) ? expected.risk : 0 }
  })
  const placesOf = (ids: readonly string[]) => ids.flatMap(id => place.get(id) ?? [])
  const simulated = simulate(
    known.map(one => ({
      ...one,
      after: placesOf(predecessors(one.step)),
      // What is finished has delivered.
      needs: needs(one.step)
        .filter(group => group.every(id => place.has(id)))
        .map(placesOf),
      unless: placesOf(one.step.unless ?? []),
    })),
  )
  const runsOf = (at: number) => simulated.steps[at]?.runs ?? 1
  const timeline = schedule(ordered, new Map(known.map(({ step, likely }) => [step.id, likely.time])))
  const likelyCost = known.reduce((sum, { likely }) => sum + likely.price, 0)
  const cost = around(likelyCost, simulated.cost)
  return {
    cost: { ...cost, high: Math.max(cost.likely, Math.min(cost.high, problem.budget ?? Infinity)) },
    time: around(timeline.end, simulated.time),
    risk: 1 - known.reduce((success, { risk, spare }, at) => success * (1 - (spare ? 0 : risk * runsOf(at))), 1),
    criticalPath: timeline.criticalPath,
    coverage,
    width: widthOf(ordered),
    steps: known.map(({ step, estimate, price, time, risk, likely }, at) => ({
      step: step.id,
      capability: step.capability,
      cost: around(likely.price, simulated.steps[at]?.cost ?? price),
      time: around(likely.time, simulated.steps[at]?.time ?? time),
      risk,
      runs: runsOf(at),
      begins: timeline.begins.get(step.id) ?? 0,
      slack: timeline.slack.get(step.id) ?? 0,
      asked: estimate.asked ?? { price: estimate.price, time: estimate.time },
    })),
  }
}

/** What is known of one step. `spare`: it is not expected to run. */
function expect(step: Step, estimate: Estimate, catalogue: Catalogue, spare: boolean) {
  const { price, time, reliability, prices, times } = estimate
  const condition = step.when ?? catalogue.entry(step.capability)?.capability.when
  const turns = turnsOf(step)
  const one = prices ?? { low: price, likely: price, high: price }
  return {
    estimate,
    spare,
    // A list may be empty.
    price: step.each ? { low: 0, likely: one.likely * turns, high: one.high * step.each.most } : one,
    time: times ?? { low: time, likely: time, high: time },
    likely: spare ? { price: 0, time: 0 } : { price: one.likely * turns, time: times?.likely ?? time },
    failing: estimate.failing ?? 1 - reliability,
    risk: 1 - reliability ** turns,
    holds: condition === undefined ? 1 : (estimate.holds ?? 0.5),
  }
}

/** For each input that `step` cannot do without, the steps of which one must deliver: a port that collects goes on without. */
function needs({ inputs, when }: Step): readonly (readonly string[])[] {
  const single = [...Object.values(inputs), ...Object.values(when?.over ?? {})]
  return single.flatMap(input => ('from' in input ? stepsBehind(input) : []))
}

function stepsBehind(source: Source): readonly (readonly string[])[] {
  const origins = source.from === 'first' ? source.of : [source]
  const steps = origins.flatMap(origin => (origin.from === 'step' ? [origin.step] : []))
  return steps.length < origins.length ? [] : [steps]
}

// In whole units: nobody is sure of less.
function around(likely: number, { low, high }: Bounds): Range {
  return { low: Math.floor(Math.min(low, likely)), likely, high: Math.ceil(Math.max(high, likely)) }
}

/** How many steps the widest layer has. */
function widthOf(steps: readonly Step[]): number {
  const sizes = new Map<number, number>()
  for (const layer of layersOf(steps).values()) sizes.set(layer, (sizes.get(layer) ?? 0) + 1)
  return Math.max(0, ...sizes.values())
}

interface Timeline {
  readonly begins: ReadonlyMap<string, number>
  readonly slack: ReadonlyMap<string, number>
  readonly end: number
  readonly criticalPath: readonly string[]
}

/** When each of `steps`, given in order, begins and how long it can wait (Kelley and Walker 1959). */
function schedule(steps: readonly Step[], times: ReadonlyMap<string, number>): Timeline {
  const begins = new Map<string, number>()
  const ends = new Map<string, number>()
  const behind = new Map<string, string>()
  for (const step of steps) {
    const last = lastOf(
      predecessors(step).filter(id => ends.has(id)),
      ends,
    )
    if (last !== undefined) behind.set(step.id, last)
    begins.set(step.id, last === undefined ? 0 : (ends.get(last) ?? 0))
    ends.set(step.id, (begins.get(step.id) ?? 0) + (times.get(step.id) ?? 0))
  }
  const ids = steps.map(({ id }) => id)
  const end = Math.max(0, ...ends.values())
  const latest = new Map<string, number>()
  for (const step of steps.toReversed()) {
    const must = (latest.get(step.id) ?? end) - (times.get(step.id) ?? 0)
    for (const before of predecessors(step)) latest.set(before, Math.min(latest.get(before) ?? end, must))
  }
  const criticalPath: string[] = []
  for (let id = lastOf(ids, ends); id !== undefined; id = behind.get(id)) criticalPath.unshift(id)
  const slack = new Map(ids.map(id => [id, Math.max(0, (latest.get(id) ?? end) - (ends.get(id) ?? 0))]))
  return { begins, slack, end, criticalPath }
}

/** The step that ends last; the first of those that end together. */
function lastOf(ids: readonly string[], ends: ReadonlyMap<string, number>): string | undefined {
  return ids.reduce<string | undefined>(
    (last, id) => (last === undefined || (ends.get(id) ?? 0) > (ends.get(last) ?? 0) ? id : last),
    undefined,
  )
}
