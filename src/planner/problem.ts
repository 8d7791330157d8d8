/** What a planner is asked, and what it answers. */
import type { Capability, Method, Tradeoff } from '../agents/index.ts'
import type { Concept, MicroUsd } from '../core/index.ts'
import type { Objective, Patience, Proof } from './objective.ts'
import type { Plan, Step } from './plan.ts'

/** What is expected of a capability, from standing prices and from its record. */
export interface Estimate {
  readonly price: MicroUsd
  /** Milliseconds. */
  readonly time: number
  /** 0 to 1: the chance that it succeeds. */
  readonly reliability: number
  /** Calls a minute that it can take; without a limit by default. */
  readonly throughput?: number
  /** What one call may cost, nine times in ten; just `price` by default. */
  readonly prices?: Range
  /** Milliseconds that one attempt may take, nine times in ten; just `time` by default. */
  readonly times?: Range
  /** 0 to 1: the chance that one attempt fails and another is made; what `reliability` leaves over by default. */
  readonly failing?: number
  /** 0 to 1: the chance that its condition holds, where it has one; an even chance by default. */
  readonly holds?: number
  /** What was asked for, before it was held against what became of such promises; `price` and `time` by default. */
  readonly asked?: Asked
}

/** What somebody asks for one call. */
export interface Asked {
  readonly price: MicroUsd
  /** Milliseconds. */
  readonly time: number
}

/** A step that has ended, with the concepts of what it gave. */
export interface Finished {
  readonly step: Step
  readonly gives: Readonly<Record<string, Concept>>
}

/** What may not be used: a capability, or only a use of it on certain data. */
export interface Barred {
  /** Such as `refund.issue@1`. */
  readonly capability: string
  /** Where its data would come from; every use is barred by default. */
  readonly inputs?: Step['inputs']
}

/** A planning problem: everything that a plan may be made of. */
export interface Problem {
  /**
   * Indexed once and remembered by this very array: pass the same one again and planning costs no more with 10,000 in
   * it.
   */
  readonly capabilities: readonly Capability[]
  /** What is given, by name. */
  readonly given: Readonly<Record<string, Concept>>
  readonly wanted: readonly Concept[]
  /** Ways to do tasks. Indexed once and remembered by this very array, like the capabilities. */
  readonly methods?: readonly Method[]
  /** Names of tasks that must be done, whatever else is wanted. */
  readonly perform?: readonly string[]
  /** Facts that hold about given data: `{ fact: 'verified', about: ['customer'] }`. */
  readonly facts?: readonly { readonly fact: string; readonly about: readonly string[] }[]
  /** Facts about given data that are to hold at the end: `{ fact: 'shipped', about: ['order'] }`. */
  readonly achieve?: readonly { readonly fact: string; readonly about: readonly string[] }[]
  /** What each capability is expected to cost, by `name@version`. */
  readonly estimate: (capability: string) => Estimate
  /** Most that the plan may be expected to cost. */
  readonly budget?: MicroUsd
  /** Most items that a loop of the plan may be for: 1 to 1000, by default 100. */
  readonly most?: number
  /** Milliseconds that the slowest chain of a plan's open steps may be expected to take. Looked at by `verify` and `revise`. */
  readonly time?: number
  /** By default the least weight. */
  readonly objective?: Objective
  /** How much price, time and failing count in a weight; only the proportions matter. By default alike. */
  readonly tradeoff?: Tradeoff
  /** By default a fixed amount of work, mostly milliseconds, some hundred where many capabilities are of use. */
  readonly patience?: Patience
  /**
   * Steps that are finished, in the order in which they ended: what they gave is had at no cost, and every plan holds
   * them as they are.
   */
  readonly done?: readonly Finished[]
  /** Steps that stand, in an order in which they could run: a plan holds them as they are and is completed around them. */
  readonly kept?: readonly Step[]
  /** Capabilities that weigh next to nothing, because an earlier plan has a use for them. */
  readonly prefer?: readonly string[]
  readonly without?: readonly Barred[]
  /** Ids of steps that have had their turn: no step of a plan may have one of them again. */
  readonly used?: readonly string[]
}

/** What is wrong with a plan, at which place, and why. */
export interface PlanIssue {
  readonly kind:
    | 'wrong-digest'
    | 'unknown-capability'
    | 'unbound-input'
    | 'superfluous-input'
    | 'unknown-source'
    | 'type-mismatch'
    | 'cycle'
    | 'uncovered-want'
    | 'superfluous-want'
    | 'unmet-fact'
    | 'unmet-want'
    | 'over-budget'
    | 'over-time'
    | 'duplicate-step'
    | 'useless-step'
    | 'bad-condition'
    | 'bad-loop'
    | 'barred-step'
    | 'changed-step'
    | 'broken-task'
    | 'unperformed-task'
  /** The step, when it is about one. */
  readonly step?: string
  readonly reason: string
}

/** The planner's answer. */
export type Planned =
  | {
      readonly kind: 'planned'
      readonly plan: Plan
      readonly proof: Proof
      /** Says why, step by step; worked out when it is asked, for it takes longer than a plan. */
      readonly why: () => readonly StepReason[]
    }
  | {
      readonly kind: 'unsolvable'
      /** Wanted concepts and required facts that nothing can bring about. */
      readonly missing: readonly { readonly what: string; readonly because: string }[]
    }

/** Why a step is in the plan: what needs it, and which others could have stood there. */
export interface StepReason {
  readonly step: string
  readonly for: readonly string[]
  readonly instead: readonly { readonly capability: string; readonly because: string }[]
}

/** A range: at best, most likely, at worst. */
export interface Range {
  readonly low: number
  readonly likely: number
  readonly high: number
}

/** What one step is expected to take. */
export interface StepForecast {
  readonly step: string
  readonly capability: string
  /** Micro-dollars, what a skipped step saves included. */
  readonly cost: Range
  /** Milliseconds of work, failed attempts included. */
  readonly time: Range
  /** 0 to 1: the chance that it fails for good. */
  readonly risk: number
  /** 0 to 1: the chance that it runs; 1 unless it has a condition. */
  readonly runs: number
  /** Milliseconds after the first step when it is likely to begin. */
  readonly begins: number
  /** Milliseconds by which it may end later without ending the plan later. */
  readonly slack: number
  /** What the ranges are made from. */
  readonly asked: Asked
}

/** What a plan is expected to take, before anything runs. */
export interface Forecast {
  /** Micro-dollars. */
  readonly cost: Range
  /** Milliseconds along the critical path. */
  readonly time: Range
  /** 0 to 1: the chance that some step fails. */
  readonly risk: number
  readonly criticalPath: readonly string[]
  /** 0 to 1: how often what comes of it should lie within the ranges. */
  readonly coverage: number
  /** Steps in the widest layer of the plan: how many may run at once. */
  readonly width: number
  /** In an order in which they could run. */
  readonly steps: readonly StepForecast[]
}
