/** Asking agents what they would ask, before there is any data to show them. */
import { type BidRound, holdAuction, type Tradeoff } from '../agents/index.ts'
import { runId } from '../core/index.ts'
import { sharesOf } from '../intent/index.ts'
import { type Forecast, forecast, type Plan, type Problem } from '../planner/index.ts'
import type { Flow, Hall } from './hall.ts'

/** How long agents have to say it, in milliseconds. */
const quoteWindow = 250

/** The parts that asking for quotes needs. */
type Asking = Pick<Hall, 'clock' | 'estimates' | 'ids' | 'load' | 'records' | 'registry'>

/** What is told of the goal. */
interface Terms {
  /** Micro-dollars. */
  readonly budget: number
  /** Milliseconds in which the work must be done. */
  readonly deadline: number
  readonly tradeoff: Tradeoff
}

/** Announces each of `capabilities` once, without data, and takes note of the bids. */
export async function askQuotes(
  parts: Asking,
  capabilities: Iterable<string>,
  { budget, deadline, tradeoff }: Terms,
  signal: AbortSignal,
): Promise<ReadonlyMap<string, BidRound>> {
  const { clock, estimates, ids, load, records, registry } = parts
  const now = clock.now()
  const ask = async (capability: string) => {
    const announcement = {
      id: ids.next('call'),
      run: runId(ids.next('run')),
      step: capability,
      capability,
      inputs: {},
      maxPrice: budget,
      closesAt: now + quoteWindow,
      finishBy: now + deadline,
      tradeoff: sharesOf(tradeoff),
    }
    const round = await holdAuction({
      announcement,
      bidders: registry.offering(capability),
      loadOf: agent => load.get(agent) ?? 0,
      recordOf: agent => records.of(agent, capability),
      clock,
      ids,
      signal,
    })
    estimates.learn(round)
    return [capability, round] as const
  }
  return new Map(await Promise.all([...new Set(capabilities)].map(ask)))
}

/** The forecast of a run's plan from bids: capabilities that nobody has bid for yet are announced first. */
export async function quotePlan(flow: Flow, plan: Plan, problem: Problem, signal: AbortSignal): Promise<Forecast> {
  const { clock, estimates, journal } = flow
  const { goal, budget, deadline } = journal.state
  const unquoted = plan.steps.map(({ capability }) => capability).filter(id => !estimates.known(id))
  const terms = {
    budget: problem.budget ?? budget,
    deadline: deadline - clock.now(),
    tradeoff: goal?.tradeoff ?? { cost: 1, latency: 1, quality: 1 },
  }
  await askQuotes(flow, unquoted, terms, signal)
  return forecast(plan, problem)
}
