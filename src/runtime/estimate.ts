/** What is expected of agents and capabilities, learned from bids and from what came of them. A process's own memory: losing it costs accuracy. */
import { emptyRecord, holdAuction, recordOutcome, type TrackRecord } from '../agents/index.ts'
import { runId } from '../core/index.ts'
import { sharesOf } from '../intent/index.ts'
import { type Estimate, type Forecast, forecast, type Plan, type Problem } from '../planner/index.ts'
import type { Estimates, Flow, Records } from './hall.ts'

const unknown: Estimate = { price: 0, time: 50, reliability: 0.98 }

/** Remembers the latest round of bids for every capability. */
export function createEstimates(records: Records): Estimates {
  // A step fails when all who bid for it fail. An agent without a record is taken to fail once in fifty times.
  const failure = (agent: string, capability: string) => {
    const { succeeded, failed } = records.of(agent, capability)
    return (1 + failed) / (50 + succeeded + failed)
  }
  const latest = new Map<string, Estimate>()
  return {
    of: capability => latest.get(capability) ?? unknown,
    known: capability => latest.has(capability),
    learn: ({ announcement: { capability }, ranked }) => {
      const best = ranked[0]?.bid
      if (best === undefined) return
      const allFail = ranked.reduce((chance, { bid }) => chance * failure(bid.agent, capability), 1)
      latest.set(capability, { price: best.price, time: best.time, reliability: 1 - allFail })
    },
  }
}

/** Remembers what agents did. */
export function createRecords(): Records {
  const records = new Map<string, TrackRecord>()
  const key = (agent: string, capability: string) => `${agent} ${capability}`
  const of = (agent: string, capability: string) => records.get(key(agent, capability)) ?? emptyRecord
  return {
    of,
    add: (agent, capability, outcome) => {
      records.set(key(agent, capability), recordOutcome(of(agent, capability), outcome))
    },
  }
}

/** How long agents have to say what they would ask, in milliseconds. */
const quoteWindow = 250

/** The parts that asking for quotes needs. */
type Asking = Pick<Flow, 'clock' | 'estimates' | 'ids' | 'load' | 'records' | 'registry'>

/** The forecast of a plan from bids: capabilities nobody has bid for yet are announced without data, once each. */
export async function quotePlan(parts: Asking, plan: Plan, problem: Problem, signal: AbortSignal): Promise<Forecast> {
  const { clock, estimates, ids, load, records, registry } = parts
  const unquoted = new Set(plan.steps.map(({ capability }) => capability).filter(id => !estimates.known(id)))
  const now = clock.now()
  await Promise.all(
    [...unquoted].map(async capability => {
      const round = await holdAuction({
        announcement: {
          id: ids.next('call'),
          run: runId(ids.next('run')),
          step: capability,
          capability,
          inputs: {},
          maxPrice: problem.budget ?? Number.MAX_SAFE_INTEGER,
          closesAt: now + quoteWindow,
          finishBy: now + 3_600_000,
          tradeoff: sharesOf({ cost: 1, latency: 1, quality: 1 }),
        },
        bidders: registry.offering(capability),
        loadOf: agent => load.get(agent) ?? 0,
        recordOf: agent => records.of(agent, capability),
        clock,
        ids,
        signal,
      })
      estimates.learn(round)
    }),
  )
  return forecast(plan, problem)
}
