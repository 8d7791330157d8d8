/**
 * Makes a plan of a draft with as little change as possible: of what a language model has drafted, of what a person has
 * edited, and of an adopted plan that cannot go on as it is.
 * 1. What can be carried out as it stands is returned untouched.
 * 2. What stands of the draft is kept, and completed by the best steps for what is lacking; capabilities that the draft
 *    has a use for weigh next to nothing.
 * 3. Kept steps keep their ids and, wherever they are still right, their own sources; new ids were never used.
 * 4. Finished steps stay as they are. What is returned has no issue, or there is no plan at all.
 */
import { isDeepStrictEqual } from 'node:util'
import { plan } from './compose.ts'
import { type Difference, differenceOf } from './difference.ts'
import { explainUse } from './explain.ts'
import { mend } from './mend.ts'
import type { Missing } from './missing.ts'
import type { Objective } from './objective.ts'
import { type Draft, type Plan, renameSource, renameStep, sealPlan, type Step } from './plan.ts'
import type { PlanIssue, Problem, StepReason } from './problem.ts'
import { prune } from './prune.ts'
import { isDone } from './standing.ts'
import { verify } from './verify.ts'

/** What became of a draft. `issues`: what was wrong with it. */
export type Revised =
  | { readonly kind: 'valid'; readonly plan: Plan }
  | {
      readonly kind: 'revised'
      readonly plan: Plan
      readonly issues: readonly PlanIssue[]
      readonly difference: Difference
      /** Why each added step is in the plan. */
      readonly why: readonly StepReason[]
    }
  | { readonly kind: 'unsolvable'; readonly issues: readonly PlanIssue[]; readonly missing: readonly Missing[] }

/** Revises `draft` to a plan for `problem`. The same draft and problem, the same answer. */
export function revise(draft: Draft, problem: Problem): Revised {
  const drafted = sealPlan(draft.steps, draft.wanted)
  const issues = verify(drafted, problem)
  if (issues.length === 0) return { kind: 'valid', plan: drafted }
  const objective = objectiveFor(problem, issues)
  const asked: Problem = {
    ...problem,
    objective,
    prefer: draft.steps.map(({ capability }) => capability),
    used: [...(problem.used ?? []), ...draft.steps.map(({ id }) => id)],
  }
  for (const tried of [{ ...asked, kept: mend(draft, problem) }, asked]) {
    const planned = plan(tried)
    const revised = planned.kind === 'planned' ? fitIn(draft, planned.plan, problem) : undefined
    if (revised) return answer(draft, revised, issues, problem)
  }
  const anew = plan({ ...problem, objective, used: asked.used ?? [] })
  if (anew.kind === 'unsolvable') return { kind: 'unsolvable', issues, missing: anew.missing }
  const wrong = verify(anew.plan, problem)
  if (wrong.length > 0)
    return { kind: 'unsolvable', issues, missing: wrong.map(({ reason }) => ({ what: 'time', because: reason })) }
  return answer(draft, anew.plan, issues, problem)
}

/** What is added is what the problem asks for; when time is short, whatever is fastest. */
function objectiveFor({ objective }: Problem, issues: readonly PlanIssue[]): Objective {
  if (issues.some(({ kind }) => kind === 'over-time')) return { best: 'response-time' }
  return { best: objective?.best === 'size' ? 'size' : 'weight' }
}

function answer(draft: Draft, revised: Plan, issues: readonly PlanIssue[], problem: Problem): Revised {
  const difference = differenceOf(draft, revised)
  const added = new Set(difference.added.map(({ id }) => id))
  const why = explainUse(revised, problem).filter(({ step }) => added.has(step))
  return { kind: 'revised', plan: revised, issues, difference, why }
}

/** `made` with the ids and sources of `draft` wherever they will do; undefined when it then has an issue. */
function fitIn(draft: Draft, made: Plan, problem: Problem): Plan | undefined {
  let fitted = withIds(draft, made, problem)
  for (const change of [...ownWants(draft, fitted), ...ownInputs(draft, fitted, problem)]) {
    const tried = change(fitted)
    if (verify(tried, problem).every(({ kind }) => kind === 'useless-step')) fitted = tried
  }
  const pruned = prune(fitted, problem)
  return verify(pruned, problem).length === 0 ? pruned : undefined
}

/** Gives new steps the ids of drafted steps with the same capability that are not in the plan. */
function withIds(draft: Draft, made: Plan, problem: Problem): Plan {
  const held = new Set(made.steps.map(({ id }) => id))
  const known = new Set(draft.steps.map(({ id }) => id))
  const gone = new Set([...held, ...(problem.used ?? [])])
  const free = draft.steps.filter(({ id }, at) => !gone.has(id) && draft.steps.findIndex(one => one.id === id) === at)
  const names = new Map<string, string>()
  for (const { id, capability } of made.steps) {
    if (known.has(id) || isDone(problem, id)) continue
    const at = free.findIndex(step => step.capability === capability)
    const [taken] = at < 0 ? [] : free.splice(at, 1)
    if (taken) names.set(id, taken.id)
  }
  const name = (id: string) => names.get(id) ?? id
  const steps = made.steps.map(step => renameStep(step, name))
  const wanted = Object.entries(made.wanted).map(([want, source]) => [want, renameSource(source, name)])
  return sealPlan(steps, Object.fromEntries(wanted))
}

type Change = (plan: Plan) => Plan

function ownWants(draft: Draft, { wanted }: Plan): readonly Change[] {
  return Object.entries(draft.wanted).flatMap(([want, source]): readonly Change[] =>
    !Object.hasOwn(wanted, want) || isDeepStrictEqual(wanted[want], source)
      ? []
      : [old => sealPlan(old.steps, { ...old.wanted, [want]: source })],
  )
}

function ownInputs(draft: Draft, { steps }: Plan, problem: Problem): readonly Change[] {
  return steps.flatMap((step): readonly Change[] => {
    const own = draft.steps.find(({ id }) => id === step.id)
    if (!own || isDone(problem, step.id)) return []
    const ports = Object.keys(step.inputs).filter(
      port => Object.hasOwn(own.inputs, port) && !isDeepStrictEqual(own.inputs[port], step.inputs[port]),
    )
    return [
      ...ports.map(port =>
        change(step.id, old => ({ ...old, inputs: { ...old.inputs, [port]: own.inputs[port] ?? [] } })),
      ),
      ...(isDeepStrictEqual(own.after, step.after) ? [] : [change(step.id, old => ({ ...old, after: own.after }))]),
    ]
  })
}

function change(id: string, to: (step: Step) => Step): Change {
  return ({ steps, wanted }) =>
    sealPlan(
      steps.map(step => (step.id === id ? to(step) : step)),
      wanted,
    )
}
