/**
 * A plan is a directed acyclic graph of steps, immutable and known by its digest. It says what and from what, never who
 * or where.
 */
import { type Digest, digestOf } from '../core/index.ts'

/** Where an input comes from: what was given, or what an earlier step gives. */
export type Source =
  | { readonly from: 'given'; readonly name: string }
  | { readonly from: 'step'; readonly step: string; readonly output: string }

/** One capability request. A list of sources feeds an `all` port; it may be empty. */
export interface Step {
  /** `s1`, `s2` … in an order in which they could run. */
  readonly id: string
  /** Such as `refund.issue@1`. */
  readonly capability: string
  readonly inputs: Readonly<Record<string, Source | readonly Source[]>>
  /** Steps that must have ended before, for a fact and not for data. */
  readonly after: readonly string[]
  /** The steps of methods that it is. */
  readonly by?: readonly Place[]
}

/** What a step is in the doing of a task. */
export interface Place {
  /** The doing: `t1`, `t2` … */
  readonly doing: string
  /** The step of a method, and around it, from the outermost, the steps of methods that are tasks themselves. */
  readonly path: readonly { readonly task: string; readonly method: string; readonly step: string }[]
}

/** A plan; `digest` names all the rest of it. */
export interface Plan {
  readonly digest: Digest
  readonly steps: readonly Step[]
  /** Where each wanted concept comes from. */
  readonly wanted: Readonly<Record<string, Source>>
}

/** What a plan says, by whomever: not yet closed, and perhaps wrong. */
export type Draft = Pick<Plan, 'steps' | 'wanted'>

/** Closes a plan: steps and wanted under their digest. */
export function sealPlan(steps: readonly Step[], wanted: Readonly<Record<string, Source>>): Plan {
  return { digest: digestOf({ steps, wanted }), steps, wanted }
}

/** Every source of a step, port by port, lists flattened. */
export function sourcesOf(step: Step): readonly Source[] {
  return Object.values(step.inputs).flatMap(input => ('from' in input ? [input] : [...input]))
}

/** The steps that must have ended before `step` may start, each once. */
export function predecessors(step: Step): readonly string[] {
  const ids = new Set(step.after)
  for (const input of Object.values(step.inputs)) {
    if ('from' in input) {
      if (input.from === 'step') ids.add(input.step)
    } else for (const source of input) if (source.from === 'step') ids.add(source.step)
  }
  return [...ids]
}
