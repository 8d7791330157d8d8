/**
 * A dry run: what a goal would lead to. Nothing is written and nobody works; agents are only asked what they would offer. So
 * the plan is the composed one: where plans are drafted it says who would be asked for one, and asks for none.
 */
import { capabilityId, holdAuction } from '../agents/index.ts'
import { type Concept, MusterError, runId } from '../core/index.ts'
import { checkGoal, conceptNameOf, limitsOf, parseGoal, sharesOf } from '../intent/index.ts'
import { place } from '../placement/index.ts'
import type { Escalation } from '../policy/index.ts'
import { drawPlan, type Forecast, type Plan, plan, type StepReason } from '../planner/index.ts'
import { quotePlan } from './estimate.ts'
import type { Hall } from './hall.ts'
import { knownConcept, problemOf } from './problem.ts'

/** What would happen to one step. */
export interface PreviewedStep {
  readonly step: string
  readonly capability: string
  readonly effect: string
  /** The agent whose offer is best now, and what it asks. */
  readonly agent: string | undefined
  /** Micro-dollars. */
  readonly price: number
  /** Milliseconds. */
  readonly time: number
  readonly place: string
  /** Who may have to approve it, by which rule; whether they must is known once its arguments are. */
  readonly approvals: readonly Escalation[]
}

/** What a goal would lead to. */
export interface Preview {
  readonly plan: Plan
  readonly forecast: Forecast
  readonly why: readonly StepReason[]
  /** Who would be asked for a plan before this one is taken, and how often at most. */
  readonly drafter: { readonly capability: string; readonly rounds: number } | undefined
  readonly steps: readonly PreviewedStep[]
  /** The plan as a Mermaid flowchart. */
  readonly picture: string
}

/** Plans a typed goal and asks who would do it and where. Throws `bad-input`, or `no-plan` naming what cannot be had. */
export async function previewGoal(hall: Hall, value: unknown, signal: AbortSignal): Promise<Preview> {
  const goal = parseGoal(value)
  await checkGoal(goal, hall.registry)
  const given: Record<string, Concept> = {}
  for (const name of Object.keys(goal.given)) given[name] = knownConcept(hall, conceptNameOf(name))
  const { budget, deadline } = limitsOf(goal)
  const problem = problemOf(hall, given, goal, budget)
  const planned = plan(problem)
  if (planned.kind === 'unsolvable') {
    throw new MusterError(
      'no-plan',
      planned.missing.map(({ what, because }) => `\`${what}\` cannot be had: ${because}`).join('; '),
      {
        hint: 'give more data, want something else, or register an agent that offers it',
      },
    )
  }
  const forecast = await quotePlan(hall, planned.plan, problem, signal)
  const view = hall.node.view()
  const steps = await Promise.all(
    planned.plan.steps.map(async (step): Promise<PreviewedStep> => {
      const capability = hall.registry.capability(step.capability)
      if (capability === undefined)
        throw new MusterError('internal', `the plan speaks of \`${step.capability}\`, which nobody offers`)
      const now = hall.clock.now()
      const round = await holdAuction({
        announcement: {
          id: hall.ids.next('call'),
          run: runId(hall.ids.next('run')),
          step: step.id,
          capability: step.capability,
          inputs: {},
          maxPrice: budget,
          closesAt: now + 250,
          finishBy: now + deadline,
          tradeoff: sharesOf(goal.tradeoff),
        },
        bidders: hall.registry.offering(step.capability),
        loadOf: agent => hall.load.get(agent) ?? 0,
        recordOf: agent => hall.records.of(agent, step.capability),
        clock: hall.clock,
        ids: hall.ids,
        signal,
      })
      const best = round.ranked[0]?.bid
      const placement = place(
        {
          agent: best?.agent ?? '',
          work: capability.needs.work ?? 'control',
          needs: capability.needs,
          models: hall.registry.agent(best?.agent ?? '')?.models ?? [],
        },
        { nodes: [{ view, free: view.capacity }] },
      )
      return {
        step: step.id,
        capability: step.capability,
        effect: capability.effect,
        agent: best?.agent,
        price: best?.price ?? 0,
        time: best?.time ?? 0,
        approvals: hall.guard.mayAsk(capability.name, hall.registry.agent(best?.agent ?? '')?.domain ?? 'home'),
        place: placement.kind === 'placed' ? `${placement.node}/${placement.device}` : placement.reason,
      }
    }),
  )
  const { drafter } = hall
  const asked = drafter && { capability: capabilityId(drafter.capability), rounds: drafter.rounds }
  return { plan: planned.plan, forecast, why: planned.why(), drafter: asked, steps, picture: drawPlan(planned.plan) }
}
