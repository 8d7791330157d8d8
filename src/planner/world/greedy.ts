/**
 * Finds a plan soon: best-first search that looks ahead only from states it takes up, with two heuristics in turn and a
 * second queue each for preferred actions (Helmert 2006; Richter and Westphal 2010).
 * 1. An entry is a state and an action to do there; it counts as good as that state.
 * 2. When a heuristic falls to a new low, the queues of preferred actions get more turns.
 * 3. In a hurry it also leaps: it does of a relaxed plan what can be done, and goes on from there (Vidal 2004). That
 *    brings a longer plan, much sooner.
 */
import type { Budget } from './budget.ts'
import { countLandmarks } from './landmarks.ts'
import { createQueue, type Queue } from './queue.ts'
import { createOutlook, type Outlook } from './relaxation.ts'
import { createStates } from './states.ts'
import { holdAll, perform, type State, type Task } from './task.ts'
import type { Threats } from './threats.ts'

/** What a search came to; `exhausted` proves that there is no plan. */
export type Greedy =
  | { readonly kind: 'found'; readonly plan: readonly number[] }
  | { readonly kind: 'exhausted'; readonly states: number }
  | { readonly kind: 'spent' }

/** Whether to go on by single actions alone, or by leaps as well. */
export type Pace = 'steps' | 'leaps'

const boost = 1000

interface Lane {
  readonly queue: Queue
  readonly preferredOnly: boolean
  readonly by: 'distance' | 'landmarks'
  /** The lane with the lowest comes next. */
  turns: number
}

interface Node {
  readonly parent: number
  /** What was done to come here from the parent. */
  readonly via: readonly number[]
  readonly reached: State | undefined
}

/** Looks for any plan from `from` to the goal of the task. */
export function findPlan(task: Task, threats: Threats, from: State, budget: Budget, pace: Pace = 'steps'): Greedy {
  const look = createOutlook(task, threats)
  const landmarks = countLandmarks(task)
  const states = createStates(from.length)
  const nodes: Node[] = []
  const state = from.slice()
  const lanes = (landmarks ? (['distance', 'landmarks'] as const) : (['distance'] as const)).flatMap(by =>
    [true, false].map((preferredOnly): Lane => ({ queue: createQueue(), preferredOnly, by, turns: 0 })),
  )
  const lowest = { distance: Infinity, landmarks: Infinity }
  const work = task.actions.length + task.facts.length
  const entries: { readonly node: number; readonly action: number }[] = []

  const open = (node: number, { distance, applicable, preferred }: Outlook, reached: State | undefined) => {
    const values = { distance, landmarks: reached && landmarks ? landmarks.remaining(reached, state) : 0 }
    const liked = new Set(preferred)
    if (landmarks && reached) for (const action of applicable) if (landmarks.serves(action, reached)) liked.add(action)
    for (const by of ['distance', 'landmarks'] as const) {
      if (values[by] >= lowest[by]) continue
      lowest[by] = values[by]
      for (const lane of lanes) if (lane.preferredOnly) lane.turns -= boost
    }
    for (const action of applicable) {
      const entry = entries.push({ node, action }) - 1
      for (const { queue, preferredOnly, by } of lanes) {
        if (!preferredOnly || liked.has(action)) queue.push(entry, values[by])
      }
    }
  }
  /** Takes up the state in `state`, unless it is known; says whether the goal holds there. */
  const take = (parent: number, via: readonly number[]): boolean => {
    const size = states.size
    if (states.numberOf(state) < size) return false
    const before = nodes[parent]?.reached
    const reached = before ? landmarks?.advance(before, state) : landmarks?.start(state)
    nodes.push({ parent, via, reached })
    if (holdAll(state, task.goal)) return true
    const outlook = look(state)
    spendable = budget.spend(work + threats.work)
    if (!outlook) return false
    open(size, outlook, reached)
    return pace === 'leaps' && take(size, leap(task, state, outlook.ahead()))
  }
  let spendable = true
  if (take(-1, [])) return { kind: 'found', plan: planTo(nodes) }
  while (spendable) {
    const lane = nextLane(lanes)
    if (!lane) return { kind: 'exhausted', states: states.size }
    lane.turns += 1
    const entry = entries[lane.queue.pop() ?? -1]
    const action = task.actions[entry?.action ?? -1]
    if (!entry || !action) continue
    states.read(entry.node, state)
    perform(state, action)
    if (take(entry.node, [entry.action])) return { kind: 'found', plan: planTo(nodes) }
  }
  return { kind: 'spent' }
}

/** Does in place, round by round, what of `actions` can be done; the answer is in which order. */
function leap(task: Task, state: State, actions: readonly number[]): readonly number[] {
  const done: number[] = []
  for (let left = actions; ; ) {
    const kept = left.filter(number => {
      const action = task.actions[number]
      if (!action || !holdAll(state, action.needs)) return true
      perform(state, action)
      done.push(number)
      return false
    })
    if (kept.length === left.length) return done
    left = kept
  }
}

function nextLane(lanes: readonly Lane[]): Lane | undefined {
  let best: Lane | undefined
  for (const lane of lanes) if (lane.queue.size > 0 && (!best || lane.turns < best.turns)) best = lane
  return best
}

function planTo(nodes: readonly Node[]): readonly number[] {
  const plan: number[] = []
  for (let node = nodes.at(-1); node && node.parent >= 0; node = nodes[node.parent]) plan.push(...node.via.toReversed())
  return plan.reverse()
}
