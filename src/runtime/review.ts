/** Whether a plan may be carried out: every scope rules on it as a whole, before its first step and when a revision grows. */
import { effects, type Effect } from '../agents/index.ts'
import { joinLabels, MusterError } from '../core/index.ts'
import type { Forecast, Plan } from '../planner/index.ts'
import { type GuardRequest, openApprovals } from '../policy/index.ts'
import { approvalWrite, endBy } from './ask.ts'
import { cancelledBy, type Verdict } from './conclude.ts'
import { whyForbidden } from './drop.ts'
import type { Revision } from './event.ts'
import type { Flow } from './hall.ts'
import { closeApprovals } from './inbox.ts'
import type { RunState } from './run.ts'

/** What came of the review: the plan may run, people must answer, or it is denied. */
export type Reviewed =
  | { readonly kind: 'permitted' }
  | { readonly kind: 'waiting' }
  /** Limits or data have changed meanwhile: the plan must be looked at first. */
  | { readonly kind: 'overtaken' }
  | { readonly kind: 'end'; readonly verdict: Verdict }

/** Asks every scope about the whole plan. */
export async function reviewPlan(flow: Flow): Promise<Reviewed> {
  const { journal, guard, clock, ids } = flow
  const { state } = journal
  if (state.planRuling?.decision === 'permit') return { kind: 'permitted' }
  if (state.cancelled !== undefined) return { kind: 'end', verdict: cancelledBy(state.cancelled) }
  await closeApprovals(flow)
  if (state.changed) return { kind: 'overtaken' }
  const asked = state.planApprovals.flatMap(id => state.approvals.get(id) ?? [])
  const no = asked.find(({ outcome }) => !['open', 'approved'].includes(outcome.status))
  if (no !== undefined)
    return denied(`the plan was not approved: ${'reason' in no.outcome ? no.outcome.reason : no.text}`)
  if (asked.some(({ outcome }) => outcome.status === 'open')) return { kind: 'waiting' }

  const request = planRequest(flow, state)
  const lifted = asked.map(({ id, scope, rule, digest, votes }) => ({
    approval: id,
    scope,
    rule,
    digest,
    by: votes.map(({ by }) => by),
  }))
  const ruling = guard.rule(request, lifted)
  const ruled = { type: 'plan.ruled', ruling } as const
  if (ruling.decision === 'permit') {
    await journal.append([ruled])
    return { kind: 'permitted' }
  }
  if (ruling.decision === 'forbid') {
    await journal.append([ruled])
    return denied(whyForbidden(ruling))
  }
  const approvals = openApprovals(ruling, request, { ids, askedBy: [state.principal.id], askedAt: clock.now() }).map(
    approval => endBy(approval, state.deadline),
  )
  await journal.append(
    [ruled, ...approvals.map(approval => ({ type: 'approval.requested', approval }) as const)],
    approvals.map(approval => approvalWrite(approval, 0)),
  )
  return { kind: 'waiting' }
}

function denied(reason: string): Reviewed {
  return { kind: 'end', verdict: { outcome: 'denied', reason, outputs: {} } }
}

function planRequest({ registry }: Flow, state: RunState): GuardRequest {
  if (state.plan === undefined) throw new MusterError('internal', 'there is no plan to review')
  const capabilities = state.plan.steps.flatMap(({ capability }) => registry.capability(capability) ?? [])
  const strongest = Math.max(0, ...capabilities.map(({ effect }) => effects.indexOf(effect)))
  const effect: Effect = effects[strongest] ?? 'acts'
  const price = state.forecast?.cost.high ?? state.budget
  return {
    phase: 'plan',
    principal: state.principal,
    run: state.run,
    capability: { name: 'plan', version: 1, effect },
    input: { capabilities: capabilities.map(({ name }) => name).sort() },
    labels: joinLabels([
      ...Object.values(state.given).map(({ labels }) => labels),
      ...(state.steeredBy === undefined ? [] : [state.steeredBy]),
    ]),
    price,
    plan: state.plan.digest,
  }
}

// Sums of prices and chances in different orders differ by less.
const rounding = 1e-6

/**
 * Whether what was permitted covers a revision: it may cost, risk and change no more than the plan that was ruled on, from
 * the same data and under the same policies.
 */
export function reviewOf({ journal, guard, registry }: Flow, revised: Plan, forecast: Forecast): Revision['review'] {
  const { state } = journal
  const { permitted, planRuling } = state
  const anew = (because: string): Revision['review'] => ({ kind: 'anew', because })
  if (permitted === undefined || planRuling?.decision !== 'permit') return anew('no plan was permitted before')
  if (planRuling.policies !== guard.policies) return anew('the policies have changed')
  const more = Object.keys(state.given).find(name => !Object.hasOwn(permitted.given, name))
  if (more !== undefined) return anew(`\`${more}\` was given since`)
  const known = new Set(permitted.plan.steps.map(({ capability }) => capability))
  const stronger = revised.steps.find(({ capability }) => {
    const effect = registry.capability(capability)?.effect ?? 'acts'
    return !known.has(capability) && (effect === 'writes' || effect === 'acts')
  })
  if (stronger !== undefined) return anew(`\`${stronger.capability}\` changes the world and was not in the plan before`)
  if (state.spent + forecast.cost.high > permitted.spent + permitted.forecast.cost.high + rounding)
    return anew('at worst it costs more than what was permitted')
  if (forecast.risk > permitted.forecast.risk + rounding) return anew('it is riskier than what was permitted')
  return { kind: 'stands', because: 'it costs, risks and changes no more than what was permitted' }
}
