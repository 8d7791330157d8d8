/** From goal to plan, for a claimed run: composed, verified, and planned again when it cannot go on as it is. */
import { MusterError } from '../core/index.ts'
import { plan, verify } from '../planner/index.ts'
import type { Verdict } from './conclude.ts'
import { quotePlan } from './estimate.ts'
import type { Flow } from './hall.ts'
import { openProblem } from './problem.ts'
import { replan } from './replan.ts'

/** Makes sure that the run has a verified plan; a verdict when there is none to be had. */
export async function adoptPlan(flow: Flow): Promise<Verdict | undefined> {
  const { state } = flow.journal
  if (state.plan !== undefined) {
    if (state.broken.size > 0 || state.changed) await replan(flow, state.plan)
    return undefined
  }
  if (state.goal === undefined) throw new MusterError('internal', 'there is no goal to plan for')
  const end = (reason: string): Verdict => ({ outcome: 'failed', reason, outputs: {} })
  const problem = openProblem(flow)
  if ('unknown' in problem) return end(`no capability here speaks of \`${problem.unknown}\``)
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
