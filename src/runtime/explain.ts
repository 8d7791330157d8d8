/** Why a run went as it did: its events folded to one explanation a step. A view; the journal alone is enough for it. */
import type { DataRef, MicroUsd, Principal, RunId } from '../core/index.ts'
import type { ScoredBid } from '../agents/index.ts'
import type { Placement } from '../placement/index.ts'
import type { Forecast, Step, StepReason } from '../planner/index.ts'
import type { Approval, Ruling } from '../policy/index.ts'
import type { DropCause, Move, Outcome, PlanOrigin, Question, Revision, RunEvent } from './event.ts'
import { type Outturn, outturnOf } from './outturn.ts'
import { startFold } from './run.ts'

/** One attempt at a step: who was chosen among whom, where it ran and for what reasons, and what came of it. */
export interface ExplainedAttempt {
  readonly attempt: number
  readonly agent: string
  readonly price: MicroUsd
  /** Every offer best first, with its score and the parts of it. */
  readonly candidates: readonly ScoredBid[]
  readonly declined: readonly { readonly agent: string; readonly reason: string }[]
  /** Agents that did not answer in time. */
  readonly silent: readonly string[]
  readonly placement: Extract<Placement, { kind: 'placed' }>
  /** What went wrong with it, and what was decided then. */
  readonly failure: { readonly code: string; readonly message: string; readonly next: Move } | undefined
}

/** What came of a step so far. */
export type ExplainedEnd =
  | { readonly kind: 'open' }
  | {
      readonly kind: 'succeeded'
      readonly agent: string
      readonly charged: MicroUsd
      /** Milliseconds of work. */
      readonly took: number
    }
  | { readonly kind: 'dropped'; readonly cause: DropCause; readonly reason: string }

/** Everything that was decided about one step. */
export interface ExplainedStep {
  readonly step: string
  readonly capability: string
  /** The step that called it, when it is not of the plan. */
  readonly parent: string | undefined
  /** Why the plan has it; undefined when it is not of the plan. */
  readonly reason: StepReason | undefined
  /** What decides whether and how often it runs. */
  readonly choice: Pick<Step, 'when' | 'unless' | 'each'>
  readonly rulings: readonly { readonly agent: string | undefined; readonly ruling: Ruling }[]
  readonly attempts: readonly ExplainedAttempt[]
  /** What people were asked about it, as it stands now. */
  readonly approvals: readonly Approval[]
  readonly edits: readonly { readonly by: string; readonly reason: string; readonly inputs: readonly string[] }[]
  readonly end: ExplainedEnd
}

/** Why a run went as it did. */
export interface Explanation {
  readonly principal: Principal
  /** The goal's words; undefined while a text is not interpreted. */
  readonly objective: string | undefined
  readonly understood: readonly { readonly text: string; readonly intent: string; readonly confidence: number }[]
  readonly outside: readonly string[]
  readonly questions: readonly { readonly question: Question; readonly answer: string | undefined }[]
  readonly plan:
    | {
        readonly revision: number
        /** How the first plan came about. */
        readonly origin: PlanOrigin | undefined
        readonly forecast: Forecast
        readonly rulings: readonly Ruling[]
      }
    | undefined
  /** How the plan was changed, and why it was kept when it was looked at again. */
  readonly revisions: readonly (
    | ({ readonly kind: 'adopted'; readonly revision: number } & Revision)
    | { readonly kind: 'kept'; readonly reason: string }
  )[]
  /** What people were asked about the whole plan. */
  readonly approvals: readonly Approval[]
  /** In the order in which they came up. */
  readonly steps: readonly ExplainedStep[]
  /** Who paused, resumed, changed or cancelled it. */
  readonly interventions: readonly { readonly what: string; readonly by: string; readonly reason: string }[]
  /** The forecast against what came so far; undefined while there is no plan. */
  readonly outturn: Outturn | undefined
  readonly conclusion:
    | {
        readonly outcome: Outcome
        readonly reason: string
        readonly outputs: Readonly<Record<string, DataRef>>
        readonly spent: MicroUsd
      }
    | undefined
}

/** Folds the events of a run, from the first, to its explanation; undefined when there are none. */
export function explainRun(run: RunId, events: readonly RunEvent[]): Explanation | undefined {
  const [first, ...rest] = events
  if (first?.type !== 'goal.declared') return undefined
  const { declared, principal } = first
  const begun: Explanation = {
    principal,
    objective: declared.kind === 'goal' ? declared.goal.objective : undefined,
    understood: [],
    outside: [],
    questions: [],
    plan: undefined,
    revisions: [],
    approvals: [],
    steps: [],
    interventions: [],
    outturn: undefined,
    conclusion: undefined,
  }
  const fold = startFold(run, first)
  for (const event of rest) fold.evolve(event)
  return { ...events.reduce(explain, begun), outturn: outturnOf(fold.state) }
}

function explain(so: Explanation, event: RunEvent): Explanation {
  switch (event.type) {
    case 'goal.declared':
    case 'run.claimed':
    case 'plan.doubted':
    case 'step.worked':
    case 'step.suspended':
      return so
    case 'goal.interpreted':
      return { ...so, objective: event.goal.objective, understood: event.understood, outside: event.outside }
    case 'question.asked':
      return { ...so, questions: [...so.questions, { question: event.question, answer: undefined }] }
    case 'question.answered':
      return {
        ...so,
        questions: so.questions.map(asked =>
          asked.question.id === event.question ? { ...asked, answer: event.choice } : asked,
        ),
      }
    case 'plan.adopted': {
      const { plan, revision, origin = so.plan?.origin, forecast, why, revised } = event
      const known = new Set(so.steps.map(({ step }) => step))
      const added = plan.steps
        .filter(({ id }) => !known.has(id))
        .map(step =>
          newStep(
            step,
            undefined,
            why.find(reason => reason.step === step.id),
          ),
        )
      const rulings = revised?.review.kind === 'stands' ? (so.plan?.rulings ?? []) : []
      return {
        ...so,
        plan: { revision, origin, forecast, rulings },
        revisions: revised === undefined ? [] : [...so.revisions, { kind: 'adopted', revision, ...revised }],
        steps: [...so.steps, ...added],
      }
    }
    case 'plan.kept':
      return { ...so, revisions: [...so.revisions, { kind: 'kept', reason: event.reason }] }
    case 'plan.ruled':
      return so.plan === undefined ? so : { ...so, plan: { ...so.plan, rulings: [...so.plan.rulings, event.ruling] } }
    case 'step.called':
      return { ...so, steps: [...so.steps, newStep(event.step, event.parent, undefined)] }
    case 'step.ruled': {
      const { agent, ruling } = event
      return change(so, event.step, step => ({ rulings: [...step.rulings, { agent, ruling }] }))
    }
    case 'step.assigned': {
      const { attempt, agent, price, bids, placement } = event
      const { ranked: candidates, declined, silent } = bids
      const begun = { attempt, agent, price, candidates, declined, silent, placement, failure: undefined }
      return change(so, event.step, step => ({ attempts: [...step.attempts, begun] }))
    }
    case 'step.failed': {
      const { problem, next } = event
      const failure = { code: problem.code, message: problem.message, next }
      return change(so, event.step, ({ attempts }) => ({
        attempts: attempts.map((one, index) => (index === attempts.length - 1 ? { ...one, failure } : one)),
      }))
    }
    case 'step.succeeded': {
      const { agent, charged, took } = event
      return change(so, event.step, () => ({ end: { kind: 'succeeded', agent, charged, took } }))
    }
    case 'step.dropped': {
      const { cause, reason } = event
      return change(so, event.step, () => ({ end: { kind: 'dropped', cause, reason } }))
    }
    case 'step.edited': {
      const edit = { by: event.by, reason: event.reason, inputs: Object.keys(event.inputs) }
      return change(so, event.step, step => ({ edits: [...step.edits, edit] }))
    }
    case 'approval.requested':
    case 'approval.voted':
    case 'approval.closed': {
      const { approval } = event
      if (approval.step === undefined) return { ...so, approvals: latest(so.approvals, approval) }
      return change(so, approval.step, step => ({ approvals: latest(step.approvals, approval) }))
    }
    case 'run.paused':
    case 'run.changed':
    case 'run.cancelled':
      return intervene(so, event.type, event.by, event.reason)
    case 'run.resumed':
      return intervene(so, event.type, event.by, '')
    case 'run.concluded': {
      const { outcome, reason, outputs, spent } = event
      return { ...so, conclusion: { outcome, reason, outputs, spent } }
    }
  }
}

function newStep(
  { id, capability, when, unless, each }: Step,
  parent: string | undefined,
  reason: StepReason | undefined,
): ExplainedStep {
  return {
    step: id,
    capability,
    parent,
    reason,
    choice: { ...(when && { when }), ...(unless && { unless }), ...(each && { each }) },
    rulings: [],
    attempts: [],
    approvals: [],
    edits: [],
    end: { kind: 'open' },
  }
}

function change(so: Explanation, id: string, to: (step: ExplainedStep) => Partial<ExplainedStep>): Explanation {
  return { ...so, steps: so.steps.map(step => (step.step === id ? { ...step, ...to(step) } : step)) }
}

function intervene(so: Explanation, type: string, by: string, reason: string): Explanation {
  return { ...so, interventions: [...so.interventions, { what: type.replace('run.', ''), by, reason }] }
}

function latest(known: readonly Approval[], approval: Approval): readonly Approval[] {
  return known.some(({ id }) => id === approval.id)
    ? known.map(one => (one.id === approval.id ? approval : one))
    : [...known, approval]
}
