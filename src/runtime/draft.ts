/**
 * From goal to draft, for a claimed run. Asking for a draft is a step like any other: guarded, hired, paid and recorded; what
 * becomes of the answer is decided without a model, so a recorded draft is never asked for twice. Whatever goes wrong here,
 * the plan is composed.
 */
import { type Capability, capabilityId } from '../agents/index.ts'
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
  type Settled,
  verify,
} from '../planner/index.ts'
import { openRef, sealInputs } from './bind.ts'
import { quotePlan } from './quote.ts'
import type { PlanOrigin } from './event.ts'
import type { Flow } from './hall.ts'
import { openProblem } from './problem.ts'
import { pursue } from './pursue.ts'
import type { RunState } from './run.ts'

/** What came of asking for a draft. */
export type Drafted =
  | { readonly kind: 'drafted'; readonly plan: Plan; readonly origin: PlanOrigin }
  | { readonly kind: 'waiting'; readonly until: number }
  /** `because`: why, where there is somebody to ask. */
  | { readonly kind: 'none'; readonly because?: string }

type Unfit = Extract<Settled, { kind: 'unfit' }>

// Prices are learned by asking, so a plan may turn out too dear and be settled anew.
const mostQuotes = 3

// Issues that are told in words; all of them follow from the draft, which is in the journal.
const mostReasons = 5

/** Obtains a plan from the drafter, if there is one. */
export async function obtainDraft(flow: Flow): Promise<Drafted> {
  const { drafter, journal } = flow
  const { state } = journal
  if (drafter === undefined) return { kind: 'none' }
  let previous: Unfit | undefined
  for (let round = 1; round <= drafter.rounds; round++) {
    const id = `draft-${round}`
    const unasked = state.steps.has(id) ? undefined : await ask(flow, drafter, id, previous)
    if (unasked !== undefined) return { kind: 'none', because: unasked }
    const pursuit = await pursue(flow, [id])
    if (pursuit.kind === 'waiting') return pursuit
    const written = await readAnswer(flow, drafter, id)
    if ('because' in written) return { kind: 'none', because: written.because }
    const problem = openProblem(flow)
    if ('unknown' in problem) return { kind: 'none' }
    const settled = await settle(flow, written, problem)
    if (settled.kind === 'plan') {
      const { plan: made, issues, changes } = settled
      return { kind: 'drafted', plan: made, origin: { kind: 'drafted', step: id, round, issues, changes } }
    }
    previous = settled
  }
  return { kind: 'none', because: whyUnfit(drafter.rounds, previous) }
}

/** Makes the step that asks for a draft; or says why there is no sense in asking. */
async function ask(flow: Flow, drafter: Drafter, id: string, previous: Unfit | undefined): Promise<string | undefined> {
  const { journal } = flow
  const problem = openProblem(flow)
  if ('unknown' in problem) return `nobody here speaks of \`${problem.unknown}\``
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
    if (cost.likely > (problem.budget ?? Infinity)) return 'the budget does not last for drafting and for the plan'
  }
  const { objective = '', limits } = state.goal ?? {}
  const part = matchingPart(problem, { objective, matcher, composed, drafter: capability })
  await learnPrices(flow, part, problem)
  const request = requestDraft(problem, { objective, time: limits?.deadline ?? '', part, previous })
  const { refs, blobs } = sealInputs(capability.takes, { [ports.request]: request }, ({ sensitivity }) =>
    joinLabels([{ trusted: false, origins: [state.principal.id], sensitivity }, ...labelsOfText(state)]),
  )
  await journal.append([{ type: 'step.called', step, parent: undefined, inputs: refs }], blobs)
  return undefined
}

/** Has every capability of the part priced, so that the drafter is told what they cost. */
async function learnPrices(flow: Flow, part: readonly Capability[], problem: Problem): Promise<void> {
  const steps = part.map((capability, at) => ({
    id: `s${at + 1}`,
    capability: capabilityId(capability),
    inputs: {},
    after: [],
  }))
  await quotePlan(flow, sealPlan(steps, {}), problem, flow.signal)
}

// The objective of a goal that was read from a text is that text.
function labelsOfText({ text }: RunState) {
  return text === undefined ? [] : [text.labels]
}

/** What the drafter wrote, or why it wrote nothing. */
async function readAnswer(
  { journal, store }: Flow,
  { ports }: Drafter,
  id: string,
): Promise<PlanDraft | { readonly because: string }> {
  const status = journal.state.steps.get(id)?.status
  if (status?.kind !== 'succeeded') {
    const reason = status?.kind === 'dropped' ? status.reason : 'the run was cancelled'
    return { because: `step \`${id}\` gave no draft: ${reason}` }
  }
  const output = status.outputs[ports.draft]
  if (output === undefined) throw new MusterError('internal', 'the drafting has no output')
  return parse(PlanDraft.schema, await openRef(store, output), 'the draft')
}

/** Settles a draft until the plan holds at prices that have been asked for. */
async function settle(flow: Flow, written: PlanDraft, problem: Problem): Promise<Settled> {
  let settled = settleDraft(written, problem)
  for (let quotes = 0; settled.kind === 'plan' && quotes < mostQuotes; quotes++) {
    await quotePlan(flow, settled.plan, problem, flow.signal)
    const issues = verify(settled.plan, problem)
    if (issues.length === 0) return settled
    settled = quotes + 1 < mostQuotes ? settleDraft(written, problem) : { kind: 'unfit', draft: settled.plan, issues }
  }
  return settled
}

function whyUnfit(rounds: number, last: Unfit | undefined): string {
  const issues = last?.issues ?? []
  const reasons = issues
    .slice(0, mostReasons)
    .map(({ step, reason }) => (step === undefined ? reason : `\`${step}\`: ${reason}`))
  const more = issues.length > mostReasons ? ` and ${issues.length - mostReasons} more` : ''
  const which = rounds === 1 ? 'the draft could not' : `none of ${rounds} drafts could`
  return `${which} be repaired: ${reasons.join('; ')}${more}`
}
