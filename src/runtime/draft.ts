/**
 * From goal to draft, for a claimed run. Asking for a draft is a step like any other: guarded, hired, paid and recorded; what
 * becomes of the answer is decided without a model, so a recorded draft is never asked for twice. Whatever goes wrong here,
 * the plan is composed.
 */
import { capabilityId } from '../agents/index.ts'
import { joinLabels, MusterError, parse } from '../core/index.ts'
import {
  type Drafter,
  matchingPart,
  outOfReach,
  type Plan,
  plan,
  PlanDraft,
  type Problem,
  requestDraft,
  sealPlan,
  settleDraft,
} from '../planner/index.ts'
import { openRef, sealInputs } from './bind.ts'
import { quotePlan } from './estimate.ts'
import type { PlanOrigin } from './event.ts'
import type { Flow } from './hall.ts'
import { pursue } from './pursue.ts'

/** What came of asking for a draft. */
export type Drafted =
  | { readonly kind: 'drafted'; readonly plan: Plan; readonly origin: PlanOrigin }
  | { readonly kind: 'waiting'; readonly until: number }
  /** `because`: why, where there is somebody to ask. */
  | { readonly kind: 'none'; readonly because?: string }

type Unfit = Extract<ReturnType<typeof settleDraft>, { kind: 'unfit' }>

/** Obtains a plan from the drafter. `problemNow` is what is to be planned with the money that is left at that moment. */
export async function obtainDraft(flow: Flow, problemNow: () => Problem): Promise<Drafted> {
  const { drafter, journal, store } = flow
  const { state } = journal
  if (drafter === undefined) return { kind: 'none' }
  let previous: Unfit | undefined
  for (let round = 1; round <= drafter.rounds; round++) {
    const id = `draft-${round}`
    if (!state.steps.has(id)) {
      const unasked = await ask(flow, drafter, id, problemNow(), previous)
      if (unasked !== undefined) return { kind: 'none', because: unasked }
    }
    const pursuit = await pursue(flow, [id])
    if (pursuit.kind === 'waiting') return pursuit
    const status = state.steps.get(id)?.status
    if (status?.kind !== 'succeeded') {
      const reason = status?.kind === 'dropped' ? status.reason : 'the run was cancelled'
      return { kind: 'none', because: `step \`${id}\` gave no draft: ${reason}` }
    }
    const output = status.outputs[drafter.ports.draft]
    if (output === undefined) throw new MusterError('internal', 'the drafting has no output')
    const written = await parse(PlanDraft.schema, await openRef(store, output), 'the draft')
    const settled = settleDraft(written, problemNow())
    if (settled.kind === 'plan') {
      const { plan: settledPlan, issues, changes } = settled
      return { kind: 'drafted', plan: settledPlan, origin: { kind: 'drafted', step: id, round, issues, changes } }
    }
    previous = settled
  }
  const reasons = previous?.issues.map(({ step, reason }) => (step === undefined ? reason : `\`${step}\`: ${reason}`))
  const drafts = drafter.rounds === 1 ? 'the draft' : `none of ${drafter.rounds} drafts`
  return {
    kind: 'none',
    because: `${drafts} could ${drafter.rounds === 1 ? 'not ' : ''}be repaired: ${reasons?.join('; ')}`,
  }
}

/** Makes the step that asks for a draft; or says why there is no sense in asking. */
async function ask(
  flow: Flow,
  drafter: Drafter,
  id: string,
  problem: Problem,
  previous: Unfit | undefined,
): Promise<string | undefined> {
  const { journal } = flow
  const { state } = journal
  const { capability, matcher, ports } = drafter
  const lost = outOfReach(problem)
  if (lost.length > 0) return `nothing that is offered here leads to ${lost.map(name => `\`${name}\``).join(', ')}`
  const step = { id, capability: capabilityId(capability), inputs: {}, after: [] }
  const planned = plan(problem)
  const composed = planned.kind === 'planned' ? planned.plan : undefined
  if (composed !== undefined) {
    // Drafting must not eat the money without which there is no plan at all.
    const both = sealPlan([...composed.steps, step], composed.wanted)
    const { cost } = await quotePlan(flow, both, problem, flow.signal)
    const costly = cost.likely > (problem.budget ?? Infinity)
    if (costly) return 'the budget does not last for drafting and for the plan'
  }
  const objective = state.goal?.objective ?? ''
  const request = requestDraft(problem, {
    objective,
    time: state.goal?.limits.deadline ?? '',
    part: matchingPart(problem, { objective, matcher, composed, drafter: capability }),
    previous,
  })
  const { refs, blobs } = sealInputs(capability.takes, { [ports.request]: request }, ({ sensitivity }) =>
    joinLabels([
      { trusted: false, origins: [state.principal.id], sensitivity },
      ...(state.text === undefined ? [] : [state.text.labels]),
    ]),
  )
  await journal.append([{ type: 'step.called', step, parent: undefined, inputs: refs }], blobs)
  return undefined
}
