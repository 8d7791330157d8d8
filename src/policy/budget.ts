/** The pool that keeps a run within its budget: money is reserved before it is spent. */
import type { MicroUsd, RunId } from '../core/index.ts'
import type { Amounts } from '../store/index.ts'

/** The name of the pool that holds a run's money. */
export function budgetPool(run: RunId): string {
  return `budget:${run}`
}

/** Money as what a pool counts. */
export function moneyAmount(micro: MicroUsd): Amounts {
  return { microUsd: micro }
}
