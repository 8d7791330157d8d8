/**
 * What of a draft can stand, before anything is planned anew.
 * 1. A step that can stand as it was drafted does.
 * 2. A step of a capability that may not be used, or that nobody knows, gives way to one that gives the same from what
 *    is there.
 * 3. A wrong source gives way to the closest datum that is there; a step on a circle waits for nothing more.
 * 4. What then still lacks data or facts does not stand: it, and what depends on it, is left to the planner.
 */
import { type Bench, bind, entryOf, layOnBench, type Licence, stand } from './bench.ts'
import { catalogueOf } from './catalogue.ts'
import { factsOf, initialFacts, unmetFacts } from './facts.ts'
import { stepsBefore } from './order.ts'
import type { Draft, Step } from './plan.ts'
import type { Problem } from './problem.ts'
import { substituteAny } from './substitute.ts'
import { orderFacts } from './wire.ts'

/** The steps of `draft` that stand, changed where they had to be, in an order in which they can run. */
export function mend(draft: Draft, problem: Problem): readonly Step[] {
  const bench = layOnBench(draft, problem)
  while (joinAny(bench, 'as drafted') || substituteAny(bench) || joinAny(bench, 'rebound') || breakCircle(bench));
  return keepFacts(bench.standing, problem)
}

function joinAny(bench: Bench, licence: Licence, among: Iterable<Step> = bench.waiting.values()): boolean {
  let joined = false
  for (const step of among) {
    const entry = entryOf(bench, step)
    const bound = entry && bind(bench, step, entry, licence)
    if (!bound) continue
    stand(bench, bound)
    if (licence !== 'as drafted') return true
    joined = true
  }
  return joined
}

/** The first step on a circle that can do without waiting stands. */
function breakCircle(bench: Bench): boolean {
  const open = [...bench.waiting.values()]
  const before = stepsBefore(open)
  const circling = open.filter(({ id }) => before.get(id)?.has(id))
  const patient = circling.map(step => ({ ...step, after: step.after.filter(id => !before.get(id)?.has(step.id)) }))
  return joinAny(bench, 'rebound', patient) || joinAny(bench, 'waiting no more', circling)
}

/** The steps whose required facts hold among them, in whatever order they then allow. */
function keepFacts(steps: readonly Step[], problem: Problem): readonly Step[] {
  const catalogue = catalogueOf(problem.capabilities)
  const known = steps.flatMap(step => {
    const entry = catalogue.entry(step.capability)
    return entry ? [{ step, capability: entry.capability }] : []
  })
  const unmet = (drafts: typeof known) =>
    unmetFacts(
      drafts.map(({ step, capability }) => factsOf(step, capability)),
      initialFacts(problem),
      stepsBefore(drafts.map(({ step }) => step)),
    )
  if (unmet(known).length === 0) return steps
  const ordered = orderFacts(problem, known)
  const lost = new Set(unmet([...ordered]).map(({ step }) => step))
  if (lost.size === 0) return ordered.map(({ step }) => step)
  const before = stepsBefore(steps)
  const left = steps.filter(({ id }) => !lost.has(id) && before.get(id)?.isDisjointFrom(lost))
  return keepFacts(left, problem)
}
