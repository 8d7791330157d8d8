/** Data of which facts may speak, and how they are bound. */
import { type Concept, isKindOf } from '../core/index.ts'
import type { Datum } from './datum.ts'

/** A datum that facts may speak of. */
export interface Told {
  readonly datum: Datum
  readonly key: string
  readonly concept: Concept
  /** The capabilities and tasks that it was made with, by way of bindings. */
  readonly lineage: ReadonlySet<string>
}

/** Data by the ports that they are bound to. */
export type Choice = ReadonlyMap<string, Told>

/** Every way to bind `ports` to `data`. */
export function* choices(ports: readonly (readonly [string, Concept])[], data: readonly Told[]): Generator<Choice> {
  const [first, ...rest] = ports
  if (!first) {
    yield new Map()
    return
  }
  const [port, taken] = first
  for (const datum of data) {
    if (!isKindOf(datum.concept, taken)) continue
    for (const choice of choices(rest, data)) yield new Map([[port, datum], ...choice])
  }
}
