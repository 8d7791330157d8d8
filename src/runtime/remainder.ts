/** Whether what is left of a plan still fits its limits, as far as estimates tell. */
import { formatUsd } from '../core/index.ts'
import { predecessors } from '../planner/index.ts'
import type { Flow } from './hall.ts'

/** The steps of a pursuit that have not ended. Each question costs the same however many they are. */
export interface Remainder {
  /** Takes note that a step has ended. */
  end(step: string): void
  /** Why `steps`, which could begin now, and all that follows do not fit; undefined when they do. */
  doubt(steps: readonly string[]): string | undefined
}

/** What is left of `ids`, steps of the plan of a run. */
export function createRemainder({ journal, estimates, clock }: Flow, ids: readonly string[]): Remainder {
  const { state } = journal
  const steps = ids.flatMap(id => {
    const found = state.steps.get(id)
    return found === undefined || found.status.kind === 'succeeded' || found.status.kind === 'dropped'
      ? []
      : [found.step]
  })
  const prices = new Map(steps.map(({ id, capability }) => [id, estimates.of(capability).price]))
  const tails = new Map<string, number>()
  // Plans list their steps in an order in which they could run, so whatever follows a step has been seen before it.
  for (const step of steps.toReversed()) {
    const tail = (tails.get(step.id) ?? 0) + estimates.of(step.capability).time
    tails.set(step.id, tail)
    for (const before of predecessors(step)) tails.set(before, Math.max(tails.get(before) ?? 0, tail))
  }
  let cost = [...prices.values()].reduce((sum, price) => sum + price, 0)
  return {
    end(step) {
      cost -= prices.get(step) ?? 0
      prices.delete(step)
    },
    doubt(next) {
      const money = state.budget - state.spent
      if (cost > money + 0.5)
        return `what is left is expected to cost ${formatUsd(cost)} and there are ${formatUsd(money)}`
      const time = Math.max(0, ...next.map(id => tails.get(id) ?? 0))
      const left = state.deadline - clock.now()
      if (time <= left || left <= 0) return undefined
      return `what is left is expected to take ${Math.round(time)} ms and there are ${Math.round(left)} ms`
    },
  }
}
