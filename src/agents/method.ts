/**
 * A method is one way to do a task: steps, each a capability or a task again, with what feeds them and their order.
 * 1. An input that a method leaves open takes a datum of the method itself where one fits: what the task takes under the
 *    input's own name, or else the closest kind, what the task takes before what steps give. What then is still open is
 *    found by composition.
 * 2. Steps are listed in an order in which they can be done, as close to the declared one as can be.
 */
import type { Concept } from '../core/index.ts'
import type { Capability, FactPattern } from './capability.ts'
import type { Task } from './task.ts'

/** What a definition names as a source: an input of the task or something to `have`, or an output of a step. */
export type Link = string | readonly [step: string, output: string]

/** A condition over data of the method, in the Common Expression Language. */
interface GuardDefinition {
  readonly condition: string
  readonly over: Readonly<Record<string, Link>>
}

/** A step as it is declared, or a datum that must be had, however composition finds it. */
export type StepDefinition =
  | {
      readonly do: Capability | Task
      readonly inputs?: Readonly<Record<string, Link>>
      /** Steps that must have ended before. */
      readonly after?: readonly string[]
      /** When it is false at run time, the step is skipped. */
      readonly when?: GuardDefinition
    }
  | { readonly have: Concept }

/** Where an input comes from: the task's own input, something to have, another step, or wherever composition finds it. */
export type Feed =
  | { readonly from: 'task'; readonly name: string }
  | { readonly from: 'have'; readonly name: string }
  | { readonly from: 'step'; readonly step: string; readonly output: string }
  | { readonly from: 'open' }

/** A step of a method; every input that it takes one datum for has its feed. */
export interface MethodStep {
  readonly name: string
  readonly do: Capability | Task
  readonly inputs: Readonly<Record<string, Feed>>
  readonly after: readonly string[]
  readonly when: { readonly condition: string; readonly over: Readonly<Record<string, Feed>> } | undefined
}

/** One way to do a task. */
export interface Method {
  readonly kind: 'method'
  readonly of: Task
  /** Unique among the methods of its task. */
  readonly name: string
  readonly description: string
  /** A condition over what the task takes, decided when the run gets there. */
  readonly when: string | undefined
  /** Facts about what the task takes, decided when it is planned. */
  readonly requires: readonly FactPattern[]
  readonly have: Readonly<Record<string, Concept>>
  readonly steps: readonly MethodStep[]
  /** For each output of the task, the output of a step. */
  readonly gives: Readonly<Record<string, { readonly step: string; readonly output: string }>>
}

/** What `defineMethod` takes. */
export interface MethodDefinition {
  readonly of: Task
  /** Lower-case words joined by hyphens, such as `by-refund`. */
  readonly name: string
  readonly description?: string
  readonly when?: string
  readonly requires?: readonly FactPattern[]
  readonly steps: Readonly<Record<string, StepDefinition>>
  /** For each output of the task, the step and its output. Default: nothing. */
  readonly gives?: Readonly<Record<string, readonly [step: string, output: string]>>
}

/** Throws what is wrong with a definition. */
export type Refuse = (why: string, hint: string) => never
