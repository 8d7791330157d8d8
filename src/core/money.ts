/** Money is a whole number of micro-dollars, so that sums are exact and a limit can be kept to the last unit. */
import { MusterError } from './error.ts'

/** Millionths of a US dollar; a whole number. */
export type MicroUsd = number

/** `usd` dollars as micro-dollars, rounded up: a price is never understated. Throws `bad-input` below zero. */
export function microUsd(usd: number): MicroUsd {
  const micro = Math.ceil(Number((usd * 1_000_000).toFixed(3)))
  if (!Number.isSafeInteger(micro) || micro < 0)
    throw new MusterError('bad-input', `\`${usd}\` is not an amount of money`)
  return micro
}

/** `micro` as text for people, such as `$0.0042`. */
export function formatUsd(micro: MicroUsd): string {
  const text = (micro / 1_000_000).toFixed(6).replace(/0{1,4}$/, '')
  return `$${text}`
}
