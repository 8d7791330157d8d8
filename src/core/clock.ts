/** Time as a port: nothing in Muster reads the machine's clock or sets a timer except through this. */
import { MusterError } from './error.ts'

/** Where time comes from. Tests and simulations pass one that they move themselves. */
export interface Clock {
  /** Milliseconds since 1970-01-01 UTC. */
  now(): number
  /** Calls `wake` once, `ms` milliseconds from now; the returned function calls it off. */
  after(ms: number, wake: () => void): () => void
}

// setTimeout overflows at 2^31-1 and then fires at once.
const longestTimer = 2_147_483_647

/** The machine's own clock. Its timers do not keep the process alive. */
export const systemClock: Clock = {
  now: () => Date.now(),
  after(ms, wake) {
    const timer = setTimeout(wake, Math.min(Math.max(0, ms), longestTimer))
    timer.unref()
    return () => clearTimeout(timer)
  },
}

/** Waits `ms` milliseconds; rejects with the signal's reason when it is aborted first. */
export function sleep(clock: Clock, ms: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    if (signal?.aborted) return reject(signal.reason)
    const stop = () => {
      cancel()
      reject(signal?.reason)
    }
    const cancel = clock.after(ms, () => {
      signal?.removeEventListener('abort', stop)
      resolve()
    })
    signal?.addEventListener('abort', stop, { once: true })
  })
}

/**
 * Runs `work` with a signal that aborts at `deadline` (milliseconds since 1970) or with `signal`, and rejects then even
 * when `work` never looks at its signal. The error is `late()` by default `deadline-passed`.
 */
export async function withDeadline<T>(
  clock: Clock,
  deadline: number,
  work: (signal: AbortSignal) => Promise<T> | T,
  options: { signal?: AbortSignal; late?: () => MusterError } = {},
): Promise<T> {
  options.signal?.throwIfAborted()
  const controller = new AbortController()
  const late = options.late ?? (() => new MusterError('deadline-passed', 'the deadline passed'))
  let stop = () => {}
  const stopped = new Promise<never>((_, reject) => {
    controller.signal.addEventListener('abort', () => reject(controller.signal.reason), { once: true })
    const cancel = clock.after(deadline - clock.now(), () => controller.abort(late()))
    const abort = () => controller.abort(options.signal?.reason)
    options.signal?.addEventListener('abort', abort, { once: true })
    stop = () => {
      cancel()
      options.signal?.removeEventListener('abort', abort)
    }
  })
  try {
    return await Promise.race([stopped, (async () => work(controller.signal))()])
  } finally {
    stop()
  }
}

const units = { ms: 1, s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 } as const

/** Milliseconds of a duration such as `250ms`, `60s`, `30m`, `2h`, `7d`; throws `bad-input` for anything else. */
export function duration(text: string): number {
  const match = /^(\d+(?:\.\d+)?)(ms|s|m|h|d)$/.exec(text)
  if (!match?.[1] || !match[2]) {
    throw new MusterError('bad-input', `\`${text}\` is not a duration`, {
      hint: 'write a number and a unit: 250ms, 60s, 30m, 2h, 7d',
    })
  }
  return Number(match[1]) * units[match[2] as keyof typeof units]
}
