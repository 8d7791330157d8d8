/** Steps that composition has found only for what a condition may skip: they need not run either when it is skipped. */
import { isDeepStrictEqual } from 'node:util'
import { type StepFacts, theEnd } from '../facts.ts'
import { stepsBefore } from '../order.ts'
import { originsOf, type Source, type Step, takenBy } from '../plan.ts'

/**
 * For each step, by its id, the condition under which alone it is of use, when there is one: that of all steps that take
 * what it gives or need a fact that it brings about. Steps of methods have conditions of their own, and what is
 * `wanted`, waited for, or brings about a fact that is to hold at the end, is of use always.
 */
export function narrow(
  steps: readonly Step[],
  wanted: Readonly<Record<string, Source>>,
  facts: readonly StepFacts[],
): ReadonlyMap<string, NonNullable<Step['when']>> {
  const narrowed = new Map<string, NonNullable<Step['when']>>()
  if (!steps.some(({ when }) => when)) return narrowed
  const before = stepsBefore(steps)
  const delivered = new Set(Object.values(wanted).flatMap(originsOf).flatMap(stepOf))
  // Takers first: what is found for one that is narrowed is narrowed as well.
  const settled = new Set(steps.flatMap(({ id, by, when }) => ((by ?? when) ? [id] : [])))
  const servedBy = servedByFacts(facts)
  for (let moved = true; moved; ) {
    moved = false
    for (const step of steps) {
      const served = servedBy.get(step.id) ?? new Set()
      const takers = steps.filter(
        other => before.get(other.id)?.has(step.id) && (waitsFor(other, step.id) || served.has(other.id)),
      )
      if (
        settled.has(step.id) ||
        delivered.has(step.id) ||
        served.has(theEnd) ||
        !takers.every(({ id }) => settled.has(id))
      )
        continue
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

/** The steps that require a fact that a step brings about, by its id. */
function servedByFacts(facts: readonly StepFacts[]): ReadonlyMap<string, ReadonlySet<string>> {
  return new Map(
    facts.map(({ step, brings }) => [
      step,
      new Set(
        facts.flatMap(other => {
          const keys = other.requires.flatMap(({ key, cases }) => [key, ...cases.map(one => one.key)])
          return keys.some(key => brings.has(key)) ? [other.step] : []
        }),
      ),
    ]),
  )
}

function waitsFor(step: Step, id: string): boolean {
  return step.after.includes(id) || takenBy(step).some(origin => stepOf(origin).includes(id))
}

function stepOf(source: Source): readonly string[] {
  return source.from === 'step' ? [source.step] : []
}
