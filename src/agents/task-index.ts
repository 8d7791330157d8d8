/** The tasks and methods of a Muster, checked as a whole. */
import { type Concept, MusterError } from '../core/index.ts'
import type { Method } from './method.ts'
import { compareText } from './order.ts'
import type { Task } from './task.ts'

/** Tasks, by name, and what of them is spoken of. */
export interface TaskIndex {
  /** In order of name. */
  readonly tasks: readonly Task[]
  /** Every concept that a task or a method names itself. */
  readonly concepts: readonly Concept[]
}

/**
 * Indexes methods. Throws `bad-config` when two methods of a task have one name, two tasks have one name, a method asks for
 * a task that no method does, or a task would never come to an end because each of its methods asks for it again.
 */
export function indexTasks(methods: readonly Method[]): TaskIndex {
  const tasks = new Map<string, Task>()
  const seen = new Set<string>()
  for (const { of, name } of methods) {
    const known = tasks.get(of.name)
    if (known && known !== of)
      throw new MusterError('bad-config', `two different tasks have the name \`${of.name}\``, {
        hint: 'declare it once and import it where it is used, or rename one of them',
      })
    tasks.set(of.name, of)
    if (seen.has(`${of.name} ${name}`))
      throw new MusterError('bad-config', `two methods of task \`${of.name}\` have the name \`${name}\``, {
        hint: 'rename one of them',
      })
    seen.add(`${of.name} ${name}`)
  }
  for (const method of methods) for (const inner of tasksIn(method)) requireKnown(method, inner, tasks)
  requireEnd(methods, tasks)
  const concepts = methods.flatMap(({ of, have }) => [
    ...Object.values(of.takes),
    ...Object.values(of.gives),
    ...Object.values(have),
  ])
  return { tasks: [...tasks.values()].sort((a, b) => compareText(a.name, b.name)), concepts }
}

function tasksIn({ steps }: Method): readonly { readonly step: string; readonly task: Task }[] {
  return steps.flatMap(({ name, do: what }) => (what.kind === 'task' ? [{ step: name, task: what }] : []))
}

function requireKnown(
  { of, name }: Method,
  { step, task }: { readonly step: string; readonly task: Task },
  tasks: ReadonlyMap<string, Task>,
): void {
  if (tasks.get(task.name) === task) return
  throw new MusterError(
    'bad-config',
    `method \`${name}\` of task \`${of.name}\`: no method does \`${task.name}\`, which step \`${step}\` asks for`,
    { hint: 'declare a method of it and put it into the configuration' },
  )
}

/** Of the methods with a condition each must come to an end, since any may be called for; of the others one will do. */
function requireEnd(methods: readonly Method[], tasks: ReadonlyMap<string, Task>): void {
  const byTask = Map.groupBy(methods, ({ of }) => of.name)
  const ending = new Set<string>()
  const ends = (method: Method) => tasksIn(method).every(({ task }) => ending.has(task.name))
  for (let before = -1; ending.size > before; ) {
    before = ending.size
    for (const [name, all] of byTask) {
      const plain = all.filter(({ when }) => when === undefined)
      const cases = all.filter(({ when }) => when !== undefined)
      if (cases.every(ends) && (plain.length === 0 || plain.some(ends))) ending.add(name)
    }
  }
  const endless = [...tasks.keys()].find(name => !ending.has(name))
  if (endless === undefined) return
  throw new MusterError('bad-config', `task \`${endless}\` never comes to an end: it asks for itself again and again`, {
    hint: 'declare a method of it that does not ask for it, and no condition for those that do',
  })
}
