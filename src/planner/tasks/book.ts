/** Methods found by task, and tasks by what they give. Built once a list, like the catalogue of capabilities. */
import type { Method, Task } from '../../agents/index.ts'
import { ancestry } from '../../core/index.ts'

/** The methods of one task. */
export interface Ways {
  readonly task: Task
  /** Methods whose condition is decided at run time, in the order in which they are tried. */
  readonly cases: readonly Method[]
  /** Methods that always do, by name. Beside `cases` one of them is for when none of their conditions holds. */
  readonly plain: readonly Method[]
}

/** A list of methods, indexed. */
export interface TaskBook {
  /** How the task of that name is done; undefined when nobody says. */
  waysOf(task: string): Ways | undefined
  /**
   * The tasks from whose methods data of the concept come that are had in no other way: which method is taken is known
   * only at run time, so what one of them gives is not there for sure, and what the task gives is.
   */
  choosing(concept: string): readonly Task[]
}

const nothing: readonly Method[] = []
// A memo and no registry: a book lives as long as the list that it was made from.
const books = new WeakMap<readonly Method[], TaskBook>()

/** The book of `methods`; made at the first call with this very array. */
export function taskBookOf(methods: readonly Method[] = nothing): TaskBook {
  const known = books.get(methods)
  if (known) return known
  const made = buildBook(methods)
  books.set(methods, made)
  return made
}

function buildBook(methods: readonly Method[]): TaskBook {
  const byTask = new Map(
    [...Map.groupBy(methods, ({ of }) => of.name)].flatMap(([name, all]): [string, Ways][] => {
      const [first] = all
      if (!first) return []
      const plain = all.filter(({ when }) => when === undefined)
      return [
        [
          name,
          {
            task: first.of,
            cases: all.filter(({ when }) => when !== undefined),
            plain: plain.toSorted((a, b) => (a.name < b.name ? -1 : 1)),
          },
        ],
      ]
    }),
  )
  const choosing = new Map<string, Task[]>()
  for (const { task, cases } of [...byTask.values()].sort((a, b) => (a.task.name < b.task.name ? -1 : 1))) {
    if (cases.length === 0) continue
    for (const concept of new Set(Object.values(task.gives).flatMap(given => ancestry(given))))
      choosing.set(concept, [...(choosing.get(concept) ?? []), task])
  }
  return { waysOf: task => byTask.get(task), choosing: concept => choosing.get(concept) ?? [] }
}
