/**
 * A plan is a directed acyclic graph of steps, immutable and known by its digest. It says what and from what, never who
 * or where. Which of its steps run may depend on what earlier ones gave, but only in ways that the plan itself names.
 */
import { type Digest, digestOf } from '../core/index.ts'

/** One datum: what was given, or what an earlier step gives. */
export type Origin =
  | { readonly from: 'given'; readonly name: string }
  | { readonly from: 'step'; readonly step: string; readonly output: string }

/** Where an input comes from; `first`: of alternatives the first, in this order, that delivers. */
export type Source = Origin | { readonly from: 'first'; readonly of: readonly Origin[] }

/** One capability request. A list of sources feeds an `all` port; it may be empty. What is optional is absent, not undefined. */
export interface Step {
  /** `s1`, `s2` … in an order in which they could run. */
  readonly id: string
  /** Such as `refund.issue@1`. */
  readonly capability: string
  readonly inputs: Readonly<Record<string, Source | readonly Source[]>>
  /** Steps that must have ended before, for a fact and not for data. */
  readonly after: readonly string[]
  /** Runs only when this holds over the data named; else it is skipped, and what needs it takes an alternative or is skipped too. */
  readonly when?: { readonly condition: string; readonly over: Readonly<Record<string, Source>> }
  /** Runs only when none of these steps has delivered: the fallback. It waits until they have ended. */
  readonly unless?: readonly string[]
  /** Once for every item of the list at a port. */
  readonly each?: Each
  /** The steps of methods that it is. */
  readonly by?: readonly Place[]
}

/** A bounded loop: the step runs once for every item of the list at `port`. */
export interface Each {
  readonly port: string
  /** A longer list is refused before anything runs; 1 to 1000. */
  readonly most: number
  /** For each output the list concept of what the items gave, in their order. */
  readonly gives: Readonly<Record<string, string>>
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

/** Every datum that may stand behind an input: lists and alternatives flattened. */
export function originsOf(input: Source | readonly Source[]): readonly Origin[] {
  if (!('from' in input)) return input.flatMap(originsOf)
  return input.from === 'first' ? input.of : [input]
}

/** Every datum that a step may take or judge by. */
export function takenBy({ inputs, when }: Step): readonly Origin[] {
  return [...Object.values(inputs), ...Object.values(when?.over ?? {})].flatMap(originsOf)
}

/** `step` with other ids for itself and for the steps it speaks of. */
export function renameStep(step: Step, name: (id: string) => string): Step {
  const { id, inputs, after, when, unless } = step
  const source = (one: Source) => renameSource(one, name)
  return {
    ...step,
    id: name(id),
    inputs: mapValues(inputs, input => ('from' in input ? source(input) : input.map(source))),
    after: after.map(name),
    ...(when && { when: { ...when, over: mapValues(when.over, source) } }),
    ...(unless && { unless: unless.map(name) }),
  }
}

/** `source` with other ids for the steps it speaks of. */
export function renameSource(source: Source, name: (id: string) => string): Source {
  const origin = (one: Origin): Origin => (one.from === 'given' ? one : { ...one, step: name(one.step) })
  return source.from === 'first' ? { from: 'first', of: source.of.map(origin) } : origin(source)
}

function mapValues<T>(record: Readonly<Record<string, T>>, to: (value: T) => T): Readonly<Record<string, T>> {
  return Object.fromEntries(Object.entries(record).map(([name, value]) => [name, to(value)]))
}

/** The steps that `step` may have to wait for, each once. */
export function predecessors(step: Step): readonly string[] {
  const ids = new Set(step.after)
  for (const id of step.unless ?? []) ids.add(id)
  for (const input of Object.values(step.inputs)) addSteps(ids, input)
  for (const source of Object.values(step.when?.over ?? {})) addSteps(ids, source)
  return [...ids]
}

function addSteps(ids: Set<string>, input: Source | readonly Source[]): void {
  if (!('from' in input)) for (const source of input) addSteps(ids, source)
  else if (input.from === 'step') ids.add(input.step)
  else if (input.from === 'first') addSteps(ids, input.of)
}
