/**
 * A clock that tests move by hand.
 *
 * 1. Timers fire in the order of their time, those of one moment in the order in which they were set.
 * 2. While a timer fires, `now()` is exactly its time.
 * 3. What a timer set in motion has settled, as far as it can without more time, before the next one fires.
 */
import { setImmediate as settle } from 'node:timers/promises'
import type { Clock } from '../core/index.ts'

/** A clock that stands still until it is told to move. */
export interface ManualClock extends Clock {
  /** Moves on by `ms` milliseconds, fires every timer that falls due on the way, and waits for what they set in motion. */
  advance(ms: number): Promise<void>
}

/** A clock that stands at `start`, milliseconds since 1970; default: the first moment of 2026, UTC. */
export function createManualClock(start = 1_767_225_600_000): ManualClock {
  let now = start
  const timers = new Set<{ readonly at: number; readonly wake: () => void }>()

  const nextUntil = (end: number) => {
    let next: { readonly at: number; readonly wake: () => void } | undefined
    for (const timer of timers) if (timer.at <= end && (next === undefined || timer.at < next.at)) next = timer
    return next
  }

  return {
    now: () => now,
    after(ms, wake) {
      const timer = { at: now + Math.max(0, ms), wake }
      timers.add(timer)
      return () => void timers.delete(timer)
    },
    async advance(ms) {
      const end = now + ms
      await settle()
      for (let timer = nextUntil(end); timer; timer = nextUntil(end)) {
        now = timer.at
        timers.delete(timer)
        timer.wake()
        await settle()
      }
      now = end
    },
  }
}
