/** Steps that composition has found only for what a condition may skip: they need not run either when it is skipped. */
import { isDeepStrictEqual } from 'node:util'
import { stepsBefore } from '../order.ts'
import { originsOf, type Source, type Step, takenBy } from '../plan.ts'

/**
 * For each step, by its id, the condition under which alone it is of use, when there is one: that of all steps that take
 * what it gives. Steps of methods have conditions of their own, and what is `wanted`, or waited for, is of use always.
 */
export function narrow(
  steps: readonly Step[],
  wanted: Readonly<Record<string, Source>>,
): ReadonlyMap<string, NonNullable<Step['when']>> {
  const narrowed = new Map<string, NonNullable<Step['when']>>()
  if (!steps.some(({ when }) => when)) return narrowed
  const before = stepsBefore(steps)
  const delivered = new Set(Object.values(wanted).flatMap(originsOf).flatMap(stepOf))
  // Takers first: what is found for one that is narrowed is narrowed as well.
  const settled = new Set(steps.flatMap(({ id, by, when }) => ((by ?? when) ? [id] : [])))
  for (let moved = true; moved; ) {
    moved = false
    for (const step of steps) {
      const takers = steps.filter(other => before.get(other.id)?.has(step.id) && waitsFor(other, step.id))
      if (settled.has(step.id) || delivered.has(step.id) || !takers.every(({ id }) => settled.has(id))) continue
      settled.add(step.id)
      moved = true
      const conditions = takers.map(({ id, when }) => narrowed.get(id) ?? when)
      const [first] = conditions
      const free = takers.every(({ after }) => !after.includes(step.id))
      if (!first || !free || !conditions.every(one => isDeepStrictEqual(one, first))) continue
      const decided = Object.values(first.over).flatMap(originsOf).flatMap(stepOf)
      if (!decided.some(id => id === step.id || before.get(id)?.has(step.id))) narrowed.set(step.id, first)
    }
  }
  return narrowed
}

function waitsFor(step: Step, id: string): boolean {
  return step.after.includes(id) || takenBy(step).some(origin => stepOf(origin).includes(id))
}

function stepOf(source: Source): readonly string[] {
  return source.from === 'step' ? [source.step] : []
}
