/** The one place where the concrete parts meet. */
import { randomBytes } from 'node:crypto'
import { hostname } from 'node:os'
import path from 'node:path'
import pino, { type Logger } from 'pino'
import { createRegistry, type Registry } from './agents/index.ts'
import { createLocalBus } from './bus/index.ts'
import { defineConfig, type MusterConfig, fromRoot, operator, peopleOf, readPolicies } from './config.ts'
import {
  type Clock,
  type Concept,
  createIds,
  duration,
  type Ids,
  MusterError,
  type PortValue,
  type Principal,
  type RunId,
  runId,
  systemClock,
} from './core/index.ts'
import type { TypedGoal } from './intent/index.ts'
import { type NodeView, openLocalNode } from './nodes/index.ts'
import { holdAmounts, nodePool } from './placement/index.ts'
import { type Approval, type AuditReport, auditStore, createGuard, type Decision } from './policy/index.ts'
import {
  admitGoal,
  type Change,
  changeRun,
  createEstimates,
  createRecords,
  type Declaration,
  decideApproval,
  type Explanation,
  explainRun,
  findRun,
  followApprovals,
  followRun,
  type Hall,
  listApprovals,
  listRuns,
  openAccuracies,
  openEvent,
  openRefs,
  type Preview,
  previewGoal,
  readApproval,
  readEvents,
  readResult,
  readRun,
  type RunEvent,
  type RunResult,
  type RunState,
  type RunStatus,
  type RunSummary,
  sendSignal,
  startWorker,
  whenEnded,
  whenIdle,
} from './runtime/index.ts'
import { createDrafter } from './planner/index.ts'
import { openSqliteStore, type Store } from './store/index.ts'

/** The result of a run whose goal was declared in code: outputs are typed by the concepts that were wanted. */
export type TypedResult<Wanted extends readonly Concept[]> = Omit<RunResult, 'outputs'> & {
  readonly outputs: { readonly [C in Wanted[number] as C['name']]?: PortValue<C> }
}

/** A run in the hands of who declared it. */
export interface Run<Result = RunResult> {
  readonly id: RunId
  /** Every event once, in order, after number `after` (default 0); ends with the run. */
  events(options?: { readonly after?: number; readonly signal?: AbortSignal }): AsyncIterable<RunEvent>
  /** How it came out, once it has ended. */
  readonly result: Promise<Result>
  /** Waits until it has ended or waits for somebody, and says which. */
  idle(signal?: AbortSignal): Promise<RunStatus>
  answer(question: string, choice: string): Promise<void>
  cancel(reason: string): Promise<void>
  pause(reason?: string): Promise<void>
  /** Changes limits, or gives more; the rest is planned anew where it must. Throws `bad-input` and `conflict`. */
  change(change: Change): Promise<void>
  resume(): Promise<void>
}

/**
 * A running Muster; it keeps its process alive. Disposing of it gives its runs back to the store, where the next one finds
 * them. Whatever is read `as` somebody (default: the operator) is what they may see: their own runs, and approvals that are
 * put to their roles; for operators, everything of the tenant. The rest is `not-found`.
 */
export interface Muster extends AsyncDisposable {
  readonly registry: Registry
  /** The people of the configuration, and `operator`: whoever holds this object. */
  readonly people: readonly Principal[]
  /** Accepts a goal; resolves when it is on disk. Throws `bad-input` naming everything wrong with it. */
  declare<const Wanted extends readonly Concept[]>(
    goal: TypedGoal<Wanted>,
    options?: DeclareOptions,
  ): Promise<Run<TypedResult<Wanted>>>
  declare(declaration: Declaration, options?: DeclareOptions): Promise<Run>
  /** A dry run: plan, forecast, who would do what and where; `explain`: why, and what would have to be true for a better one. Nothing is done. */
  plan(
    declaration: Declaration | TypedGoal,
    options?: { readonly as?: Principal; readonly explain?: boolean },
  ): Promise<Preview>
  /** A run that was declared before. Throws `not-found`. */
  run(id: string, as?: Principal): Promise<Run>
  /** The state of a run, by its journal. Throws `not-found`. */
  state(id: string, as?: Principal): Promise<{ readonly summary: RunSummary; readonly state: RunState }>
  /** Why a run went as it did, by its journal. Throws `not-found`. */
  why(id: string, as?: Principal): Promise<Explanation>
  runs(page?: { readonly after?: string; readonly limit?: number }, as?: Principal): Promise<readonly RunSummary[]>
  readonly approvals: {
    list(
      page?: { readonly status?: 'open' | 'closed'; readonly after?: string; readonly limit?: number },
      as?: Principal,
    ): Promise<readonly Approval[]>
    get(id: string, as?: Principal): Promise<Approval>
    decide(id: string, decision: Decision, by: Principal): Promise<Approval>
    /** Those that are open and `as` may see, then each again when it opens, is voted on or closes; ends with `signal`. */
    follow(as: Principal, signal: AbortSignal): AsyncIterable<Approval>
  }
  nodes(): readonly NodeView[]
  audit(): Promise<AuditReport>
}

export interface DeclareOptions {
  /** Default: the operator. */
  readonly as?: Principal
  readonly idempotencyKey?: string
}

/** Parts that a test, a simulation or another host brings instead of the embedded ones. */
export interface MusterParts {
  readonly store?: Store
  readonly clock?: Clock
  readonly ids?: Ids
  readonly log?: Logger
  /** Take runs from the queue; default true. Without it goals are only accepted and looked at. */
  readonly work?: boolean
}

/** Starts a Muster. Throws `bad-config` when agents, policies or settings do not fit together. */
export async function createMuster(given: MusterConfig, parts: MusterParts = {}): Promise<Muster> {
  await using stack = new AsyncDisposableStack()
  const closing = new AbortController()
  for (const one of given.attached ?? []) stack.use(one)
  const config = defineConfig(given)
  const clock = parts.clock ?? systemClock
  const registry = createRegistry(config.agents, config)
  const guard = createGuard({ scopes: await readPolicies(config), capabilities: registry.capabilities })
  const node = stack.use(
    await openLocalNode({ agents: config.agents, clock, ...(config.lend === undefined ? {} : { lend: config.lend }) }),
  )
  const store =
    parts.store ??
    stack.use(await openSqliteStore({ file: storeFile(config), durability: config.durability ?? 'full' }))
  const records = createRecords()
  const accuracies = await openAccuracies(store)
  const hall: Hall = {
    store,
    bus: stack.use(createLocalBus()),
    clock,
    ids:
      parts.ids ??
      createIds(
        () => clock.now(),
        bytes => randomBytes(bytes),
      ),
    log: parts.log ?? pino({ name: 'muster', level: process.env['MUSTER_LOG'] ?? 'warn' }, pino.destination(2)),
    registry,
    guard,
    node,
    interpreter: config.interpreter,
    drafter: config.planner === undefined ? undefined : createDrafter(config.planner, registry),
    records,
    estimates: createEstimates(records, accuracies),
    accuracies,
    load: new Map(),
    closing: closing.signal,
  }
  await store.commit([{ kind: 'pool', pool: nodePool(node.id), capacity: holdAmounts(node.view().capacity) }])
  if (parts.work ?? true) {
    stack.use(
      startWorker(hall, {
        owner: `${hostname()}-${process.pid}`,
        concurrency: config.concurrency ?? 64,
        lease: duration(config.lease ?? '5s'),
      }),
    )
  }
  // Everything in here waits without holding the process: whoever awaits a run must not find it gone.
  const alive = setInterval(() => {}, 2 ** 30)
  stack.defer(() => clearInterval(alive))
  stack.defer(() => closing.abort(new MusterError('closed', 'this Muster is closed')))
  const owned = stack.move()

  const people = peopleOf(config)
  const handle = (id: RunId, as: Principal): Run => ({
    id,
    events: options => followRun(hall, id, options),
    get result() {
      return resultOf(hall, id)
    },
    idle: signal => whenIdle(hall, id, as, signal),
    answer: (question, choice) => sendSignal(hall, id, as, { kind: 'answer', question, choice, by: as.id }),
    cancel: reason => sendSignal(hall, id, as, { kind: 'cancel', by: as.id, reason }),
    pause: (reason = 'paused') => sendSignal(hall, id, as, { kind: 'pause', by: as.id, reason }),
    change: change => changeRun(hall, id, as, change),
    resume: () => sendSignal(hall, id, as, { kind: 'resume', by: as.id }),
  })

  async function declare(
    declared: Declaration | TypedGoal,
    { as = operator, idempotencyKey }: DeclareOptions = {},
  ): Promise<Run> {
    const id = await admitGoal(hall, declarationOf(declared), {
      principal: as,
      ...(idempotencyKey === undefined ? {} : { idempotencyKey }),
    })
    return handle(id, as)
  }

  return {
    registry,
    people,
    declare,
    async plan(declared, { as = operator, explain = false } = {}) {
      const { signal } = new AbortController()
      const declaration = declarationOf(declared)
      if ('goal' in declaration) return previewGoal(hall, declaration.goal, { explain, signal })
      const id = await admitGoal(hall, declaration, { principal: as, dryRun: true })
      return previewGoal(hall, await readGoal(hall, id, as), { explain, signal })
    },
    async run(id, as = operator) {
      const run = runId(id)
      await findRun(hall, run, as)
      return handle(run, as)
    },
    async state(id, as = operator) {
      const run = runId(id)
      const summary = await findRun(hall, run, as)
      const read = await readRun(store, run)
      if (read === undefined) throw new MusterError('not-found', `there is no run \`${run}\``)
      return { summary, state: read.fold.state }
    },
    async why(id, as = operator) {
      const run = runId(id)
      await findRun(hall, run, as)
      const events = await Array.fromAsync(readEvents(store, run), openEvent)
      const explanation = explainRun(run, events)
      if (explanation === undefined) throw new MusterError('not-found', `there is no run \`${run}\``)
      return explanation
    },
    runs: ({ after, limit = 50 } = {}, as = operator) =>
      listRuns(hall, as, { limit, ...(after === undefined ? {} : { after }) }),
    approvals: {
      list: ({ status = 'open', after, limit = 50 } = {}, as = operator) =>
        listApprovals(hall, as, { status, limit, ...(after === undefined ? {} : { after }) }),
      get: (id, as = operator) => readApproval(hall, id, as),
      decide: (id, decision, by) => decideApproval(hall, id, decision, by),
      follow: (as, signal) => followApprovals(hall, as, signal),
    },
    nodes: () => [node.view()],
    audit: () => auditStore(store),
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  }
}

/** The file of the embedded store. */
export function storeFile(config: Pick<MusterConfig, 'root' | 'data'>): string {
  return path.join(fromRoot(config, config.data ?? '.muster'), 'muster.db')
}

function declarationOf(declared: Declaration | TypedGoal): Declaration {
  return 'wanted' in declared ? { goal: declared.goal } : declared
}

async function resultOf(hall: Hall, run: RunId): Promise<RunResult> {
  await whenEnded(hall, run)
  const result = await readResult(hall, run)
  if (result === undefined) throw new MusterError('closed', `run \`${run}\` has not ended`)
  return result
}

/** The goal that a text was read as. Throws `goal-unclear` or `goal-outside` when it was read as none. */
async function readGoal(hall: Hall, run: RunId, as: Principal): Promise<unknown> {
  const status = await whenIdle(hall, run, as)
  const state = (await readRun(hall.store, run))?.fold.state
  if (state?.concluded === undefined)
    await sendSignal(hall, run, as, { kind: 'cancel', by: as.id, reason: 'a dry run asks nobody' })
  if (state?.question !== undefined) {
    const choices = state.question.question.choices.map(({ says }) => says).join('; ')
    throw new MusterError('goal-unclear', state.question.question.text, { hint: `say which it is: ${choices}` })
  }
  if (state?.goal === undefined) {
    throw new MusterError(
      status === 'outside' ? 'goal-outside' : 'no-plan',
      state?.concluded?.reason ?? 'the text was not read',
    )
  }
  return { ...state.goal, given: await openRefs(hall.store, state.given) }
}
