/** From goal to plan, for a claimed run: drafted or composed, verified, and planned again when it cannot go on as it is. */
import { MusterError } from '../core/index.ts'
import { explainUse, type Plan, plan, type Problem, type StepReason, verify } from '../planner/index.ts'
import { cancelledBy, type Verdict } from './conclude.ts'
import { obtainDraft } from './draft.ts'
import type { PlanOrigin } from './event.ts'
import type { Flow } from './hall.ts'
import { openProblem } from './problem.ts'
import { quotePlan } from './quote.ts'
import { replan } from './replan.ts'
import { isOvertaken } from './run.ts'

/** What came of planning: there is a plan, somebody must act first, or the run ends here. */
export type Adopted =
  | { readonly kind: 'adopted' }
  | { readonly kind: 'waiting'; readonly until: number }
  | { readonly kind: 'end'; readonly verdict: Verdict }

/** Makes sure that the run has a verified plan. */
export async function adoptPlan(flow: Flow): Promise<Adopted> {
  const { state } = flow.journal
  if (state.plan !== undefined) {
    if (isOvertaken(state)) await replan(flow, state.plan)
    return { kind: 'adopted' }
  }
  if (state.goal === undefined) throw new MusterError('internal', 'there is no goal to plan for')
  const drafted = await obtainDraft(flow)
  if (drafted.kind === 'waiting') return drafted
  if (state.cancelled !== undefined) return { kind: 'end', verdict: cancelledBy(state.cancelled) }
  const problem = openProblem(flow)
  if ('unknown' in problem) return end(`no capability here speaks of \`${problem.unknown}\``)
  if (drafted.kind === 'drafted')
    return adopt(flow, problem, drafted.plan, drafted.origin, explainUse(drafted.plan, problem))
  const composed = plan(problem)
  const { because } = drafted
  if (composed.kind === 'unsolvable') {
    const lost = composed.missing.map(({ what, because }) => `\`${what}\` cannot be had: ${because}`)
    return end([...lost, ...(because === undefined ? [] : [`nor was one drafted: ${because}`])].join('; '))
  }
  const origin: PlanOrigin = { kind: 'composed', ...(because === undefined ? {} : { because }) }
  return adopt(flow, problem, composed.plan, origin, composed.why())
}

function end(reason: string): Adopted {
  return { kind: 'end', verdict: { outcome: 'failed', reason, outputs: {} } }
}

async function adopt(
  flow: Flow,
  problem: Problem,
  plan: Plan,
  origin: PlanOrigin,
  why: readonly StepReason[],
): Promise<Adopted> {
  const { journal } = flow
  const issues = verify(plan, problem)
  if (issues.length > 0) return end(`the plan is not valid: ${issues.map(({ reason }) => reason).join('; ')}`)
  const forecast = await quotePlan(flow, plan, problem, flow.signal)
  const revision = journal.state.revision + 1
  await journal.append([{ type: 'plan.adopted', plan, revision, origin, forecast, why }])
  return { kind: 'adopted' }
}
