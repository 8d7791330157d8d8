/** The state of one step of a run, and how it begins. */
import { isDeepStrictEqual } from 'node:util'
import type { DataRef, Digest, MicroUsd } from '../core/index.ts'
import type { Forecast, Step, StepForecast } from '../planner/index.ts'
import type { DropCause, Refs, RunEvent } from './event.ts'

/** A job that was handed out and has not ended. */
export interface OpenJob {
  readonly id: string
  readonly attempt: number
  readonly agent: string
  readonly node: string
  readonly price: MicroUsd
  readonly promised: number
  readonly idempotencyKey: Digest
}

/** How far a step is. */
export type StepStatus =
  | { readonly kind: 'pending' }
  | { readonly kind: 'asking'; readonly approvals: readonly string[] }
  | {
      readonly kind: 'assigned'
      readonly job: OpenJob
      /** Milliseconds since 1970. */
      readonly since: number
    }
  | {
      readonly kind: 'succeeded'
      readonly outputs: Readonly<Record<string, DataRef>>
      readonly agent: string
      readonly charged: MicroUsd
      /** Milliseconds of work. */
      readonly took: number
    }
  | { readonly kind: 'dropped'; readonly cause: DropCause; readonly reason: string }

/** A step and what came of it so far. */
export interface StepState {
  readonly step: Step
  readonly parent: string | undefined
  /** The plan that brought it in as it stands; undefined when it is not of a plan. Approvals of it are bound to that one. */
  readonly plan: Digest | undefined
  /** Inputs that stand instead of what the plan's sources say: of a called step, or edited by a person. */
  readonly inputs: Refs
  readonly editedBy: readonly string[]
  readonly status: StepStatus
  readonly attempts: number
  /** What the plan expected of it; undefined when it is not of the plan. */
  readonly forecast: StepForecast | undefined
  /** Attempts that failed, and the milliseconds that they took; not those that ended with their process. */
  readonly lost: { readonly attempts: number; readonly time: number }
  /** Agents that failed at it. */
  readonly failed: readonly string[]
  /** Outputs of work that is done and waits to be let out. */
  readonly worked:
    | {
        readonly agent: string
        readonly price: MicroUsd
        readonly outputs: Readonly<Record<string, DataRef>>
        readonly took: number
      }
    | undefined
  /** The agent that must do the next attempt, because only it honours the key of an attempt whose outcome is unknown. */
  readonly bound: string | undefined
  /** Whether some attempt at it may have done something. */
  readonly touched: boolean
  /** The number of the event with which it ended. */
  readonly ended: number | undefined
}

/** A step of which nothing has come yet. */
export function newStep(
  step: Step,
  parent: string | undefined,
  plan: Digest | undefined,
  inputs: Refs,
  forecast?: StepForecast,
): StepState {
  return {
    step,
    parent,
    plan,
    inputs,
    editedBy: [],
    status: { kind: 'pending' },
    attempts: 0,
    forecast,
    lost: { attempts: 0, time: 0 },
    failed: [],
    worked: undefined,
    bound: undefined,
    touched: false,
    ended: undefined,
  }
}

/** What the forecast of an adopted plan says of a step. */
export function expected({ forecast }: { readonly forecast: Forecast }, { id }: Step): StepForecast | undefined {
  return forecast.steps.find(({ step }) => step === id)
}

/** A step of a plan that is adopted: one that stands as it was keeps what came of it, one that is changed begins again. */
export function adoptStep(
  step: Step,
  plan: Digest,
  forecast: StepForecast | undefined,
  before: StepState | undefined,
): StepState {
  if (before === undefined) return newStep(step, undefined, plan, {}, forecast)
  const known = { ...before, forecast: forecast ?? before.forecast }
  if (isDeepStrictEqual(before.step, step)) return known
  return { ...known, step, plan, status: { kind: 'pending' }, worked: undefined }
}

/** How a step stands that has succeeded. */
export function succeededBy({
  outputs,
  agent,
  charged,
  took,
}: Extract<RunEvent, { type: 'step.succeeded' }>): StepStatus {
  return { kind: 'succeeded', outputs, agent, charged, took }
}
