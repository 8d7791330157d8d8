/** What runs before what. Works on any steps, also on those of a plan that is wrong. */
import { predecessors, type Step } from './plan.ts'

/** For every step, all steps that must have ended before it. A step on a cycle comes before itself. */
export function stepsBefore(steps: readonly Step[]): ReadonlyMap<string, ReadonlySet<string>> {
  const direct = new Map(steps.map(step => [step.id, predecessors(step)]))
  return new Map(
    steps.map(step => {
      const before = new Set<string>()
      const queue = [...(direct.get(step.id) ?? [])]
      for (let id = queue.pop(); id !== undefined; id = queue.pop()) {
        if (before.has(id) || !direct.has(id)) continue
        before.add(id)
        queue.push(...(direct.get(id) ?? []))
      }
      return [step.id, before]
    }),
  )
}

/**
 * The steps in an order in which they could run, as close to the listed one as can be; steps on or behind a cycle are
 * left out.
 */
export function inOrder(steps: readonly Step[]): readonly Step[] {
  let waiting = steps.map(step => ({ step, before: predecessors(step) }))
  const open = new Set(steps.map(step => step.id))
  const ordered: Step[] = []
  for (let moved = true; moved; ) {
    moved = false
    const rest: typeof waiting = []
    for (const entry of waiting) {
      if (entry.before.some(id => open.has(id))) {
        rest.push(entry)
        continue
      }
      open.delete(entry.step.id)
      ordered.push(entry.step)
      moved = true
    }
    waiting = rest
  }
  return ordered
}

/** For every step, how many others stand before it at most on one chain: 0 for those that can begin at once. */
export function layersOf(steps: readonly Step[]): ReadonlyMap<string, number> {
  const layers = new Map<string, number>()
  for (const step of inOrder(steps))
    layers.set(step.id, Math.max(0, ...predecessors(step).map(id => (layers.get(id) ?? -1) + 1)))
  return layers
}
