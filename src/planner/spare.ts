/** Steps that are not expected to run: fallbacks, and what is made of nothing but what they give. */
import { inOrder } from './order.ts'
import type { Origin, Source, Step } from './plan.ts'

/** The spare steps among `steps`, by id; steps that wait for each other are not among them. */
export function sparesOf(steps: readonly Step[]): ReadonlySet<string> {
  const spares = new Set<string>()
  const isSpare = (source: Source): boolean =>
    source.from === 'step' ? spares.has(source.step) : source.from === 'first' && source.of.every(isSpare)
  for (const { id, inputs, when, unless = [] } of inOrder(steps)) {
    const needed = [...Object.values(inputs), ...Object.values(when?.over ?? {})]
    if (unless.length > 0 || needed.some(input => 'from' in input && isSpare(input))) spares.add(id)
  }
  return spares
}

/**
 * Answers whether a step runs whenever another one does that takes certain data: when every condition on the way to it
 * is one that the other, or those data, depend on as well.
 */
export function whoRunsWith(
  steps: readonly Step[],
): (bringer: string, step: string, about: readonly Origin[]) => boolean {
  const needs = new Map<string, ReadonlySet<string>>()
  for (const { id, inputs, when } of inOrder(steps)) {
    const needed = [...Object.values(inputs), ...Object.values(when?.over ?? {})]
    const direct = needed.flatMap(input => ('from' in input && input.from === 'step' ? [input.step] : []))
    needs.set(id, new Set(direct.flatMap(other => [other, ...(needs.get(other) ?? [])])))
  }
  const unsure = new Set(steps.filter(({ when, unless }) => when ?? unless).map(({ id }) => id))
  const withNeeds = (ids: readonly string[]) => new Set(ids.flatMap(id => [id, ...(needs.get(id) ?? [])]))
  return (bringer, step, about) => {
    const conditions = withNeeds([bringer]).intersection(unsure)
    if (conditions.size === 0) return true
    const given = withNeeds([step, ...about.flatMap(origin => (origin.from === 'step' ? [origin.step] : []))])
    return conditions.isSubsetOf(given)
  }
}
