/** Which tasks matter to a goal, with what their methods speak of. */
import { capabilityId, type Method, type Task } from '../../agents/index.ts'
import type { TaskBook } from './book.ts'

/** The tasks that matter to a goal. */
export interface RelevantTasks {
  /** Those that could be done for the goal itself, and not only within another, by name. */
  readonly roots: readonly Task[]
  /** Names of concepts of which their methods need data. */
  readonly concepts: ReadonlySet<string>
  /** Names of facts that they require, and of the concepts that these are about. */
  readonly facts: ReadonlySet<string>
  readonly told: ReadonlySet<string>
}

/** Tasks as they come up. */
export interface Enlisting {
  /** A task that could be done for the goal itself. */
  enlist(task: Task): void
  list(): RelevantTasks
}

/** What a method asks for: capabilities by id, concepts and facts by name. */
export interface Asked {
  readonly capabilities: readonly string[]
  readonly concepts: readonly string[]
  readonly facts: readonly string[]
  readonly told: readonly string[]
}

/** No task yet. `ask` is told once what each method asks for that comes up; `able` says which capabilities can run. */
export function enlistTasks(
  book: TaskBook,
  able: (capability: string) => boolean,
  ask: (asked: Asked) => void,
): Enlisting {
  const roots = new Map<string, Task>()
  const seen = new Set<string>()
  const concepts = new Set<string>()
  const facts = new Set<string>()
  const told = new Set<string>()
  const visit = (task: Task): void => {
    if (seen.has(task.name)) return
    seen.add(task.name)
    const ways = book.waysOf(task.name)
    for (const method of [...(ways?.cases ?? []), ...(ways?.plain ?? [])]) {
      const asked = askedBy(method)
      if (!asked.capabilities.every(able)) continue
      for (const concept of asked.concepts) concepts.add(concept)
      for (const fact of asked.facts) facts.add(fact)
      for (const concept of asked.told) told.add(concept)
      ask(asked)
      for (const step of method.steps) if (step.do.kind === 'task') visit(step.do)
    }
  }
  return {
    enlist(task) {
      roots.set(task.name, task)
      visit(task)
    },
    list: () => ({ roots: [...roots.values()].sort((a, b) => (a.name < b.name ? -1 : 1)), concepts, facts, told }),
  }
}

function askedBy({ of, steps, have, requires }: Method): Asked {
  const done = steps.map(step => step.do)
  const required = [...of.requires, ...requires]
  const taken = [of, ...done].flatMap(({ takes }) => Object.values(takes))
  return {
    capabilities: done.flatMap(what => (what.kind === 'capability' ? [capabilityId(what)] : [])),
    concepts: [...taken.flatMap(port => (port.kind === 'concept' ? [port.name] : [])), ...names(have)],
    facts: required.map(({ fact }) => fact),
    told: required.flatMap(({ about }) => about.flatMap(name => of.takes[name]?.name ?? [])),
  }
}

function names(have: Method['have']): readonly string[] {
  return Object.values(have).map(({ name }) => name)
}
