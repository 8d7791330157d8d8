/** Which steps of a plan do what of which task. */
import type { Candidate } from '../candidate.ts'
import type { Place } from '../plan.ts'
import type { Problem } from '../problem.ts'
import { type Milestone, stoodStep } from './network.ts'
import { begunDoing, freshDoings } from './standing-parts.ts'

/** The tasks that are done by some candidates. */
export interface Doings {
  /** What a candidate is of the tasks. */
  placesOf(candidate: number): readonly Place[]
  /** The steps by which what this key names is done. */
  doers(done: string): readonly string[]
}

/** The tasks that `candidates` do for `problem`; of several ways to the same the first. `idOf` names their steps. */
export function findDoings(
  problem: Problem,
  candidates: readonly Candidate[],
  idOf: (candidate: number) => string,
): Doings {
  const parts = new Map<string, number>()
  const ends = new Map<string, Milestone>()
  for (const candidate of candidates) {
    if (candidate.capability === undefined) {
      const { milestone } = candidate
      if (!ends.has(milestone.done)) ends.set(milestone.done, milestone)
    } else if (candidate.part) parts.set(candidate.part.key, candidate.index)
  }
  const places = new Map<number, Place[]>()
  const visit = (done: string, doing: string, path: Place['path']): void => {
    const candidate = parts.get(done)
    if (candidate !== undefined) places.set(candidate, [...(places.get(candidate) ?? []), { doing, path }])
    const end = ends.get(done)
    for (const { step, done: inner } of end?.slots ?? []) {
      const under = end?.method ? [...path, { task: end.task.name, method: end.method.name, step }] : path
      visit(inner, doing, under)
    }
  }
  const inner = new Set([...ends.values()].flatMap(({ slots }) => slots.map(({ done }) => done)))
  const whole = [...ends.values()]
    .filter(({ done }) => !inner.has(done))
    .sort((a, b) => (a.task.name < b.task.name ? -1 : a.task.name > b.task.name ? 1 : 0))
  const fresh = freshDoings(problem)
  const begun = new Set<string>()
  for (const { done, task } of whole) {
    const doing = begun.has(task.name) ? undefined : begunDoing(problem, task.name)
    begun.add(task.name)
    visit(done, doing ?? fresh.next().value, [])
  }
  const doers = (done: string): readonly string[] => {
    const candidate = parts.get(done)
    if (candidate !== undefined) return [idOf(candidate)]
    const stood = stoodStep(done)
    return stood === undefined ? (ends.get(done)?.slots ?? []).flatMap(slot => doers(slot.done)) : [stood]
  }
  return { placesOf: candidate => places.get(candidate) ?? [], doers }
}
