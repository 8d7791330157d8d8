/** Following a run until it has ended, waits for somebody who is not here, or is left. */
import type { Muster, Run } from '../coordinator.ts'
import { MusterError, type Principal } from '../core/index.ts'
import type { RunEvent, RunStatus } from '../runtime/index.ts'
import type { Face, Reply } from './face.ts'
import { foldView, type RunView, startView } from './view/model.ts'

/** How following a run came to its end. `left`: whoever followed it went away, and the run goes on without. */
export interface Watched {
  readonly status: RunStatus | 'left'
  readonly view: RunView
}

/** Follows a run on the face that `open` makes. Events up to number `after` (default none) are taken in but not shown. */
export async function watchRun(
  muster: Muster,
  run: Run,
  options: {
    readonly open: (reply: Reply) => Face
    readonly leave: AbortSignal
    readonly as: Principal
    readonly after?: number
  },
): Promise<Watched> {
  const { leave, as, after = 0 } = options
  const { summary } = await muster.state(run.id, as)
  using face = options.open(replyTo(muster))
  const stop = new AbortController()
  let view: RunView | undefined
  let moved = Promise.withResolvers<void>()
  const tell = () => {
    moved.resolve()
    moved = Promise.withResolvers()
  }
  const onLeave = () => {
    stop.abort(leave.reason)
    tell()
  }
  leave.addEventListener('abort', onLeave)

  const take = (event: RunEvent) => {
    view = view === undefined ? startView({ id: run.id, objective: summary.objective }, event) : foldView(view, event)
    if (view !== undefined && event.seq > after) face.show(view, event)
    tell()
  }
  const follow = async () => {
    for await (const event of run.events({ signal: stop.signal })) take(event)
  }
  /** The view, once it holds event `seq`. */
  const reach = async (seq: number): Promise<RunView> => {
    for (;;) {
      stop.signal.throwIfAborted()
      if (view !== undefined && view.seq >= seq) return view
      await moved.promise
    }
  }
  const untilNobodyHereCanHelp = async (): Promise<RunStatus> => {
    for (;;) {
      const status = await run.idle(stop.signal)
      const { state } = await muster.state(run.id, as)
      const reached = await reach(state.seq)
      if (state.concluded !== undefined) return state.concluded.outcome
      if (!face.answers(reached)) {
        stop.abort()
        tell()
        return status
      }
      await reach(state.seq + 1)
    }
  }

  try {
    const [status] = await Promise.all([untilNobodyHereCanHelp(), follow()])
    return { status, view: viewOf(view) }
  } catch (error) {
    if (!leave.aborted) throw error
    return { status: 'left', view: viewOf(view) }
  } finally {
    leave.removeEventListener('abort', onLeave)
    stop.abort()
  }
}

function viewOf(view: RunView | undefined): RunView {
  if (view === undefined) throw new MusterError('audit-failed', 'the run does not begin with its goal')
  return view
}

function replyTo(muster: Muster): Reply {
  return async (answered, view) => {
    if (answered.kind === 'answer') {
      const run = await muster.run(view.run, view.principal)
      await run.answer(answered.question.id, answered.choice)
      return
    }
    const { approval, by, choice, reason, edits } = answered
    const decision = { choice, reason, digest: approval.digest, ...(edits === undefined ? {} : { edits }) }
    await muster.approvals.decide(approval.id, decision, by)
  }
}
