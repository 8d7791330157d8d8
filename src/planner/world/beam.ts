/**
 * Betters a plan as a whole: beam search (Lowerre 1976) in layers of equal length, by weight so far plus the weight of a
 * relaxed plan. Nothing is followed that promises to weigh more than the best plan known, and the beam grows while the
 * budget lasts. What windows cannot see, such as goals served in another order, it finds.
 */
import type { Budget } from './budget.ts'
import { eliminate } from './eliminate.ts'
import { createOutlook, type Outlook } from './relaxation.ts'
import { createStates } from './states.ts'
import { holdAll, perform, type State, stateOf, type Task, weigh } from './task.ts'
import type { Threats } from './threats.ts'

interface Node {
  readonly state: State
  readonly outlook: Outlook
  readonly parent: Node | undefined
  readonly via: number
  readonly weight: number
}

interface Beam {
  readonly width: number
  /** Whether only what relaxed plans begin with is tried. */
  readonly preferredOnly: boolean
}

const narrowest = 8
const widest = 4096

/** A plan that weighs no more than `plan`, and less where one is found; nothing lighter than `atLeast` is looked for. */
export function sweep(
  task: Task,
  threats: Threats,
  plan: readonly number[],
  atLeast: number,
  budget: Budget,
): readonly number[] {
  const look = createOutlook(task, threats)
  let best = plan
  for (let width = narrowest; width <= widest; width *= 4) {
    for (const preferredOnly of [true, false]) {
      while (weigh(task, best) > atLeast) {
        const better = pass(task, threats, look, { width, preferredOnly }, weigh(task, best), budget)
        if (!better) break
        best = eliminate(task, better)
      }
      if (budget.left === 0 || weigh(task, best) <= atLeast) return best
    }
  }
  return best
}

/** The first plan below the weight that the beam meets. */
function pass(
  task: Task,
  threats: Threats,
  look: (state: State) => Outlook | undefined,
  { width, preferredOnly }: Beam,
  below: number,
  budget: Budget,
): readonly number[] | undefined {
  const work = task.actions.length + task.facts.length
  const from = stateOf(task, task.initial)
  const outlook = look(from)
  if (!outlook) return undefined
  const states = createStates(from.length)
  const weights = [0]
  states.numberOf(from)
  const next = from.slice()
  let layer: readonly Node[] = [{ state: from, outlook, parent: undefined, via: -1, weight: 0 }]
  while (layer.length > 0) {
    const children: Node[] = []
    for (const node of layer) {
      for (const via of preferredOnly ? node.outlook.preferred : node.outlook.applicable) {
        const action = task.actions[via]
        const weight = node.weight + (action?.weight ?? 0)
        if (!action || weight >= below) continue
        next.set(node.state)
        perform(next, action)
        const number = states.numberOf(next)
        if ((weights[number] ?? Infinity) <= weight) continue
        weights[number] = weight
        if (holdAll(next, task.goal)) return [...planTo(node), via]
        const ahead = look(next)
        if (!budget.spend(work + threats.work)) return undefined
        if (!ahead || weight + ahead.weight > below) continue
        children.push({ state: next.slice(), outlook: ahead, parent: node, via, weight })
      }
    }
    const promise = (node: Node) => node.weight + node.outlook.weight
    layer = children.toSorted((one, two) => promise(one) - promise(two)).slice(0, width)
  }
  return undefined
}

function planTo(node: Node): readonly number[] {
  const plan: number[] = []
  for (let at: Node | undefined = node; at?.parent; at = at.parent) plan.push(at.via)
  return plan.reverse()
}
