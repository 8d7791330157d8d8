/** From goal to plan, for a claimed run: composed, verified, and ruled on as a whole before its first step. */
import { type Concept, joinLabels, MusterError } from '../core/index.ts'
import { effects, type Effect } from '../agents/index.ts'
import { plan, type Problem, verify } from '../planner/index.ts'
import { type GuardRequest, openApprovals } from '../policy/index.ts'
import { approvalWrite, endBy } from './ask.ts'
import { cancelledBy, type Verdict } from './conclude.ts'
import { whyForbidden } from './drop.ts'
import { quotePlan } from './estimate.ts'
import type { RecordedGoal } from './event.ts'
import type { Flow, Hall } from './hall.ts'
import { closeApprovals } from './inbox.ts'
import type { RunState } from './run.ts'

/** What the planner is asked for a goal whose given data is known by concept. */
export function problemOf(
  hall: Hall,
  given: Readonly<Record<string, Concept>>,
  { wanted, perform }: Pick<RecordedGoal, 'wanted' | 'perform'>,
  budget: number,
): Problem {
  return {
    capabilities: hall.registry.capabilities,
    given,
    wanted: wanted.map(name => knownConcept(hall, name)),
    methods: hall.registry.methods,
    ...(perform === undefined ? {} : { perform }),
    estimate: capability => hall.estimates.of(capability),
    budget,
  }
}

/** The concept of that name; throws `no-plan` when no capability speaks of it. */
export function knownConcept({ registry }: Hall, name: string): Concept {
  const concept = registry.concept(name)
  if (concept !== undefined) return concept
  throw new MusterError('no-plan', `no capability speaks of \`${name}\``, {
    hint: 'see `muster agents` for what is offered here',
  })
}

/** Makes sure that the run has a verified plan; a verdict when there is none to be had. */
export async function adoptPlan(flow: Flow): Promise<Verdict | undefined> {
  const { state } = flow.journal
  if (state.plan !== undefined) return undefined
  if (state.goal === undefined) throw new MusterError('internal', 'there is no goal to plan for')
  const end = (reason: string): Verdict => ({ outcome: 'failed', reason, outputs: {} })
  const unknown = [...Object.values(state.given).map(({ concept }) => concept), ...state.goal.wanted].find(
    name => flow.registry.concept(name) === undefined,
  )
  // Accepted by a process that knew it, and taken up by one that does not.
  if (unknown !== undefined) return end(`no capability here speaks of \`${unknown}\``)
  const given = Object.fromEntries(
    Object.entries(state.given).map(([name, ref]) => [name, knownConcept(flow, ref.concept)]),
  )
  const problem = problemOf(flow, given, state.goal, state.budget - state.spent)
  const planned = plan(problem)
  if (planned.kind === 'unsolvable') {
    return end(planned.missing.map(({ what, because }) => `\`${what}\` cannot be had: ${because}`).join('; '))
  }
  const issues = verify(planned.plan, problem)
  if (issues.length > 0) return end(`the plan is not valid: ${issues.map(({ reason }) => reason).join('; ')}`)
  const forecast = await quotePlan(flow, planned.plan, problem, flow.signal)
  await flow.journal.append([
    { type: 'plan.adopted', plan: planned.plan, revision: state.revision + 1, forecast, why: planned.why() },
  ])
  return undefined
}

/** What came of the review: the plan may run, people must answer, or it is denied. */
export type Reviewed =
  | { readonly kind: 'permitted' }
  | { readonly kind: 'waiting' }
  | { readonly kind: 'end'; readonly verdict: Verdict }

/** Asks every scope about the whole plan. */
export async function reviewPlan(flow: Flow): Promise<Reviewed> {
  const { journal, guard, clock, ids } = flow
  const { state } = journal
  if (state.planRuling?.decision === 'permit') return { kind: 'permitted' }
  if (state.cancelled !== undefined) return { kind: 'end', verdict: cancelledBy(state.cancelled) }
  await closeApprovals(flow)
  const asked = [...state.approvals.values()].filter(approval => approval.step === undefined)
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
    labels: joinLabels(Object.values(state.given).map(({ labels }) => labels)),
    price,
    plan: state.plan.digest,
  }
}
