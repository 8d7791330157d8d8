/** Fair use: how often somebody may ask, and how many streams they may hold open. */
import { type Clock, MusterError, type Principal } from '../core/index.ts'

/** Requests that each caller may make: `perSecond` on average (at least 1), `burst` at once. */
export interface Rate {
  readonly perSecond: number
  readonly burst: number
}

/** The name under which a principal is counted. */
export function callerOf({ tenant, id }: Principal): string {
  return JSON.stringify([tenant, id])
}

/** Counts requests; throws `too-many-requests` when a caller makes too many. */
export type TakeTurn = (caller: string) => void

/** Token buckets (one for each of the people, who are few), refilled by the clock. Throws `bad-config` for a rate below 1. */
export function limitRate({ perSecond, burst }: Rate, clock: Clock): TakeTurn {
  if (!(perSecond >= 1 && burst >= 1))
    throw new MusterError('bad-config', `\`${perSecond}\` per second and \`${burst}\` at once is no rate`, {
      hint: 'allow at least one',
    })
  const buckets = new Map<string, { turns: number; at: number }>()
  return caller => {
    const now = clock.now()
    const bucket = buckets.get(caller) ?? { turns: burst, at: now }
    const turns = Math.min(burst, bucket.turns + ((now - bucket.at) / 1000) * perSecond)
    if (turns < 1)
      throw new MusterError('too-many-requests', `more than ${perSecond} requests a second`, {
        hint: 'wait a second and ask less often',
      })
    buckets.set(caller, { turns: turns - 1, at: now })
  }
}

/** Takes one of a caller's streams until the returned function is called; throws `too-many-requests` when none is left. */
export type HoldStream = (caller: string) => () => void

/** Limits streams: `most` a caller, and ten times as many in all. */
export function limitStreams(most: number): HoldStream {
  const held = new Map<string, number>()
  let total = 0
  return caller => {
    const own = held.get(caller) ?? 0
    if (own >= most || total >= 10 * most)
      throw new MusterError('too-many-requests', `${own} streams are open`, { hint: 'close some that are not read' })
    held.set(caller, own + 1)
    total += 1
    let open = true
    return () => {
      if (!open) return
      open = false
      total -= 1
      const left = (held.get(caller) ?? 1) - 1
      if (left === 0) held.delete(caller)
      else held.set(caller, left)
    }
  }
}
