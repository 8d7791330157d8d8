/** Steps that stand and are parts of tasks: a task that was begun goes on with them. */
import type { Place, Step } from '../plan.ts'
import type { Problem } from '../problem.ts'

interface Stood {
  readonly step: Step
  readonly place: Place
}

/** The doing of `task` that was begun last. */
export function begunDoing(problem: Problem, task: string): string | undefined {
  return stoodOf(problem, task).at(-1)?.place.doing
}

/** The steps that stand of what was begun last of `task`, by their places in it. */
export function standingParts(problem: Problem, task: string): ReadonlyMap<string, Step> {
  const all = stoodOf(problem, task)
  const doing = all.at(-1)?.place.doing
  return new Map(all.filter(({ place }) => place.doing === doing).map(({ step, place }) => [pathOf(task, place), step]))
}

/** Names for doings that none had: `t1`, `t2` … */
export function* freshDoings({ done = [], kept = [] }: Problem): Generator<string, never> {
  const used = [...done.map(({ step }) => step), ...kept].flatMap(({ by = [] }) => by.map(({ doing }) => doing))
  for (let next = 1; ; next++) if (!used.includes(`t${next}`)) yield `t${next}`
}

function stoodOf({ done = [], kept = [] }: Problem, task: string): readonly Stood[] {
  return [...done.map(({ step }) => step), ...kept].flatMap(step =>
    (step.by ?? []).filter(({ path }) => path[0]?.task === task).map(place => ({ step, place })),
  )
}

/** The path of a part, as tasks are decomposed. */
function pathOf(task: string, { path }: Place): string {
  return [task, ...path.flatMap(({ method, step }) => [method, step])].join('/')
}
