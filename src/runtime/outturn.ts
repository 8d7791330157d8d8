/** Forecast against actual: what came of each step of a plan that was forecast, and of the whole. A view of a run's state. */
import type { MicroUsd } from '../core/index.ts'
import { predecessors, type Range, type StepForecast } from '../planner/index.ts'
import { itemsOf } from './loop-items.ts'
import type { RunState } from './run.ts'
import type { StepState } from './step-state.ts'

/** How a step ended; `skipped`: there was nothing to do; `kept-back`: a rule, a person or another step stood in the way. */
type StepEnding = 'open' | 'succeeded' | 'failed' | 'skipped' | 'kept-back'

/** What was expected of a step, and what came. */
export interface StepOutturn {
  readonly step: string
  readonly capability: string
  readonly forecast: StepForecast
  readonly end: StepEnding
  readonly charged: MicroUsd
  /** Milliseconds of work, failed attempts included. */
  readonly took: number
  /** Milliseconds of the attempt that succeeded. */
  readonly worked: number
  /** Attempts that failed; not those that ended with their process. */
  readonly failures: number
  /** How many items it ran for, when it is a loop: what is told is of them together, of their time that of the slowest. */
  readonly items: number | undefined
}

/** A number that was forecast, and what came. */
export interface Compared {
  readonly forecast: Range
  readonly actual: number
  readonly within: boolean
}

/** What came of a plan so far, against its forecast. */
export interface Outturn {
  /** Micro-dollars for the steps of the plan; what else the run spent is not in it. */
  readonly cost: Compared
  /** Milliseconds of work along the slowest chain of steps; waiting is not in it. */
  readonly time: Compared
  /** 0 to 1: the chance that was given to some step failing, and the steps that did. */
  readonly risk: { readonly forecast: number; readonly failed: readonly string[] }
  readonly steps: readonly StepOutturn[]
}

/** What came of the steps that were forecast; undefined while there is no plan. */
export function outturnOf(state: RunState): Outturn | undefined {
  const { plan, forecast, steps } = state
  if (plan === undefined || forecast === undefined) return undefined
  const known = [...steps.values()].flatMap(step => stepOutturn(state, step) ?? [])
  const took = new Map(known.map(one => [one.step, one.took]))
  const ends = new Map<string, number>()
  for (const { step } of forecast.steps) {
    const before = plan.steps.find(({ id }) => id === step)
    const begins = Math.max(0, ...(before ? predecessors(before) : []).map(id => ends.get(id) ?? 0))
    ends.set(step, begins + (took.get(step) ?? 0))
  }
  const planned = known.filter(({ step }) => ends.has(step))
  return {
    cost: compare(
      forecast.cost,
      planned.reduce((sum, { charged }) => sum + charged, 0),
    ),
    time: compare(forecast.time, Math.max(0, ...ends.values())),
    risk: { forecast: forecast.risk, failed: planned.flatMap(({ step, end }) => (end === 'failed' ? [step] : [])) },
    steps: known,
  }
}

/** Holds what came against what was forecast. */
export function compare(forecast: Range, actual: number): Compared {
  return { forecast, actual, within: isWithin(forecast, actual) }
}

/** Whether an amount came out as forecast. */
export function isWithin({ low, high }: Range, actual: number): boolean {
  return actual >= low && actual <= high
}

function stepOutturn(state: RunState, { step, status, forecast, lost }: StepState): StepOutturn | undefined {
  if (forecast === undefined) return undefined
  const { id, capability } = step
  const told = { step: id, capability, forecast, end: endingOf(status) }
  if (step.each === undefined) {
    const [charged, worked] = status.kind === 'succeeded' ? [status.charged, status.took] : [0, 0]
    return { ...told, charged, took: lost.time + worked, worked, failures: lost.attempts, items: undefined }
  }
  const items = itemsOf(state, id)
  const done = items.flatMap(item => (item.status.kind === 'succeeded' ? [item.status] : []))
  const took = items.map(item => item.lost.time + (item.status.kind === 'succeeded' ? item.status.took : 0))
  return {
    ...told,
    charged: done.reduce((sum, { charged }) => sum + charged, 0),
    took: Math.max(0, ...took),
    worked: Math.max(0, ...done.map(one => one.took)),
    failures: items.reduce((sum, item) => sum + item.lost.attempts, 0),
    items: items.length,
  }
}

function endingOf(status: StepState['status']): StepEnding {
  if (status.kind === 'succeeded') return 'succeeded'
  if (status.kind !== 'dropped') return 'open'
  switch (status.cause) {
    case 'condition':
      return 'skipped'
    case 'failed':
      return 'failed'
    case 'denied':
    case 'unreachable':
    case 'replaced':
      return 'kept-back'
  }
}
