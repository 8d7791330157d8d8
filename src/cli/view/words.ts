/** Amounts and decisions in the few words that a screen has room for. */
import { formatUsd } from '../../core/index.ts'
import type { Range } from '../../planner/index.ts'
import type { Approval, Ruling } from '../../policy/index.ts'

/** Milliseconds as `40 ms`, `1.2 s`, `3 min`, `2 h`. */
export function span(ms: number): string {
  if (ms < 1000) return `${Math.round(ms)} ms`
  if (ms < 60_000) return `${(ms / 1000).toFixed(1)} s`
  if (ms < 3_600_000) return `${Math.round(ms / 60_000)} min`
  return `${Math.round(ms / 3_600_000)} h`
}

/** A range of milliseconds as `40 ms`, or `40 ms to 1.2 s`. */
export function spanRange({ low, high }: Pick<Range, 'low' | 'high'>): string {
  const [least, most] = [span(low), span(high)]
  return least === most ? least : `${least} to ${most}`
}

/** A range of micro-dollars as `$0.001`, or `$0.001 to $0.004`. */
export function usdRange({ low, high }: Pick<Range, 'low' | 'high'>): string {
  const [least, most] = [formatUsd(Math.round(low)), formatUsd(Math.round(high))]
  return least === most ? least : `${least} to ${most}`
}

/** Time that is left, in milliseconds, as `29:41` or `3:59:02`. */
export function countdown(ms: number): string {
  const seconds = Math.max(0, Math.ceil(ms / 1000))
  const two = (value: number) => String(value).padStart(2, '0')
  const [hours, minutes] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60]
  return hours > 0 ? `${hours}:${two(minutes)}:${two(seconds % 60)}` : `${minutes}:${two(seconds % 60)}`
}

/** A share from 0 to 1 as `92 %`. */
export function percent(share: number): string {
  return `${Math.round(share * 100)} %`
}

/** Bytes as `1.5 GiB` or `12 MiB`. */
export function bytes(amount: number): string {
  return amount >= 2 ** 30 ? `${(amount / 2 ** 30).toFixed(1)} GiB` : `${Math.round(amount / 2 ** 20)} MiB`
}

/** A value as one line of JSON. */
export function compact(value: unknown): string {
  return JSON.stringify(value) ?? 'undefined'
}

/** A capability without the version that is nearly always 1. */
export function short(capability: string): string {
  return capability.replace(/@1$/, '')
}

/** The rules that spoke, with their words. */
export function rulesSaid({ reasons }: Ruling): string {
  if (reasons.length === 0) return 'no policy permits it'
  return reasons.map(({ rule, scope, text }) => `${rule}${scope === 'home' ? '' : ` of ${scope}`}: ${text}`).join('; ')
}

/** Where a question to people stands. */
export function approvalSaid({ to, text, votes, quorum, outcome }: Approval): string {
  const yes = votes.map(({ by, reason }) => `${by} said yes (${reason})`)
  switch (outcome.status) {
    case 'open': {
      const need = quorum === 1 ? `${to} must approve` : `${quorum} of ${to} must approve`
      return [need, ...yes].join(', ').concat(`: ${text}`)
    }
    case 'approved':
      return `${yes.join(', ')}: ${text}`
    case 'rejected':
      return `${outcome.by} said no (${outcome.reason}): ${text}`
    case 'edited':
      return `${outcome.by} edited it (${outcome.reason})`
    case 'expired':
      return `nobody of ${to} answered in time: ${text}`
    case 'withdrawn':
      return `no answer is needed any more: ${outcome.reason}`
  }
}
