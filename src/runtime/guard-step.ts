/** What the guard is asked about a step, and what people have already lifted for it. */
import type { Capability } from '../agents/index.ts'
import { digestOf, joinLabels } from '../core/index.ts'
import type { GuardRequest, Lifted } from '../policy/index.ts'
import type { Bound } from './bind.ts'
import type { Flow } from './hall.ts'
import type { StepState } from './step-state.ts'

/** The question to the guard about a step's inputs. */
export function guardRequest(
  flow: Flow,
  { step, plan }: StepState,
  capability: Capability,
  bound: Bound,
  doer: { readonly agent: string; readonly price: number },
): GuardRequest {
  const { state } = flow.journal
  const agent = flow.registry.agent(doer.agent)
  // What an untrusted objective has talked a drafter into is as little trusted, whatever data it is done with.
  const changesWorld = capability.effect === 'writes' || capability.effect === 'acts'
  const steeredBy = changesWorld && plan !== undefined ? state.steeredBy : undefined
  return {
    phase: 'before',
    principal: state.principal,
    run: state.run,
    step: step.id,
    capability: { name: capability.name, version: capability.version, effect: capability.effect },
    ...(agent === undefined ? {} : { agent: { id: agent.id, domain: agent.domain } }),
    input: bound.values,
    labels: steeredBy === undefined ? bound.labels : joinLabels([bound.labels, steeredBy]),
    price: doer.price,
    plan: plan ?? digestOf(step),
  }
}

/** Approvals that were given for a step. */
export function liftedFor({ journal }: Flow, step: string): readonly Lifted[] {
  const lifted: Lifted[] = []
  for (const approval of journal.state.approvals.values()) {
    if (approval.step !== step || approval.outcome.status !== 'approved') continue
    const { id, scope, rule, digest, votes } = approval
    lifted.push({ approval: id, scope, rule, digest, by: votes.map(vote => vote.by) })
  }
  return lifted
}
