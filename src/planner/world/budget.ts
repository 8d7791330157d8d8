/** How much a search may do, counted in work done so that the same task always gets the same answer. */
export interface Budget {
  /** Counts so much work; false once there is none left, or once the caller's own stop says so. */
  spend(work: number): boolean
  readonly left: number
}

/** A budget of so many units: about a million of them are done in some tens of milliseconds. */
export function createBudget(work: number, stopped: () => boolean = () => false): Budget {
  let left = work
  return {
    spend(amount) {
      left -= amount
      return left > 0 && !stopped()
    },
    get left() {
      return Math.max(0, left)
    },
  }
}

/** A share of a budget: what it spends is spent there too. */
export function partOf(budget: Budget, work: number): Budget {
  let left = Math.min(work, budget.left)
  return {
    spend(amount) {
      left -= amount
      return budget.spend(amount) && left > 0
    },
    get left() {
      return Math.max(0, Math.min(left, budget.left))
    },
  }
}
