/**
 * Everything that can happen in a run. These events are the only truth: state, event streams, approvals, `why` and audit
 * are views of them. Values never stand in events, only their names; the journal adds number, time and chain.
 */
import type { BidRound } from '../agents/index.ts'
import type { DataRef, Digest, MicroUsd, Principal, Problem } from '../core/index.ts'
import type { Goal } from '../intent/index.ts'
import type { Placement } from '../placement/index.ts'
import type { Difference, Forecast, Plan, PlanIssue, Step, StepReason } from '../planner/index.ts'
import type { Approval, Ruling } from '../policy/index.ts'

/** Data by name, as it stands in events. */
export type Refs = Readonly<Record<string, DataRef | readonly DataRef[]>>

/** A goal in the journal: what was given lies beside it, as data. */
export type RecordedGoal = Omit<Goal, 'given'>

/** A question to the one who declared the goal. */
export interface Question {
  readonly id: string
  readonly text: string
  readonly choices: readonly { readonly id: string; readonly says: string }[]
}

/**
 * Why a step will not deliver: its condition was false, a rule or a person said no, it failed, what it needs will not come,
 * or a revision of the plan does without it.
 */
export type DropCause = 'condition' | 'denied' | 'failed' | 'unreachable' | 'replaced'

/** Why a plan took the place of another, and what has changed. */
export interface Revision {
  readonly because: string
  readonly difference: Difference
  /** Whether the ruling on the plan before still stands, or the revision is ruled on anew, and why. */
  readonly review: { readonly kind: 'stands' | 'anew'; readonly because: string }
}

/** How a run ended. `denied`: a rule or a person stood in the way; `outside`: the goal is not what is covered here. */
export type Outcome = 'succeeded' | 'denied' | 'failed' | 'cancelled' | 'outside'

/** What comes after a failed attempt. */
export type Move =
  /** Again; `same`: only by the same agent, because only it honours the key of an attempt that may have acted. */
  | { readonly kind: 'retry'; readonly same: boolean; readonly reason: string }
  | { readonly kind: 'elsewhere'; readonly reason: string }
  | { readonly kind: 'ask'; readonly reason: string }
  | { readonly kind: 'give-up'; readonly reason: string }

/** How a plan came about. */
export type PlanOrigin =
  /** `because`: why no draft was taken, where somebody drafts plans. */
  | { readonly kind: 'composed'; readonly because?: string }
  | {
      readonly kind: 'drafted'
      /** The step that drafted it. */
      readonly step: string
      /** Which draft it was, from 1. */
      readonly round: number
      /** What was wrong with that draft. */
      readonly issues: readonly PlanIssue[]
      /** What was changed in it, in words. */
      readonly changes: readonly string[]
    }

/** What happened. */
export type RunEventBody =
  | {
      readonly type: 'goal.declared'
      readonly principal: Principal
      /** Words to be interpreted, or a goal that says everything. */
      readonly declared:
        | { readonly kind: 'text'; readonly text: DataRef }
        | { readonly kind: 'goal'; readonly goal: RecordedGoal }
      readonly given: Readonly<Record<string, DataRef>>
      /** Milliseconds since 1970. */
      readonly deadline: number
      readonly budget: MicroUsd
      /** Only read the text and say what it would want; do nothing for it. */
      readonly dryRun: boolean
    }
  | { readonly type: 'run.claimed'; readonly owner: string; readonly fence: number }
  | {
      readonly type: 'goal.interpreted'
      readonly goal: RecordedGoal
      readonly given: Readonly<Record<string, DataRef>>
      readonly understood: readonly { readonly text: string; readonly intent: string; readonly confidence: number }[]
      readonly outside: readonly string[]
      readonly deadline: number
      readonly budget: MicroUsd
    }
  | { readonly type: 'question.asked'; readonly question: Question; readonly expiresAt: number }
  | { readonly type: 'question.answered'; readonly question: string; readonly choice: string; readonly by: string }
  | {
      readonly type: 'plan.adopted'
      readonly plan: Plan
      readonly revision: number
      /** Absent for a revision. */
      readonly origin?: PlanOrigin
      readonly forecast: Forecast
      readonly why: readonly StepReason[]
      /** Absent for the first plan of a run. */
      readonly revised?: Revision
    }
  /** The plan was looked at again, and what is left of it goes on as it is. */
  | { readonly type: 'plan.kept'; readonly reason: string }
  /** What is left of the plan may not be had within the limits: it is looked at again before anything more begins. */
  | { readonly type: 'plan.doubted'; readonly reason: string }
  | { readonly type: 'plan.ruled'; readonly ruling: Ruling }
  /** A step that is not of the plan: the reading of a text, the drafting of a plan, or a call that an agent makes inside its step. */
  | { readonly type: 'step.called'; readonly step: Step; readonly parent: string | undefined; readonly inputs: Refs }
  | { readonly type: 'step.ruled'; readonly step: string; readonly agent: string | undefined; readonly ruling: Ruling }
  | {
      readonly type: 'step.assigned'
      readonly step: string
      readonly attempt: number
      readonly job: string
      readonly agent: string
      readonly price: MicroUsd
      /** Milliseconds since 1970: when this attempt is given up. */
      readonly giveUpAt: number
      readonly idempotencyKey: Digest
      readonly bids: BidRound
      readonly placement: Extract<Placement, { kind: 'placed' }>
    }
  /** The work is done, but people must let its outputs out first. */
  | {
      readonly type: 'step.worked'
      readonly step: string
      readonly job: string
      readonly outputs: Readonly<Record<string, DataRef>>
      /** Milliseconds of work. */
      readonly took: number
    }
  | {
      readonly type: 'step.succeeded'
      readonly step: string
      readonly agent: string
      readonly outputs: Readonly<Record<string, DataRef>>
      readonly charged: MicroUsd
      /** Milliseconds of work. */
      readonly took: number
    }
  | {
      readonly type: 'step.failed'
      readonly step: string
      readonly job: string
      readonly problem: Problem
      readonly next: Move
    }
  /** A call that the agent made must wait for people: the agent is let go and begins again when they have answered. */
  | { readonly type: 'step.suspended'; readonly step: string; readonly job: string; readonly on: string }
  | { readonly type: 'step.dropped'; readonly step: string; readonly cause: DropCause; readonly reason: string }
  | {
      readonly type: 'step.edited'
      readonly step: string
      readonly inputs: Refs
      readonly by: string
      readonly reason: string
    }
  | { readonly type: 'approval.requested'; readonly approval: Approval }
  | { readonly type: 'approval.voted'; readonly approval: Approval }
  | { readonly type: 'approval.closed'; readonly approval: Approval }
  | { readonly type: 'run.paused'; readonly by: string; readonly reason: string }
  | { readonly type: 'run.resumed'; readonly by: string }
  /** Limits or data that a person has changed; what is absent stays. */
  | {
      readonly type: 'run.changed'
      readonly by: string
      readonly reason: string
      readonly budget?: MicroUsd
      /** Milliseconds since 1970. */
      readonly deadline?: number
      /** What is given besides. */
      readonly given?: Readonly<Record<string, DataRef>>
    }
  | { readonly type: 'run.cancelled'; readonly by: string; readonly reason: string }
  | {
      readonly type: 'run.concluded'
      readonly outcome: Outcome
      readonly reason: string
      readonly outputs: Readonly<Record<string, DataRef>>
      readonly spent: MicroUsd
    }

/** An event with its place in the run's journal. */
export type RunEvent = RunEventBody & {
  /** 1, 2, 3 … */
  readonly seq: number
  /** Milliseconds since 1970. */
  readonly at: number
}
