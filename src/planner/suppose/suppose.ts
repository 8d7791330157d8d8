/**
 * What would have to be true for a shorter or cheaper plan, or for any plan at all. Every supposition that is returned has
 * been planned with: it is no guess. Bounded in work, and so not complete: ideas are tried in the order of their promise.
 */
import type { MicroUsd } from '../../core/index.ts'
import { plan as compose } from '../compose.ts'
import { measure } from '../measure.ts'
import type { Plan } from '../plan.ts'
import type { Planned, Problem } from '../problem.ts'
import { ideasFor } from './ideas.ts'
import type { Idea, Supposed } from './idea.ts'
import { unlockingIdeas } from './unlocking.ts'

/** What a plan takes, each step tried once. */
export interface Totals {
  readonly steps: number
  readonly price: MicroUsd
  /** Milliseconds along its slowest chain. */
  readonly time: number
}

/** Something that is not so, and the plan that there would be if it were. */
export interface Supposition {
  /** All of it together. */
  readonly supposed: readonly Supposed[]
  readonly plan: Plan
  /** Steps of the plan as it is that would fall away. */
  readonly without: readonly string[]
  /** Capabilities that would be used besides. */
  readonly instead: readonly string[]
  /** How much less it would take; what is negative it would take more. Undefined when there is no plan now. */
  readonly saves: Totals | undefined
}

const mostTried = 32
const mostReturned = 6
const mostAlike = 2

/** What would have to be true for a better answer to `problem` than `planned`, what saves most first. */
export function suppose(problem: Problem, planned: Planned): readonly Supposition[] {
  return planned.kind === 'planned' ? improvements(problem, planned.plan) : unlocking(problem)
}

function improvements(problem: Problem, now: Plan): readonly Supposition[] {
  const totals = totalsOf(now, problem)
  const found = ideasFor(now, problem)
    .slice(0, mostTried)
    .flatMap(idea => {
      const tried = tryOut(idea, now)
      const saves = tried && less(totals, totalsOf(tried.plan, idea.problem))
      return tried && saves && isBetter(saves) ? [{ ...tried, saves }] : []
    })
    .sort((a, b) => worth(b.saves) - worth(a.saves) || b.saves.steps - a.saves.steps)
  const best = distinct(found, ({ without, instead }) => [without, instead])
  return best
    .filter((one, at) => best.slice(0, at).filter(other => kindOf(other) === kindOf(one)).length < mostAlike)
    .slice(0, mostReturned)
}

/** Many suppositions of one kind tell little more than a few. */
function kindOf({ supposed: [first] }: Supposition): Supposed['kind'] | undefined {
  return first?.kind
}

function unlocking(problem: Problem): readonly Supposition[] {
  const found: Supposition[] = []
  for (const idea of unlockingIdeas(problem).slice(0, mostTried)) {
    const tried = found.length < mostReturned ? tryOut(idea, undefined) : undefined
    if (tried) found.push({ ...tried, saves: undefined })
  }
  // Of those that need little, the first: they are the nearest to what is wanted.
  return distinct(found, ({ supposed }) => supposed).sort((a, b) => a.supposed.length - b.supposed.length)
}

function tryOut({ supposed, problem }: Idea, now: Plan | undefined): Omit<Supposition, 'saves'> | undefined {
  const answer = compose(problem)
  if (answer.kind === 'unsolvable') return undefined
  const { plan } = answer
  const had = now?.steps ?? []
  const kept = countsOf(plan)
  const without = had.filter(({ capability }) => !takeOne(kept, capability)).map(({ id }) => id)
  const instead = [...kept].flatMap(([capability, count]) =>
    count > 0 && capability !== 'supposed@1' ? [capability] : [],
  )
  // Without a limit the plan says how high it would have to be.
  const atLeast = totalsOf(plan, problem).price
  const what: readonly Supposed[] = supposed.length > 0 ? supposed : [{ kind: 'budget', atLeast }]
  return { supposed: what, plan, without, instead: now === undefined ? [] : instead }
}

function countsOf({ steps }: Plan): Map<string, number> {
  const counts = new Map<string, number>()
  for (const { capability } of steps) counts.set(capability, (counts.get(capability) ?? 0) + 1)
  return counts
}

function takeOne(counts: Map<string, number>, key: string): boolean {
  const count = counts.get(key) ?? 0
  if (count === 0) return false
  counts.set(key, count - 1)
  return true
}

function totalsOf(plan: Plan, { estimate }: Problem): Totals {
  return {
    steps: plan.steps.length,
    price: plan.steps.reduce((sum, { capability }) => sum + estimate(capability).price, 0),
    time: measure(plan, { best: 'response-time' }, estimate, () => 0),
  }
}

function less(now: Totals, then: Totals): Totals {
  return { steps: now.steps - then.steps, price: now.price - then.price, time: now.time - then.time }
}

function isBetter({ steps, price, time }: Totals): boolean {
  return steps > 0 || price > 0 || time > 0
}

// Micro-dollars and milliseconds count alike, as they do for the planner, and a step for one.
function worth({ steps, price, time }: Totals): number {
  return price + time + steps
}

/** Of suppositions of one kind that are alike by `trait`, the first. */
function distinct<S extends Supposition>(all: readonly S[], trait: (one: S) => unknown): S[] {
  const first = new Map<string, S>()
  for (const one of all) {
    const key = JSON.stringify([kindOf(one), trait(one)])
    if (!first.has(key)) first.set(key, one)
  }
  return [...first.values()]
}
