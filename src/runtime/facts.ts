/** Wanted facts that do not hold when the steps of a run have ended. */
import { lackingAtEnd } from '../planner/index.ts'
import type { DropCause } from './event.ts'
import type { Flow } from './hall.ts'

/** A wanted fact that does not hold, and why not. */
export interface MissedFact {
  readonly cause: DropCause
  readonly reason: string
}

/** What was wanted of the world and has not come about. */
export function missedFacts({ registry, journal }: Flow): readonly MissedFact[] {
  const { plan, steps, goal } = journal.state
  const planned = (plan?.steps ?? []).flatMap(({ id }) => steps.get(id) ?? [])
  const done = planned
    .filter(({ status }) => status.kind === 'succeeded')
    .toSorted((a, b) => (a.ended ?? 0) - (b.ended ?? 0))
  const course = {
    done: done.map(({ step }) => step),
    others: planned.filter(one => !done.includes(one)).map(({ step }) => step),
  }
  const { facts = [], achieve = [] } = goal ?? {}
  const world = { capabilities: registry.capabilities, facts, achieve }
  return lackingAtEnd(course, world).map(({ text, bringer }) => {
    const status = steps.get(bringer ?? '')?.status
    if (status?.kind !== 'dropped') return { cause: 'unreachable', reason: `\`${text}\` does not hold` }
    return { cause: status.cause, reason: `\`${text}\` does not hold: ${status.reason}` }
  })
}
