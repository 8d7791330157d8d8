/** A datum while a plan is looked for, before steps have ids. */
import type { Concept } from '../core/index.ts'
import type { Source } from './plan.ts'

export type Datum =
  /** One that stands. */
  | Source
  | { readonly from: 'candidate'; readonly candidate: number; readonly output: string }
  /** Any datum of the concept, the same wherever this key stands; what was given under `name` comes first. */
  | { readonly from: 'open'; readonly key: string; readonly concept: Concept; readonly name: string }
  /** The first of these that is delivered. */
  | { readonly from: 'either'; readonly of: readonly Datum[] }
