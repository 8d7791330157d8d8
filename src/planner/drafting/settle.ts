/** From a draft to a plan: read, verified and revised, and rid of what changes the world for nothing. */
import { effects } from '../../agents/index.ts'
import { catalogueOf } from '../catalogue.ts'
import { sayDifference } from '../difference.ts'
import { type Draft, type Plan, sealPlan, type Source, type Step } from '../plan.ts'
import type { PlanIssue, Problem } from '../problem.ts'
import { prune } from '../prune.ts'
import { revise } from '../revise.ts'
import { verify } from '../verify.ts'
import { type PlanDraft, readDraft } from './plan-draft.ts'

/** What became of a draft. */
export type Settled =
  /** A plan without an issue; `issues` is what was wrong with the draft, `changes` what was done about it, in words. */
  | {
      readonly kind: 'plan'
      readonly plan: Plan
      readonly issues: readonly PlanIssue[]
      readonly changes: readonly string[]
    }
  /** Nothing of it can stand. `draft` is what was read. */
  | { readonly kind: 'unfit'; readonly draft: Draft; readonly issues: readonly PlanIssue[] }

/**
 * Makes a plan of what was written, changing as little as possible. A draft may add steps that only look at the world and
 * whose data something takes; steps that change it stay only where something cannot do without them. A draft of which no
 * step is left has not been repaired but replaced: it is unfit.
 */
export function settleDraft(written: PlanDraft, problem: Problem): Settled {
  const draft = readDraft(written, problem)
  const revised = revise(draft, problem)
  if (revised.kind === 'unsolvable') return { kind: 'unfit', draft, issues: revised.issues }
  const issues = revised.kind === 'revised' ? revised.issues : []
  const changes = revised.kind === 'revised' ? sayDifference(revised.difference) : []
  if (revised.kind === 'revised' && revised.difference.kept.length === 0 && revised.plan.steps.length > 0)
    return { kind: 'unfit', draft, issues }
  const { plan, dropped } = dropNeedless(revised.plan, problem)
  return { kind: 'plan', plan, issues, changes: [...changes, ...dropped] }
}

/** Drops steps that change the world although the plan stands without them, with what only they needed. */
function dropNeedless(whole: Plan, problem: Problem): { readonly plan: Plan; readonly dropped: readonly string[] } {
  const catalogue = catalogueOf(problem.capabilities)
  const dropped: string[] = []
  let plan = whole
  for (const step of whole.steps.toReversed()) {
    const effect = catalogue.entry(step.capability)?.capability.effect ?? 'acts'
    if (effects.indexOf(effect) < effects.indexOf('writes') || !plan.steps.some(({ id }) => id === step.id)) continue
    const less = prune(without(plan, step.id), problem)
    if (verify(less, problem).length > 0) continue
    plan = less
    dropped.push(`\`${step.id}\` (\`${step.capability}\`) is dropped: it ${effect}, and nothing needs it`)
  }
  return { plan, dropped }
}

/** `plan` without a step: lists go on without its data; whatever else speaks of it, such as a fallback, is left in want. */
function without({ steps, wanted }: Plan, id: string): Plan {
  const other = (source: Source) => source.from !== 'step' || source.step !== id
  const left = steps
    .filter(step => step.id !== id)
    .map((step): Step => {
      const inputs = Object.entries(step.inputs).map(
        ([port, input]) => [port, 'from' in input ? input : input.filter(other)] as const,
      )
      return { ...step, inputs: Object.fromEntries(inputs), after: step.after.filter(before => before !== id) }
    })
  return sealPlan(left, wanted)
}
