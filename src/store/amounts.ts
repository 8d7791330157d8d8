/** The arithmetic of pools, the same for every driver: pure functions, so that a limit is kept in one place. */
import { MusterError } from '../core/index.ts'
import type { Amounts } from './port.ts'

/** What a pool can hold, what is promised of it, and what is gone for good. `reserved` and `spent` hold no zeros. */
export interface PoolState {
  readonly capacity: Amounts
  readonly reserved: Amounts
  readonly spent: Amounts
}

/** The pool with `amounts` reserved; throws `over-capacity` naming every kind of which there is too little. */
export function withReserved(name: string, pool: PoolState, amounts: Amounts): PoolState {
  checkAmounts(amounts)
  const short = Object.entries(amounts).flatMap(([kind, amount]) => {
    const taken = tidy(amountOf(pool.reserved, kind) + amountOf(pool.spent, kind))
    const capacity = amountOf(pool.capacity, kind)
    // A pool that was made smaller than what is taken still grants what asks for nothing.
    if (amount === 0 || fits(tidy(taken + amount), capacity)) return []
    return [`\`${kind}\` (${amount} asked, ${tidy(capacity - taken)} free)`]
  })
  if (short.length > 0) {
    throw new MusterError('over-capacity', `pool \`${name}\` has too little ${short.join(', ')}`, {
      hint: 'ask for less, or wait until something is released',
    })
  }
  return { ...pool, reserved: add(pool.reserved, amounts) }
}

/** The pool after a reservation of `amounts` was given back. */
export function withReleased(pool: PoolState, amounts: Amounts): PoolState {
  return { ...pool, reserved: subtract(pool.reserved, amounts) }
}

/** The pool after `spent` of a reservation of `amounts` is gone; throws `over-capacity` when more was spent than reserved. */
export function withSettled(name: string, pool: PoolState, amounts: Amounts, spent: Amounts): PoolState {
  checkAmounts(spent)
  for (const [kind, amount] of Object.entries(spent)) {
    const most = amountOf(amounts, kind)
    if (!fits(amount, most)) {
      throw new MusterError(
        'over-capacity',
        `\`${amount}\` of \`${kind}\` spent from pool \`${name}\`, \`${most}\` reserved`,
      )
    }
  }
  return { ...withReleased(pool, amounts), spent: add(pool.spent, spent) }
}

/** Throws `bad-input` for an amount that is not a finite number of at least zero: a negative one would make room. */
export function checkAmounts(amounts: Amounts): void {
  for (const [kind, amount] of Object.entries(amounts)) {
    if (!(Number.isFinite(amount) && amount >= 0)) {
      throw new MusterError('bad-input', `\`${amount}\` is not an amount of \`${kind}\``, {
        hint: 'amounts are finite numbers of at least 0',
      })
    }
  }
}

// Whole numbers (money, bytes) are compared exactly; fractions (cores) within the error that adding them up can make.
function fits(amount: number, most: number): boolean {
  return amount <= (Number.isInteger(amount) && Number.isInteger(most) ? most : most + 1e-9)
}

// `amounts.toString` is a function: only what is really in the record counts.
function amountOf(amounts: Amounts, kind: string): number {
  return Object.hasOwn(amounts, kind) ? (amounts[kind] ?? 0) : 0
}

// Keeps the error of repeated fractions from growing: 0.1 taken and given back three times leaves nothing.
function tidy(amount: number): number {
  return Number.isInteger(amount) ? amount : Math.round(amount * 1e9) / 1e9
}

function add(a: Amounts, b: Amounts): Amounts {
  return merge(a, b, (x, y) => x + y)
}

function subtract(a: Amounts, b: Amounts): Amounts {
  return merge(a, b, (x, y) => Math.max(0, x - y))
}

function merge(a: Amounts, b: Amounts, join: (x: number, y: number) => number): Amounts {
  const kinds = new Set([...Object.keys(a), ...Object.keys(b)])
  const sums = [...kinds].map(kind => [kind, tidy(join(amountOf(a, kind), amountOf(b, kind)))] as const)
  return Object.fromEntries(sums.filter(([, sum]) => sum !== 0))
}
