/** What a person sees of a run: its events, folded to what stands on the screen now. */
import type { BidRound } from '../../agents/index.ts'
import type { MicroUsd, Principal } from '../../core/index.ts'
import type { Placement } from '../../placement/index.ts'
import { type Forecast, originsOf, type Step } from '../../planner/index.ts'
import type { Approval, Ruling } from '../../policy/index.ts'
import type { DropCause, Outcome, PlanOrigin, Question, Revision, RunEvent } from '../../runtime/index.ts'

/** How far a step is. */
export type Standing =
  | { readonly kind: 'waiting' }
  | { readonly kind: 'asking' }
  /** `since`: milliseconds since 1970. */
  | { readonly kind: 'working'; readonly agent: string; readonly since: number }
  | { readonly kind: 'done'; readonly agent: string; readonly charged: MicroUsd; readonly took: number }
  | { readonly kind: 'dropped'; readonly cause: DropCause; readonly reason: string }

/** A step as it is shown. */
export interface StepView {
  readonly id: string
  readonly capability: string
  /** The step that called it, when it is not of the plan. */
  readonly parent: string | undefined
  /** What it takes, and steps that it waits for, such as `question` and `s1.customer`. */
  readonly needs: readonly string[]
  readonly standing: Standing
  /** Of the latest attempt. */
  readonly attempt: number
  readonly agent: string | undefined
  readonly bids: BidRound | undefined
  readonly placement: Extract<Placement, { kind: 'placed' }> | undefined
  /** The latest rulings on what goes in and on what came out. */
  readonly before: Ruling | undefined
  readonly after: Ruling | undefined
  /** What went wrong last, and what was done then. */
  readonly trouble: string | undefined
}

/** A run as it is shown. */
export interface RunView {
  readonly run: string
  /** The number of the last event in it. */
  readonly seq: number
  readonly principal: Principal
  readonly objective: string
  /** Milliseconds since 1970. */
  readonly declaredAt: number
  readonly deadline: number
  readonly budget: MicroUsd
  readonly understood: readonly { readonly text: string; readonly intent: string; readonly confidence: number }[]
  readonly outside: readonly string[]
  readonly question: { readonly question: Question; readonly expiresAt: number } | undefined
  readonly plan:
    | {
        readonly revision: number
        /** How the first plan came about. */
        readonly origin: PlanOrigin | undefined
        readonly forecast: Forecast
        readonly steps: number
        /** Why it took the place of another, and what has changed; undefined for the first. */
        readonly revised: Revision | undefined
      }
    | undefined
  readonly planRuling: Ruling | undefined
  readonly steps: readonly StepView[]
  /** Every question to people, as it stands now. */
  readonly approvals: readonly Approval[]
  readonly paused: { readonly by: string; readonly reason: string } | undefined
  readonly conclusion: { readonly outcome: Outcome; readonly reason: string; readonly spent: MicroUsd } | undefined
}

/** The view after a run's first event; undefined when that is not its declaration. */
export function startView(
  run: { readonly id: string; readonly objective: string },
  first: RunEvent,
): RunView | undefined {
  if (first.type !== 'goal.declared') return undefined
  return {
    run: run.id,
    seq: first.seq,
    principal: first.principal,
    objective: run.objective,
    declaredAt: first.at,
    deadline: first.deadline,
    budget: first.budget,
    understood: [],
    outside: [],
    question: undefined,
    plan: undefined,
    planRuling: undefined,
    steps: [],
    approvals: [],
    paused: undefined,
    conclusion: undefined,
  }
}

/** The view after one more event. */
export function foldView(view: RunView, event: RunEvent): RunView {
  return { ...view, ...changed(view, event), seq: event.seq }
}

function changed(view: RunView, event: RunEvent): Partial<RunView> {
  switch (event.type) {
    case 'goal.declared':
    case 'run.claimed':
      return {}
    case 'goal.interpreted': {
      const { understood, outside, deadline, budget } = event
      return { understood, outside, deadline, budget }
    }
    case 'question.asked':
      return { question: { question: event.question, expiresAt: event.expiresAt } }
    case 'question.answered':
      return { question: undefined }
    case 'plan.adopted': {
      const { plan, revision, origin = view.plan?.origin, forecast, revised } = event
      const steps = plan.steps.map(step => {
        const fresh = newStep(step, undefined)
        const known = view.steps.find(({ id }) => id === step.id)
        return known === undefined ? fresh : { ...known, capability: fresh.capability, needs: fresh.needs }
      })
      return {
        plan: { revision, origin, forecast, steps: plan.steps.length, revised },
        planRuling: revised?.review.kind === 'stands' ? view.planRuling : undefined,
        steps: [...view.steps.filter(({ id }) => !steps.some(step => step.id === id)), ...steps],
      }
    }
    case 'plan.doubted':
    case 'plan.kept':
      return {}
    case 'run.changed':
      return { budget: event.budget ?? view.budget, deadline: event.deadline ?? view.deadline }
    case 'plan.ruled':
      return { planRuling: event.ruling }
    case 'step.called':
      return { steps: [...view.steps, newStep(event.step, event.parent)] }
    case 'approval.requested':
    case 'approval.voted':
    case 'approval.closed': {
      const { approval } = event
      const approvals = [...view.approvals.filter(({ id }) => id !== approval.id), approval]
      if (approval.step === undefined) return { approvals }
      const asks = approvals.some(({ step, outcome }) => step === approval.step && outcome.status === 'open')
      const standing: Standing = { kind: asks ? 'asking' : 'waiting' }
      const open = ({ standing: { kind } }: StepView) => kind === 'asking' || kind === 'waiting'
      return { approvals, steps: stepsWith(view, approval.step, step => (open(step) ? { standing } : {})) }
    }
    case 'run.paused':
      return { paused: { by: event.by, reason: event.reason } }
    case 'run.resumed':
      return { paused: undefined }
    case 'run.cancelled':
      return {}
    case 'run.concluded': {
      const { outcome, reason, spent } = event
      return { question: undefined, conclusion: { outcome, reason, spent } }
    }
    case 'step.ruled':
    case 'step.assigned':
    case 'step.worked':
    case 'step.succeeded':
    case 'step.failed':
    case 'step.suspended':
    case 'step.dropped':
    case 'step.edited':
      return { steps: stepsWith(view, event.step, step => changedStep(step, event)) }
  }
}

type StepEvent = Exclude<Extract<RunEvent, { type: `step.${string}` }>, { type: 'step.called' }>

function changedStep(step: StepView, event: StepEvent): Partial<StepView> {
  switch (event.type) {
    case 'step.ruled': {
      const { agent = step.agent, ruling } = event
      return ruling.phase === 'after' ? { after: ruling } : { agent, before: ruling }
    }
    case 'step.assigned': {
      const { attempt, agent, bids, placement } = event
      return { attempt, agent, bids, placement, standing: { kind: 'working', agent, since: event.at } }
    }
    case 'step.worked':
    case 'step.suspended':
      return { standing: { kind: 'asking' } }
    case 'step.succeeded': {
      const { agent, charged, took } = event
      return { standing: { kind: 'done', agent, charged, took } }
    }
    case 'step.failed': {
      const { problem, next } = event
      return {
        standing: { kind: 'waiting' },
        trouble: `${problem.message}; then ${moveWords[next.kind]}: ${next.reason}`,
      }
    }
    case 'step.dropped':
      return { standing: { kind: 'dropped', cause: event.cause, reason: event.reason } }
    case 'step.edited':
      return { standing: { kind: 'waiting' }, trouble: `${event.by} edited its inputs: ${event.reason}` }
  }
}

const moveWords = {
  retry: 'again',
  elsewhere: 'somebody else',
  ask: 'a person is asked',
  'give-up': 'given up',
} as const

function newStep({ id, capability, inputs, after, when, unless }: Step, parent: string | undefined): StepView {
  const sources = [...Object.values(inputs), ...Object.values(when?.over ?? {})].flatMap(originsOf)
  const needs = sources.map(source => (source.from === 'given' ? source.name : `${source.step}.${source.output}`))
  return {
    id,
    capability,
    parent,
    needs: [...new Set([...needs, ...after, ...(unless ?? []).map(other => `no ${other}`)])],
    standing: { kind: 'waiting' },
    attempt: 0,
    agent: undefined,
    bids: undefined,
    placement: undefined,
    before: undefined,
    after: undefined,
    trouble: undefined,
  }
}

function stepsWith({ steps }: RunView, id: string, to: (step: StepView) => Partial<StepView>): readonly StepView[] {
  return steps.map(step => (step.id === id ? { ...step, ...to(step) } : step))
}

/** The questions to people that are open. */
export function openApprovals({ approvals }: RunView): readonly Approval[] {
  return approvals.filter(({ outcome }) => outcome.status === 'open')
}
