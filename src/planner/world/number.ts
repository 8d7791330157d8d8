/** Numbers what was grounded: facts that never change go, a negative condition becomes a fact of its own. */
import { type Action, createTask, type Measure, type Task } from './task.ts'

/** An action on certain objects, in words; what it needs of facts that no action changes is already seen to. */
export interface GroundAction {
  readonly name: string
  readonly needs: readonly string[]
  /** Facts that must not hold. */
  readonly bars: readonly string[]
  readonly adds: readonly string[]
  readonly removes: readonly string[]
  readonly cost: number
}

/** A wanted fact, in words; not to hold can be wanted too. */
export interface Wish {
  readonly fact: string
  readonly holds: boolean
}

/** What the grounding found. */
export interface Grounded {
  readonly actions: readonly GroundAction[]
  readonly initial: ReadonlySet<string>
  readonly goal: readonly Wish[]
  readonly measure: Measure
}

// Costs come first and the number of actions second, in any plan of fewer actions than this.
const costUnit = 10_000

/** The task in numbers. */
export function numberTask({ actions: found, initial, goal, measure }: Grounded): Task {
  const added = new Set(found.flatMap(({ adds }) => adds))
  const removed = new Set(found.flatMap(({ adds, removes }) => removes.filter(fact => !adds.includes(fact))))
  const always = (fact: string) => initial.has(fact) && !removed.has(fact)
  const never = (fact: string) => !initial.has(fact) && !added.has(fact)
  const changes = (fact: string) => !always(fact) && !never(fact)
  const possible = found.filter(({ needs, bars }) => !bars.some(always) && !needs.some(never))
  const barred = new Set([
    ...possible.flatMap(({ bars }) => bars),
    ...goal.filter(({ holds }) => !holds).map(({ fact }) => fact),
  ])
  const numbers = new Map<string, number>()
  const number = (fact: string): number => {
    const known = numbers.get(fact)
    if (known !== undefined) return known
    numbers.set(fact, numbers.size)
    return numbers.size - 1
  }
  const absent = (fact: string) => `(not ${fact})`
  const these = (facts: readonly string[]) => [...new Set(facts.filter(changes).map(number))]
  const absences = (facts: readonly string[]) => [...new Set(facts.filter(changes).map(fact => number(absent(fact))))]
  const actions = possible.map(({ name, needs, bars, adds, removes, cost }): Action => {
    const gone = removes.filter(fact => !adds.includes(fact))
    const needed = new Set([...these(needs), ...absences(bars)])
    const lost = [...these(gone), ...absences(adds.filter(fact => barred.has(fact)))]
    const won = [...these(adds), ...absences(gone.filter(fact => barred.has(fact)))]
    return {
      name,
      needs: [...needed],
      // What already holds, and is not removed, is not added.
      adds: won.filter(fact => !needed.has(fact)),
      removes: lost,
      weight: measure === 'cost' ? Math.round(cost * costUnit) + 1 : 1,
    }
  })
  const wanted = goal.filter(({ fact }) => changes(fact)).map(({ fact, holds }) => number(holds ? fact : absent(fact)))
  const lacking = [...barred].filter(fact => changes(fact) && !initial.has(fact)).map(fact => number(absent(fact)))
  const present = [...initial].filter(changes).map(number)
  const hopeless = goal.filter(({ fact, holds }) => (holds ? never(fact) : always(fact)))
  return createTask({
    actions,
    initial: [...present, ...lacking],
    goal: [...new Set(wanted)],
    hopeless: hopeless.map(({ fact, holds }) => (holds ? fact : absent(fact))),
    facts: [...numbers.keys()],
  })
}
