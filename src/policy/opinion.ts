/** What the policies of one scope say about one question. */
import { evaluate, preparePolicies, type Question } from './cedar.ts'
import { showOnly } from './question.ts'
import type { Escalation, Lifted, RuleReason } from './request.ts'
import type { Rule } from './rule.ts'
import type { ScopeRules } from './scope.ts'
import type { Action } from './vocabulary.ts'

/** The policies of one scope that can speak about one action, parsed; absent where there are none. */
export interface Slice {
  readonly scope: string
  readonly rules: ScopeRules
  /** The attributes that any of them looks at; undefined: all that there are. */
  readonly reads: ReadonlySet<string> | undefined
  readonly everything: string | undefined
  readonly permits: string | undefined
  /** Whom its rules could ask. */
  readonly escalations: readonly Escalation[]
}

/** What one scope says; `escalations` count only when it is not `barred`. */
export interface Opinion {
  readonly barred: boolean
  readonly reasons: readonly RuleReason[]
  readonly escalations: readonly Escalation[]
}

/** Parses what of `rules` can speak about `action`, so that the others cost nothing when it is asked about. */
export function sliceOf(scope: string, rules: ScopeRules, action: Action): Slice {
  const relevant = [...rules.values()].filter(
    ({ policy: { actions } }) => !actions || actions.some(name => name === action.name || name === action.effect),
  )
  const permits = relevant.filter(({ effect }) => effect === 'permit')
  return {
    scope,
    rules,
    reads: readsOf(relevant),
    everything: prepare(relevant),
    permits: prepare(permits),
    escalations: relevant.flatMap(({ id, lift, text }) =>
      lift === undefined ? [] : [{ scope, rule: id, ...lift, text }],
    ),
  }
}

function readsOf(rules: readonly Rule[]): ReadonlySet<string> | undefined {
  const reads = rules.map(({ policy }) => policy.reads)
  return reads.includes(undefined) ? undefined : new Set(reads.flatMap(names => names ?? []))
}

function prepare(rules: readonly Rule[]): string | undefined {
  if (rules.length === 0) return undefined
  return preparePolicies(Object.fromEntries(rules.map(({ id, policy }) => [id, policy.text])))
}

/** The scope's opinion; `lifted` are approvals of exactly this question, `asker` is whom none of them may come from. */
export function opinionOf(slice: Slice, asked: Question, asker: string, lifted: readonly Lifted[]): Opinion {
  const { scope, rules, reads, everything, permits } = slice
  if (everything === undefined) return nothingPermits(scope)
  const question = reads === undefined ? asked : showOnly(reads, asked)
  const verdict = evaluate(question, everything)
  if (verdict.failed.length > 0) {
    const failures = verdict.failed.map(({ policy, message }) =>
      reason(scope, policy, 'forbid', `it failed: ${message}`),
    )
    return { barred: true, reasons: sorted(failures), escalations: [] }
  }
  const spoke = sorted(verdict.because.flatMap(id => rules.get(id) ?? []).map(rule => ({ ...rule, rule: rule.id })))
  if (verdict.allowed) {
    return { barred: false, reasons: spoke.map(({ id, text }) => reason(scope, id, 'permit', text)), escalations: [] }
  }
  if (spoke.length === 0) return nothingPermits(scope)

  const hard = spoke.some(({ lift }) => lift === undefined)
  // Lifting a forbid permits nothing: some policy must still permit it.
  if (!hard && !(permits !== undefined && evaluate(question, permits).allowed)) return nothingPermits(scope)
  const heard = spoke.map(rule => ({ rule, by: lifters(scope, rule, asker, lifted) }))
  return {
    barred: hard,
    reasons: heard.map(({ rule: { id, text }, by }) =>
      by === undefined
        ? reason(scope, id, 'forbid', text)
        : reason(scope, id, 'permit', `lifted by ${by.join(', ')}: ${text}`),
    ),
    escalations: heard.flatMap(({ rule: { id, lift, text }, by }) =>
      lift === undefined || by !== undefined ? [] : [{ scope, rule: id, ...lift, text }],
    ),
  }
}

/** The people who lifted a rule, when they are enough. */
function lifters(
  scope: string,
  { id, lift }: Rule,
  asker: string,
  lifted: readonly Lifted[],
): readonly string[] | undefined {
  if (lift === undefined) return undefined
  const people = lifted.filter(one => one.scope === scope && one.rule === id).map(one => [...new Set(one.by)])
  return people.find(by => by.length >= lift.quorum && !by.includes(asker))
}

/** The opinion of a scope in which `rule` alone stands in the way. */
export function barred(scope: string, rule: string, text: string): Opinion {
  return { barred: true, reasons: [reason(scope, rule, 'forbid', text)], escalations: [] }
}

function nothingPermits(scope: string): Opinion {
  return barred(scope, '(no permit)', 'no policy permits it')
}

function reason(scope: string, rule: string, effect: RuleReason['effect'], text: string): RuleReason {
  return { scope, rule, effect, text }
}

// Plain comparison: the order of reasons must not depend on the machine's language.
function sorted<T extends { readonly rule: string }>(things: readonly T[]): readonly T[] {
  return [...things].sort((a, b) => (a.rule < b.rule ? -1 : a.rule > b.rule ? 1 : 0))
}
