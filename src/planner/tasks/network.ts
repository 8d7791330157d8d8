/**
 * What is to be done for a task, by every choice of methods: parts, which are steps that a plan may have, and milestones,
 * which say what has been done when some of them have ended. Nothing is chosen here.
 */
import type { Capability, Method, Task } from '../../agents/index.ts'
import type { Concept } from '../../core/index.ts'
import type { Datum } from '../datum.ts'
import type { Source } from '../plan.ts'

/** A datum of a task network. */
export type Ref =
  /** Any datum of the concept, the same wherever this key stands. */
  | { readonly from: 'open'; readonly key: string; readonly concept: Concept; readonly name: string }
  /** A certain datum from outside. */
  | { readonly from: 'bound'; readonly key: string; readonly datum: Datum }
  | { readonly from: 'part'; readonly key: string; readonly part: string; readonly output: string }
  /** The first of these that is delivered. */
  | { readonly from: 'first'; readonly key: string; readonly of: readonly Ref[] }

/** A condition that must hold, or must not, for a part to be done. */
export interface Guard {
  readonly condition: string
  readonly holds: boolean
  readonly over: Readonly<Record<string, Ref>>
}

/** A fact that must hold about these data before a part is done. */
export interface Demand {
  readonly fact: string
  readonly about: readonly Ref[]
}

/** A step of a method, with its inputs found as far as the method says. */
export interface Part {
  readonly key: string
  readonly capability: Capability
  readonly inputs: Readonly<Record<string, Ref>>
  /** Keys of parts and milestones that must be done before. */
  readonly after: readonly string[]
  readonly guards: readonly Guard[]
  readonly demands: readonly Demand[]
}

/** Something that is done when all of its slots are. */
export interface Milestone {
  readonly key: string
  /** What is then done: the same for ways of which any will do. */
  readonly done: string
  readonly task: Task
  /** The method of which it is the end; undefined for a task that is done by whichever of its methods the case calls for. */
  readonly method: Method | undefined
  /** Outputs of a task that come from whichever method is taken, when it is sure that one is. */
  readonly outputs: Readonly<Record<string, Ref>>
  readonly slots: readonly Slot[]
}

/** A step of a method and the part or milestone that is done for it. */
export interface Slot {
  readonly step: string
  readonly done: string
}

/** The parts and milestones of one task. */
export interface Network {
  readonly parts: readonly Part[]
  readonly milestones: readonly Milestone[]
  /** Ways to do the whole, any of which will do. */
  readonly ways: readonly Way[]
  /** What feeds the steps that stand, by the keys of the open data. */
  readonly fed: ReadonlyMap<string, Source>
  /** Whether something was left out because it is too deep or too much. */
  readonly cut: boolean
}

/** What a task comes to by some choice of methods. */
export interface Way {
  readonly done: string
  readonly outputs: Readonly<Record<string, Ref>>
}

/** The key of a part that stands as step `id`: it is done already. */
export function stoodKey(id: string): string {
  return `${stood}${id}`
}

/** The step that stands, when this is the key of one. */
export function stoodStep(done: string): string | undefined {
  return done.startsWith(stood) ? done.slice(stood.length) : undefined
}

const stood = 'step '
