/**
 * The guard answers one question: may it.
 *
 * 1. Nothing is permitted that no policy permits, in every scope that applies; the strictest scope decides.
 * 2. A forbid gives way only to an approval of exactly this request by enough people, and never to the one who asks;
 *    everything else is evaluated as if there were no approval.
 * 3. What cannot be evaluated is forbidden, and no approval lifts that.
 * 4. The ruling depends on the policies and the request alone: not on the order of policies, files or earlier rulings.
 */
import { type Capability, capabilityId } from '../agents/index.ts'
import { type Digest, digestOf, MusterError } from '../core/index.ts'
import { barred, type Opinion, opinionOf, type Slice, sliceOf } from './opinion.ts'
import { digestOfRequest, questionOf } from './question.ts'
import type { Escalation, GuardRequest, Lifted, Ruling } from './request.ts'
import { homeScope, type PolicyScope, readScopes, type ScopeRules } from './scope.ts'
import { type Action, actionsOf, planAction } from './vocabulary.ts'

/** Rules on requests. */
export interface Guard {
  /** The digest of every policy in force. */
  readonly policies: Digest
  /** Answers, and never throws: what cannot be evaluated is forbidden, with the reason. */
  rule(request: GuardRequest, lifted: readonly Lifted[]): Ruling
  /**
   * Whom a step of `capability` (its name) could be put to when an agent of `domain` does it. Whether it will be is only
   * known once its arguments are.
   */
  mayAsk(capability: string, domain: string): readonly Escalation[]
}

/**
 * A guard over the policies of `scopes`, about `capabilities`. Scope `home` rules on everything; a scope named after a
 * domain rules besides on what agents of that domain would do. Throws `bad-config` naming every policy that does not
 * fit, with its file and line.
 */
export function createGuard(options: {
  readonly scopes: readonly PolicyScope[]
  readonly capabilities: readonly Capability[]
}): Guard {
  const actions = actionsOf(options.capabilities)
  const scopes = compile(options.scopes, actions)
  const policies = digestOfPolicies(scopes)
  const slices = new Map<string, Slice>()

  const sliceFor = (scope: string, action: Action): Slice | undefined => {
    const rules = scopes.get(scope)
    const key = `${action.name} ${scope}`
    const slice = slices.get(key) ?? (rules && sliceOf(scope, rules, action))
    if (slice !== undefined) slices.set(key, slice)
    return slice
  }

  const opinionsOn = (request: GuardRequest, digest: Digest, lifted: readonly Lifted[]): readonly Opinion[] => {
    const action = actionFor(request, actions)
    const question = questionOf(request, action)
    const valid = lifted.filter(lift => lift.digest === digest)
    const domain = request.phase === 'plan' ? undefined : request.agent?.domain
    const applying = new Set([homeScope, domain ?? homeScope])
    return [...applying].flatMap(scope => {
      const slice = sliceFor(scope, action)
      return slice === undefined ? [] : [opinionOf(slice, question, request.principal.id, valid)]
    })
  }

  return {
    policies,
    rule(request, lifted) {
      const { phase } = request
      let digest = digestOf({ run: request.run, step: request.step ?? null, policies })
      try {
        digest = digestOfRequest(request, policies)
        return combine({ phase, digest, policies }, opinionsOn(request, digest, lifted))
      } catch (error) {
        const why = error instanceof Error ? error.message : String(error)
        return combine({ phase, digest, policies }, [
          barred(homeScope, '(error)', `the request cannot be ruled on: ${why}`),
        ])
      }
    },
    mayAsk(capability, domain) {
      const action = actions.get(capability)
      if (action === undefined) return []
      return [...new Set([homeScope, domain])].flatMap(scope => sliceFor(scope, action)?.escalations ?? [])
    },
  }
}

function compile(
  scopes: readonly PolicyScope[],
  actions: ReadonlyMap<string, Action>,
): ReadonlyMap<string, ScopeRules> {
  const names = scopes.map(({ scope }) => scope)
  if (!names.includes(homeScope) || new Set(names).size < names.length) {
    throw new MusterError('bad-config', `policies need the scope \`${homeScope}\`, and every scope once`, {
      hint: 'put the policies of one owner into one scope',
    })
  }
  const { rules, issues } = readScopes(scopes, actions)
  const errors = issues.filter(({ severity }) => severity === 'error')
  if (errors.length > 0) {
    const lines = errors.map(({ file, line, message }) => `${file}:${line}: ${message}`)
    throw new MusterError('bad-config', `policies do not fit: ${lines.join('; ')}`, {
      hint: 'correct the lines that are named; `muster doctor` checks them all',
    })
  }
  return rules
}

function digestOfPolicies(scopes: ReadonlyMap<string, ScopeRules>): Digest {
  const texts = [...scopes].map(([scope, rules]) => [
    scope,
    Object.fromEntries([...rules].map(([id, { policy }]) => [id, policy.text])),
  ])
  return digestOf(Object.fromEntries(texts))
}

function actionFor({ phase, capability }: GuardRequest, actions: ReadonlyMap<string, Action>): Action {
  const action = actions.get(phase === 'plan' ? planAction : capability.name)
  if (action !== undefined && (phase === 'plan' || action.versions.includes(capabilityId(capability)))) return action
  throw new MusterError('not-found', `capability \`${capabilityId(capability)}\` is not known`)
}

function combine(head: Pick<Ruling, 'phase' | 'digest' | 'policies'>, opinions: readonly Opinion[]): Ruling {
  const ruled = { ...head, reasons: opinions.flatMap(({ reasons }) => reasons) }
  const escalations = opinions.flatMap(opinion => opinion.escalations)
  if (opinions.length === 0 || opinions.some(opinion => opinion.barred)) return { ...ruled, decision: 'forbid' }
  return escalations.length > 0 ? { ...ruled, decision: 'escalate', escalations } : { ...ruled, decision: 'permit' }
}
