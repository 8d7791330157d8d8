/** A world in which to plan, grounded: numbered facts and actions without parameters, without negation. */

/** An action on certain objects. It needs facts, then removes some, then adds some. */
export interface Action {
  /** Such as `(stack a b)`. */
  readonly name: string
  readonly needs: readonly number[]
  readonly adds: readonly number[]
  readonly removes: readonly number[]
  /** What it counts in a plan, a whole number from 1: see `Measure`. */
  readonly weight: number
}

/** What makes a plan good: few actions, or low total cost and then few actions. */
export type Measure = 'length' | 'cost'

/** A grounded task. Facts that can never change are not in it; `(not …)` is a fact of its own where it is needed. */
export interface Task {
  /** What each fact is, in words. */
  readonly facts: readonly string[]
  readonly actions: readonly Action[]
  readonly initial: readonly number[]
  readonly goal: readonly number[]
  /** For each fact, the actions that need it and those that add it. */
  readonly takers: readonly (readonly number[])[]
  readonly givers: readonly (readonly number[])[]
  /** Goals that nothing can bring about, in words: with any of them the task has no plan. */
  readonly hopeless: readonly string[]
  /** The number of each action, by name. */
  readonly numbers: ReadonlyMap<string, number>
}

/** Indexes what was grounded. */
export function createTask(parts: Pick<Task, 'facts' | 'actions' | 'initial' | 'goal' | 'hopeless'>): Task {
  const takers: number[][] = parts.facts.map(() => [])
  const givers: number[][] = parts.facts.map(() => [])
  for (const [number, { needs, adds }] of parts.actions.entries()) {
    for (const fact of needs) takers[fact]?.push(number)
    for (const fact of adds) givers[fact]?.push(number)
  }
  return { ...parts, takers, givers, numbers: new Map(parts.actions.map(({ name }, number) => [name, number])) }
}

/** A state: the set of facts that hold, one bit each. It is written to in place, by who made it. */
export type State = Uint32Array

/** The state in which nothing but `facts` holds. */
export function stateOf(task: Task, facts: readonly number[]): State {
  const state = new Uint32Array(Math.max(1, (task.facts.length + 31) >> 5))
  for (const fact of facts) include(state, fact)
  return state
}

/** Whether a fact holds. */
export function holds(state: State, fact: number): boolean {
  return (((state[fact >> 5] ?? 0) >> (fact & 31)) & 1) === 1
}

/** Whether all of `facts` hold. */
export function holdAll(state: State, facts: readonly number[]): boolean {
  for (const fact of facts) if (!holds(state, fact)) return false
  return true
}

/** Makes a fact hold, in place. */
export function include(state: State, fact: number): void {
  const word = fact >> 5
  state[word] = (state[word] ?? 0) | (1 << (fact & 31))
}

/** Does an action, in place; the caller has seen that its needs hold. */
export function perform(state: State, action: Action): void {
  for (const fact of action.removes) {
    const word = fact >> 5
    state[word] = (state[word] ?? 0) & ~(1 << (fact & 31))
  }
  for (const fact of action.adds) include(state, fact)
}

/** The facts that hold. */
export function factsOf(state: State): number[] {
  const facts: number[] = []
  for (let word = 0; word < state.length; word++) {
    for (let rest = state[word] ?? 0; rest !== 0; rest &= rest - 1)
      facts.push(word * 32 + 31 - Math.clz32(rest & -rest))
  }
  return facts
}

/** The weight of a whole plan. */
export function weigh(task: Task, plan: readonly number[]): number {
  return plan.reduce((total, action) => total + (task.actions[action]?.weight ?? 0), 0)
}

/** Every state on the way of `plan` from `start`, the first and the last included; undefined when some action cannot be done. */
export function statesAlong(task: Task, start: State, plan: readonly number[]): readonly State[] | undefined {
  const state = start.slice()
  const states = [start.slice()]
  for (const number of plan) {
    const action = task.actions[number]
    if (!action || !holdAll(state, action.needs)) return undefined
    perform(state, action)
    states.push(state.slice())
  }
  return states
}
