/**
 * Plans run as dataflow: a step starts the moment its own inputs have come, whatever its neighbours do. A step that waits
 * for people holds nothing, and when nothing else runs the whole run sleeps. A loop makes way for the steps of its items.
 * When a step is given up, what depends on it is held back, everything else goes on, and once nothing runs the plan is
 * looked at again.
 */
import { predecessors } from '../planner/index.ts'
import { waitsForPeople } from './answers.ts'
import { hasChoice, hasEnded, mayStart } from './choice.ts'
import type { Flow } from './hall.ts'
import { closeApprovals, nextExpiry, takeSignals } from './inbox.ts'
import { itemsOf } from './loop-items.ts'
import { createRemainder } from './remainder.ts'
import { isOvertaken, isPaused } from './run.ts'
import { signalSubject } from './signal.ts'
import { performStep } from './step.ts'

/** Most steps of one run that are in the funnel at once. */
const mostAtOnce = 64

/**
 * How far a run got: every step has ended, or it waits for people, for `resume`, or for a time; or nothing runs and the
 * plan must be looked at again, because a step was given up or limits have changed.
 */
export type Pursuit =
  | { readonly kind: 'settled' }
  | { readonly kind: 'waiting'; readonly until: number }
  | { readonly kind: 'overtaken' }

/** Runs the steps of the adopted plan that have not ended. */
export async function pursue(flow: Flow, ids: readonly string[]): Promise<Pursuit> {
  const { journal, clock } = flow
  const { state } = journal
  const waits = new Map<string, { readonly open: Set<string>; readonly early: () => boolean }>()
  const dependents = new Map<string, string[]>()
  const ready: string[] = []
  const asking = new Set<string>()
  let failure: { readonly error: unknown } | undefined
  let running = 0
  let left = 0
  let mail = true
  let wake = Promise.withResolvers<void>()
  const nudge = () => wake.resolve()
  const nudgeMail = () => {
    mail = true
    wake.resolve()
  }

  const asks = (id: string) => {
    const step = state.steps.get(id)
    return step !== undefined && waitsForPeople(state, step)
  }
  const holds = (id: string) => !hasEnded(state, id) || state.broken.has(id)
  const waitFor = (id: string, others: readonly string[], early = () => false) => {
    const open = new Set(others.filter(holds))
    for (const other of open) dependents.set(other, [...(dependents.get(other) ?? []), id])
    waits.set(id, { open, early })
    startIfReady(id)
  }
  const startIfReady = (id: string) => {
    const wait = waits.get(id)
    if (wait === undefined || (wait.open.size > 0 && !wait.early())) return
    waits.delete(id)
    ready.push(id)
  }
  const begin = (steps: readonly string[]) => {
    for (const id of steps) {
      if (hasEnded(state, id)) continue
      left += 1
      const step = state.steps.get(id)?.step
      if (step === undefined) ready.push(id)
      else waitFor(id, predecessors(step), hasChoice(step) ? () => mayStart(state, step) : undefined)
    }
  }
  begin(ids)

  const remainder = createRemainder(flow, ids)
  const doubt = async (next: readonly string[]) => {
    const { plan, revision, doubted, doubt: known } = state
    const reason =
      plan === undefined || next.length === 0 || doubted === revision || known !== undefined
        ? undefined
        : remainder.doubt(next)
    if (reason !== undefined) await journal.append([{ type: 'plan.doubted', reason }])
  }
  const start = async (id: string) => {
    running += 1
    try {
      const end = await performStep(flow, id)
      if (end === 'asking') {
        asking.add(id)
      } else if (end === 'expanded') {
        const items = itemsOf(state, id).map(({ step }) => step.id)
        begin(items)
        waitFor(id, items)
      } else {
        left -= 1
        remainder.end(id)
        const free = state.broken.has(id) ? [] : (dependents.get(id) ?? [])
        for (const next of free) {
          waits.get(next)?.open.delete(id)
          startIfReady(next)
        }
        await doubt(free)
      }
    } catch (error) {
      failure ??= { error }
    }
    running -= 1
    nudge()
  }

  const stops = [flow.bus.subscribe(signalSubject(state.run), nudgeMail), flow.store.queue.watch(nudgeMail)]
  flow.signal.addEventListener('abort', nudge)
  try {
    for (;;) {
      wake = Promise.withResolvers()
      try {
        if (mail) {
          mail = false
          await takeSignals(flow)
        }
        await closeApprovals(flow)
      } catch (error) {
        failure ??= { error }
      }
      if (state.cancelled !== undefined) flow.cancel()
      for (const id of asking) if (!asks(id) && asking.delete(id)) ready.push(id)
      const paused = isPaused(state, clock.now())
      const held = failure !== undefined || flow.signal.aborted || paused || state.changed || state.doubt !== undefined
      while (!held && running < mostAtOnce && ready.length > 0) {
        const id = ready.shift()
        if (id !== undefined) void start(id)
      }
      if (running === 0) {
        if (failure !== undefined) throw failure.error
        flow.signal.throwIfAborted()
        if (state.cancelled !== undefined) return { kind: 'settled' }
        if (!paused && isOvertaken(state)) return { kind: 'overtaken' }
        if (left === 0) return { kind: 'settled' }
        if (!mail) return { kind: 'waiting', until: Math.min(nextExpiry(flow) ?? state.deadline, state.deadline) }
        continue
      }
      const expiry = asking.size === 0 ? undefined : nextExpiry(flow)
      const callOff = expiry === undefined ? undefined : clock.after(expiry - clock.now(), nudge)
      await wake.promise
      callOff?.()
    }
  } finally {
    for (const stop of stops) stop()
    flow.signal.removeEventListener('abort', nudge)
  }
}
