/**
 * The state of a run: a fold over its events. `evolve` is the only place where state changes, and every event costs the
 * same however long the run is: the maps are the fold's own and are written in place.
 */
import {
  type DataRef,
  joinLabels,
  type Labels,
  type MicroUsd,
  MusterError,
  type Principal,
  type RunId,
} from '../core/index.ts'
import type { Forecast, Plan } from '../planner/index.ts'
import type { Approval, Ruling } from '../policy/index.ts'
import type { Outcome, Question, RecordedGoal, RunEvent } from './event.ts'
import { leftUntouched } from './next-move.ts'
import { adoptStep, expected, newStep, type StepState, succeededBy } from './step-state.ts'

/** What a plan was when it was permitted as a whole: later revisions are measured against it. */
export interface Permitted {
  readonly plan: Plan
  readonly forecast: Forecast
  /** Spent before, in micro-dollars. */
  readonly spent: MicroUsd
  readonly given: Readonly<Record<string, DataRef>>
}

/** A run as its events tell it. */
export interface RunState {
  readonly run: RunId
  readonly seq: number
  readonly principal: Principal
  /** Milliseconds since 1970. */
  readonly declaredAt: number
  readonly dryRun: boolean
  readonly text: DataRef | undefined
  readonly goal: RecordedGoal | undefined
  readonly given: Readonly<Record<string, DataRef>>
  readonly deadline: number
  readonly budget: MicroUsd
  readonly spent: MicroUsd
  /** Promised to jobs that have not ended. */
  readonly reserved: MicroUsd
  readonly outside: readonly string[]
  readonly question: { readonly question: Question; readonly expiresAt: number } | undefined
  readonly answers: Readonly<Record<string, string>>
  readonly plan: Plan | undefined
  readonly forecast: Forecast | undefined
  readonly revision: number
  /** The labels of the draft that the plan, or the one that it is a revision of, was made from: what steered it. */
  readonly steeredBy: Labels | undefined
  readonly planRuling: Ruling | undefined
  /** Approvals of the plan as a whole, as it stands now. */
  readonly planApprovals: readonly string[]
  readonly permitted: Permitted | undefined
  /** Steps that were given up or refused since the plan was last looked at: what depends on them waits until it is. */
  readonly broken: ReadonlySet<string>
  /** Whether somebody has changed limits or data since the plan was last looked at. */
  readonly changed: boolean
  /** Why what is left of the plan may not fit its limits, since it was last looked at. */
  readonly doubt: string | undefined
  /** The revision that was doubted last: each is doubted once. */
  readonly doubted: number
  /** The number of the event with which limits or data were changed last. */
  readonly changedAt: number
  /** Revisions since then. */
  readonly revisions: number
  readonly steps: ReadonlyMap<string, StepState>
  readonly approvals: ReadonlyMap<string, Approval>
  readonly paused: boolean
  readonly cancelled: { readonly by: string; readonly reason: string } | undefined
  readonly concluded:
    | { readonly outcome: Outcome; readonly reason: string; readonly outputs: Readonly<Record<string, DataRef>> }
    | undefined
}

type Owned = { -readonly [K in keyof RunState]: RunState[K] } & {
  steps: Map<string, StepState>
  broken: Set<string>
  approvals: Map<string, Approval>
}

/** Whether nothing new may start: the run is paused, and neither cancelled nor past its deadline at `now`. */
export function isPaused({ paused, cancelled, deadline }: RunState, now: number): boolean {
  return paused && cancelled === undefined && now < deadline
}

/** Whether the plan must be looked at again before it goes on. */
export function isOvertaken({ broken, changed, doubt }: RunState): boolean {
  return broken.size > 0 || changed || doubt !== undefined
}

/** The fold of a run's events; starts with the event `goal.declared`. */
export interface RunFold {
  readonly state: RunState
  evolve(event: RunEvent): void
}

/** Starts the fold with the first event of a run. Throws `audit-failed` when that is not the declaration. */
export function startFold(run: RunId, first: RunEvent): RunFold {
  if (first.type !== 'goal.declared')
    throw new MusterError('audit-failed', `run \`${run}\` does not begin with its goal`)
  const { declared } = first
  const state: Owned = {
    run,
    seq: first.seq,
    principal: first.principal,
    declaredAt: first.at,
    dryRun: first.dryRun,
    text: declared.kind === 'text' ? declared.text : undefined,
    goal: declared.kind === 'goal' ? declared.goal : undefined,
    given: first.given,
    deadline: first.deadline,
    budget: first.budget,
    spent: 0,
    reserved: 0,
    outside: [],
    question: undefined,
    answers: {},
    plan: undefined,
    forecast: undefined,
    revision: 0,
    planRuling: undefined,
    steeredBy: undefined,
    planApprovals: [],
    permitted: undefined,
    broken: new Set(),
    changed: false,
    changedAt: 0,
    doubt: undefined,
    doubted: 0,
    revisions: 0,
    steps: new Map(),
    approvals: new Map(),
    paused: false,
    cancelled: undefined,
    concluded: undefined,
  }
  return { state, evolve: event => evolve(state, event) }
}

function labelsOf(step: StepState | undefined): Labels | undefined {
  return step?.status.kind === 'succeeded'
    ? joinLabels(Object.values(step.status.outputs).map(({ labels }) => labels))
    : undefined
}

/** The plan has been looked at. */
function settle(state: Owned): void {
  state.broken.clear()
  state.changed = false
  state.doubt = undefined
}

function freeJob(state: Owned, step: string): void {
  const status = state.steps.get(step)?.status
  if (status?.kind === 'assigned') state.reserved -= status.job.price
}

function evolve(state: Owned, event: RunEvent): void {
  state.seq = event.seq
  const change = (id: string, to: (before: StepState) => Partial<StepState>) => {
    const before = state.steps.get(id)
    if (before === undefined)
      throw new MusterError('audit-failed', `run \`${state.run}\` speaks of a step \`${id}\` that it does not have`)
    state.steps.set(id, { ...before, ...to(before) })
  }
  switch (event.type) {
    case 'goal.declared':
      throw new MusterError('audit-failed', `run \`${state.run}\` declares its goal twice`)
    case 'run.claimed':
      return
    case 'goal.interpreted':
      state.goal = event.goal
      state.given = event.given
      state.outside = event.outside
      state.deadline = event.deadline
      state.budget = event.budget
      return
    case 'question.asked':
      state.question = { question: event.question, expiresAt: event.expiresAt }
      return
    case 'question.answered':
      state.question = undefined
      state.answers = { ...state.answers, [event.question]: event.choice }
      return
    case 'plan.adopted':
      state.plan = event.plan
      state.forecast = event.forecast
      state.revision = event.revision
      if (event.origin?.kind === 'drafted') state.steeredBy = labelsOf(state.steps.get(event.origin.step))
      state.revisions = event.revised === undefined ? 0 : state.revisions + 1
      settle(state)
      if (event.revised?.review.kind !== 'stands') {
        state.planRuling = undefined
        state.planApprovals = []
      }
      for (const step of event.plan.steps)
        state.steps.set(step.id, adoptStep(step, event.plan.digest, expected(event, step), state.steps.get(step.id)))
      return
    case 'plan.kept':
      return settle(state)
    case 'plan.doubted':
      state.doubt = event.reason
      state.doubted = state.revision
      return
    case 'plan.ruled': {
      state.planRuling = event.ruling
      const { plan, forecast, spent, given } = state
      if (event.ruling.decision === 'permit' && plan !== undefined && forecast !== undefined)
        state.permitted = { plan, forecast, spent, given }
      return
    }
    case 'step.called':
      state.steps.set(event.step.id, newStep(event.step, event.parent, state.plan?.digest, event.inputs))
      return
    case 'step.ruled':
      return
    case 'step.assigned':
      state.reserved += event.price
      return change(event.step, () => ({
        attempts: event.attempt,
        status: {
          kind: 'assigned',
          since: event.at,
          job: {
            id: event.job,
            attempt: event.attempt,
            agent: event.agent,
            node: event.placement.node,
            price: event.price,
            promised: event.bids.ranked.find(({ bid }) => bid.agent === event.agent)?.bid.time ?? 0,
            idempotencyKey: event.idempotencyKey,
          },
        },
      }))
    case 'step.worked': {
      freeJob(state, event.step)
      return change(event.step, ({ status }) =>
        status.kind === 'assigned'
          ? {
              status: { kind: 'pending' },
              worked: { agent: status.job.agent, price: status.job.price, outputs: event.outputs, took: event.took },
              touched: true,
            }
          : {},
      )
    }
    case 'step.succeeded':
      freeJob(state, event.step)
      state.spent += event.charged
      return change(event.step, () => ({
        status: succeededBy(event),
        touched: true,
        ended: event.seq,
      }))
    case 'step.failed':
      freeJob(state, event.step)
      return change(event.step, ({ status, failed, bound, lost, touched }) => {
        const agent = status.kind === 'assigned' ? status.job.agent : undefined
        const { next } = event
        return {
          status: { kind: 'pending' },
          lost:
            status.kind === 'assigned' && event.problem.code !== 'closed'
              ? { attempts: lost.attempts + 1, time: lost.time + event.at - status.since }
              : lost,
          failed: next.kind === 'elsewhere' && agent !== undefined ? [...failed, agent] : failed,
          bound: next.kind === 'ask' || (next.kind === 'retry' && next.same) ? agent : bound,
          touched: touched || !leftUntouched(event.problem),
        }
      })
    case 'step.suspended': {
      freeJob(state, event.step)
      const on = state.steps.get(event.on)?.status
      // Being let go is no failure: the attempt is made again.
      return change(event.step, ({ attempts }) => ({
        status: { kind: 'asking', approvals: on?.kind === 'asking' ? on.approvals : [] },
        attempts: attempts - 1,
      }))
    }
    case 'step.dropped': {
      freeJob(state, event.step)
      const { cause, reason } = event
      change(event.step, ({ status, touched }) => ({
        status: { kind: 'dropped', cause, reason },
        // Whoever drops it then does so because of what came of its work.
        touched: touched || status.kind === 'assigned',
        ended: event.seq,
      }))
      const { plan, parent } = state.steps.get(event.step) ?? {}
      const ofPlan = plan !== undefined && parent === undefined
      // Where the plan has a step that stands in, it has foreseen this.
      const foreseen = state.plan?.steps.some(({ unless = [] }) => unless.includes(event.step)) ?? false
      if (ofPlan && !foreseen && (cause === 'failed' || cause === 'denied')) state.broken.add(event.step)
      return
    }
    case 'step.edited':
      return change(event.step, ({ inputs, editedBy }) => ({
        inputs: { ...inputs, ...event.inputs },
        editedBy: [...editedBy, event.by],
        status: { kind: 'pending' },
      }))
    case 'approval.requested': {
      const { approval } = event
      state.approvals.set(approval.id, approval)
      if (approval.step === undefined) {
        state.planApprovals = [...state.planApprovals, approval.id]
        return
      }
      return change(approval.step, ({ status }) => ({
        status: { kind: 'asking', approvals: [...(status.kind === 'asking' ? status.approvals : []), approval.id] },
      }))
    }
    case 'approval.voted':
    case 'approval.closed':
      state.approvals.set(event.approval.id, event.approval)
      return
    case 'run.paused':
      state.paused = true
      return
    case 'run.resumed':
      state.paused = false
      return
    case 'run.changed':
      state.budget = event.budget ?? state.budget
      state.deadline = event.deadline ?? state.deadline
      state.given = { ...state.given, ...event.given }
      // Before there is a plan there is none to look at again.
      state.changed = state.plan !== undefined
      state.changedAt = event.seq
      state.revisions = 0
      state.doubted = 0
      return
    case 'run.cancelled':
      state.cancelled = { by: event.by, reason: event.reason }
      return
    case 'run.concluded':
      state.concluded = { outcome: event.outcome, reason: event.reason, outputs: event.outputs }
      return
  }
}
