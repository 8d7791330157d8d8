/**
 * A dry run: what a goal would lead to. Nothing is written and nobody works; agents are only asked what they would offer. So
 * the plan is the composed one: where plans are drafted it says who would be asked for one, and asks for none.
 */
import { type BidRound, capabilityId } from '../agents/index.ts'
import { type Concept, MusterError } from '../core/index.ts'
import { checkGoal, conceptNameOf, limitsOf, parseGoal } from '../intent/index.ts'
import { place } from '../placement/index.ts'
import type { Escalation } from '../policy/index.ts'
import {
  drawPlan,
  type Forecast,
  forecast,
  type Plan,
  plan,
  type Planned,
  type Problem,
  saySupposition,
  sayUnlocked,
  type StepForecast,
  type StepReason,
  suppose,
  type Supposition,
} from '../planner/index.ts'
import { contendersOf } from './estimate.ts'
import type { Hall } from './hall.ts'
import { knownConcept, problemOf } from './problem.ts'
import { askQuotes } from './quote.ts'
import { type TouchedData, touchedBy } from './touched.ts'

/** What would happen to one step: its forecast, and who would do it where. */
export interface PreviewedStep extends StepForecast {
  readonly effect: string
  /** The agent whose offer is best now, and its owner; undefined when nobody offers. */
  readonly agent: string | undefined
  readonly domain: string | undefined
  /** Others whose offers are nearly as good: any of them might do it. */
  readonly others: readonly string[]
  readonly place: string
  /** Who may have to approve it, by which rule; whether they must is known once its arguments are. */
  readonly approvals: readonly Escalation[]
}

/** Why a plan is as it is. */
export interface PlanExplanation {
  /** For each step what needs it, and what could have stood there instead. */
  readonly why: readonly StepReason[]
  /** What would have to be true for a shorter or cheaper plan, what saves most first; as data and in words. */
  readonly suppositions: readonly (Omit<Supposition, 'plan'> & { readonly words: string })[]
}

/** What a goal would lead to. */
export interface Preview {
  readonly plan: Plan
  /** Who would be asked for a plan before this one is taken, and how often at most. */
  readonly drafter: { readonly capability: string; readonly rounds: number } | undefined
  readonly forecast: Omit<Forecast, 'steps'>
  readonly steps: readonly PreviewedStep[]
  readonly data: readonly TouchedData[]
  /** Who may have to approve the plan as a whole. */
  readonly approvals: readonly Escalation[]
  /** Why it is so; undefined when nobody asked. */
  readonly explanation: PlanExplanation | undefined
  /** The plan as a Mermaid flowchart. */
  readonly picture: string
}

/**
 * Plans a typed goal and asks who would do it and where; explains the plan when `explain` asks for it, which takes longer.
 * Throws `bad-input`, or `no-plan` naming what cannot be had and what would help.
 */
export async function previewGoal(
  hall: Hall,
  value: unknown,
  { explain, signal }: { readonly explain: boolean; readonly signal: AbortSignal },
): Promise<Preview> {
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
        hint:
          sayUnlocked(suppose(problem, planned)) ??
          'give more data, want something else, or register an agent that offers it',
      },
    )
  }
  const capabilities = planned.plan.steps.map(({ capability }) => capability)
  const rounds = await askQuotes(hall, capabilities, { budget, deadline, tradeoff: goal.tradeoff }, signal)
  const { steps: forecasts, ...whole } = forecast(planned.plan, problem)
  const steps = forecasts.map(step => previewStep(hall, step, rounds.get(step.capability)))
  // Whoever bids may get it in the end.
  const domainsOf = (step: string) => {
    const capability = steps.find(one => one.step === step)?.capability ?? ''
    return rounds.get(capability)?.ranked.flatMap(({ bid }) => hall.registry.agent(bid.agent)?.domain ?? []) ?? []
  }
  return {
    plan: planned.plan,
    drafter: hall.drafter && { capability: capabilityId(hall.drafter.capability), rounds: hall.drafter.rounds },
    forecast: whole,
    steps,
    data: touchedBy(planned.plan, given, hall.registry, domainsOf),
    approvals: hall.guard.mayAsk('plan', 'home'),
    explanation: explain ? explainPlan(problem, planned) : undefined,
    picture: drawPlan(planned.plan),
  }
}

function explainPlan(problem: Problem, planned: Extract<Planned, { kind: 'planned' }>): PlanExplanation {
  const suppositions = suppose(problem, planned).map(one => {
    const { plan: _, ...told } = one
    return { ...told, words: saySupposition(one) }
  })
  return { why: planned.why(), suppositions }
}

function previewStep(hall: Hall, step: StepForecast, round: BidRound | undefined): PreviewedStep {
  const { registry, node, guard } = hall
  const capability = registry.capability(step.capability)
  if (capability === undefined)
    throw new MusterError('internal', `the plan speaks of \`${step.capability}\`, which nobody offers`)
  const [best, ...others] = contendersOf(round ?? { ranked: [] })
  const agent = registry.agent(best?.bid.agent ?? '')
  const view = node.view()
  const placement = place(
    {
      agent: agent?.id ?? '',
      work: capability.needs.work ?? 'control',
      needs: capability.needs,
      models: agent?.models ?? [],
    },
    { nodes: [{ view, free: view.capacity }] },
  )
  return {
    ...step,
    effect: capability.effect,
    agent: agent?.id,
    domain: agent?.domain,
    others: others.map(({ bid }) => bid.agent),
    place: placement.kind === 'placed' ? `${placement.node}/${placement.device}` : placement.reason,
    approvals: guard.mayAsk(capability.name, agent?.domain ?? 'home'),
  }
}
