/**
 * A rule is a policy with its annotations read. Annotations are strict: an unknown one is an error, since a mistyped
 * `@quorum` would let one person do what two should.
 */
import { duration, MusterError } from '../core/index.ts'
import type { Policy, PolicyIssue } from './cedar.ts'

/** Who can lift a forbid. */
export interface Lift {
  /** The role whose members may approve. */
  readonly to: string
  /** Milliseconds until no answer becomes no. */
  readonly within: number
  /** How many different people must agree. */
  readonly quorum: number
}

/** A policy as the guard uses it. */
export interface Rule {
  /** Its `@id`. */
  readonly id: string
  readonly effect: 'permit' | 'forbid'
  /** Its `@reason`, or its id. */
  readonly text: string
  readonly lift: Lift | undefined
  readonly policy: Policy
}

const known = ['id', 'reason', 'escalate', 'within', 'quorum']
const defaultWithin = '30m'

/** The rules of a scope, by id, and what is wrong with their annotations. */
export function readRules(policies: readonly Policy[]): {
  readonly rules: ReadonlyMap<string, Rule>
  readonly issues: readonly PolicyIssue[]
} {
  const rules = new Map<string, Rule>()
  const issues: PolicyIssue[] = []
  for (const policy of policies) {
    const rule = readRule(policy)
    const wrong = typeof rule === 'string' ? rule : rules.has(rule.id) ? `\`${rule.id}\` is the id of two policies` : ''
    if (wrong !== '') issues.push({ severity: 'error', file: policy.file, line: policy.line, message: wrong })
    else if (typeof rule !== 'string') rules.set(rule.id, rule)
  }
  return { rules, issues }
}

function readRule(policy: Policy): Rule | string {
  const { id, reason, escalate, within, quorum } = policy.annotations
  const unknown = Object.keys(policy.annotations).find(name => !known.includes(name))
  if (unknown !== undefined) return `\`@${unknown}\` is not known here (known are @${known.join(', @')})`
  if (id === undefined) return 'the policy has no @id (write @id("a-name") above it)'
  if (!/^[A-Za-z0-9][A-Za-z0-9._-]{0,79}$/.test(id)) return `\`${id}\` is no id (use letters, digits, dots and dashes)`
  const rule = { id, effect: policy.effect, text: reason ?? id, policy }
  if (escalate === undefined) {
    if (within ?? quorum) return '@within and @quorum mean nothing without @escalate("role")'
    return { ...rule, lift: undefined }
  }
  if (policy.effect === 'permit') return '@escalate belongs on a forbid: people lift what is forbidden'
  if (escalate === '') return '@escalate names no role (write @escalate("finance"))'
  if (quorum !== undefined && !/^[1-9]\d?$/.test(quorum)) return `@quorum("${quorum}") is no number from 1 to 99`
  const ms = milliseconds(within ?? defaultWithin)
  if (ms === undefined) return `@within("${within}") is no duration (write 30m, 2h, 7d)`
  return { ...rule, lift: { to: escalate, within: ms, quorum: Number(quorum ?? 1) } }
}

function milliseconds(text: string): number | undefined {
  try {
    const ms = duration(text)
    return ms > 0 ? ms : undefined
  } catch (error) {
    if (error instanceof MusterError) return undefined
    throw error
  }
}
