/** Checks any plan, whoever made it: composed, drafted by a language model, edited by a person or tampered with. */
import { isDeepStrictEqual } from 'node:util'
import { formatUsd, isKindOf } from '../core/index.ts'
import { type Catalogue, catalogueOf } from './catalogue.ts'
import { endFacts, factsOf, initialFacts, theEnd, unmetFacts } from './facts.ts'
import { turnsOf } from './loop.ts'
import { longestChain } from './measure.ts'
import { stepsBefore } from './order.ts'
import { type Origin, originsOf, type Plan, sealPlan, type Step, takenBy } from './plan.ts'
import type { PlanIssue, Problem } from './problem.ts'
import { sparesOf, whoRunsWith } from './spare.ts'
import { isBarred, isDone } from './standing.ts'
import { type TaskCheck, verifyTasks } from './tasks/verify-tasks.ts'
import { verifyChoice } from './verify-choice.ts'
import { sourceConcepts, verifyInputs } from './verify-inputs.ts'

/** Everything that is wrong with `plan` as an answer to `problem`; empty when it can be carried out as it stands. */
export function verify(plan: Plan, problem: Problem): readonly PlanIssue[] {
  const catalogue = catalogueOf(problem.capabilities)
  const before = stepsBefore(plan.steps)
  const open = plan.steps.filter(({ id }) => !isDone(problem, id))
  const tasks = verifyTasks(plan, problem, before)
  return [
    ...verifyDigest(plan),
    ...verifyDone(plan, problem),
    ...verifySteps(plan, catalogue, problem),
    ...open.flatMap(step => [...verifyInputs(step, plan, problem), ...verifyChoice(step, plan, problem)]),
    ...verifyOrder(open, before),
    ...verifyWants(plan, problem),
    ...tasks.issues,
    ...verifyFacts(open, problem, before, tasks),
    ...verifyBudget(open, problem),
    ...verifyTime(open, problem, before),
    ...verifyUse(plan, problem, before, tasks),
  ]
}

type Before = ReadonlyMap<string, ReadonlySet<string>>

function verifyDigest({ digest, steps, wanted }: Plan): readonly PlanIssue[] {
  if (sealPlan(steps, wanted).digest === digest) return []
  return [{ kind: 'wrong-digest', reason: 'the plan is not the one that its digest names' }]
}

function verifyDone({ steps }: Plan, { done = [] }: Problem): readonly PlanIssue[] {
  return done
    .filter(({ step }) => !steps.some(other => isDeepStrictEqual(other, step)))
    .map(({ step: { id } }) => ({
      kind: 'changed-step',
      step: id,
      reason: `\`${id}\` is finished, and the plan does not hold it as it was`,
    }))
}

function verifySteps({ steps }: Plan, catalogue: Catalogue, problem: Problem): readonly PlanIssue[] {
  const ids = new Set<string>()
  return steps.flatMap(({ id, capability, inputs }): PlanIssue[] => {
    const open = !isDone(problem, id)
    const spent = open && problem.used?.includes(id)
    const barred = open && isBarred(problem, capability, port => inputs[port] ?? [])
    const twice = ids.has(id)
    ids.add(id)
    return [
      ...(twice
        ? [{ kind: 'duplicate-step' as const, step: id, reason: `more than one step is called \`${id}\`` }]
        : []),
      ...(open && !catalogue.entry(capability)
        ? [{ kind: 'unknown-capability' as const, step: id, reason: `there is no capability \`${capability}\`` }]
        : []),
      ...(spent
        ? [{ kind: 'barred-step' as const, step: id, reason: `\`${id}\` has had its turn and will not deliver` }]
        : []),
      ...(barred
        ? [{ kind: 'barred-step' as const, step: id, reason: `\`${capability}\` may not be used again here` }]
        : []),
    ]
  })
}

function verifyOrder(steps: readonly Step[], before: Before): readonly PlanIssue[] {
  return steps.flatMap(({ id, after }): PlanIssue[] => [
    ...after
      .filter(other => !before.has(other))
      .map(other => ({
        kind: 'unknown-source' as const,
        step: id,
        reason: `it runs after \`${other}\`, which is no step of the plan`,
      })),
    ...(before.get(id)?.has(id) ? [{ kind: 'cycle' as const, step: id, reason: `\`${id}\` waits for itself` }] : []),
  ])
}

function verifyWants(plan: Plan, problem: Problem): readonly PlanIssue[] {
  const asked = new Set(problem.wanted.map(({ name }) => name))
  const superfluous = Object.keys(plan.wanted).filter(name => !asked.has(name))
  return [
    ...problem.wanted.flatMap((concept): PlanIssue[] => {
      const source = Object.hasOwn(plan.wanted, concept.name) ? plan.wanted[concept.name] : undefined
      if (!source) return [{ kind: 'uncovered-want', reason: `nothing delivers \`${concept.name}\`` }]
      return sourceConcepts(source, plan, problem).flatMap((delivered): PlanIssue[] => {
        if ('reason' in delivered) {
          return [{ kind: 'uncovered-want', reason: `nothing delivers \`${concept.name}\`: ${delivered.reason}` }]
        }
        if (isKindOf(delivered.concept, concept)) return []
        return [
          {
            kind: 'uncovered-want',
            reason: `what is delivered as \`${concept.name}\` is a \`${delivered.concept.name}\``,
          },
        ]
      })
    }),
    ...superfluous.map(name => ({ kind: 'superfluous-want' as const, reason: `nobody asked for \`${name}\`` })),
  ]
}

function verifyFacts(steps: readonly Step[], problem: Problem, before: Before, tasks: TaskCheck): readonly PlanIssue[] {
  const facts = [...factsIn(steps, problem, tasks), endFacts(problem)]
  return unmetFacts(facts, initialFacts(problem), before, whoRunsWith(steps)).map(({ step, reason }) =>
    step === theEnd ? { kind: 'unmet-want', reason } : { kind: 'unmet-fact', step, reason },
  )
}

function factsIn(steps: readonly Step[], problem: Problem, { demands }: TaskCheck) {
  const catalogue = catalogueOf(problem.capabilities)
  return steps.flatMap(step => {
    const entry = catalogue.entry(step.capability)
    return entry ? [factsOf(step, entry.capability, demands.get(step.id))] : []
  })
}

function verifyBudget(steps: readonly Step[], problem: Problem): readonly PlanIssue[] {
  const catalogue = catalogueOf(problem.capabilities)
  const spares = sparesOf(steps)
  const known = steps.filter(({ id, capability }) => !spares.has(id) && catalogue.entry(capability))
  const price = known.reduce((sum, step) => sum + turnsOf(step) * problem.estimate(step.capability).price, 0)
  if (problem.budget === undefined || price <= problem.budget) return []
  return [
    {
      kind: 'over-budget',
      reason: `it is expected to cost ${formatUsd(price)} and the budget is ${formatUsd(problem.budget)}`,
    },
  ]
}

function verifyTime(steps: readonly Step[], { time, estimate }: Problem, before: Before): readonly PlanIssue[] {
  if (time === undefined || steps.some(({ id }) => before.get(id)?.has(id))) return []
  const taken = longestChain(steps, step => estimate(step.capability).time)
  if (taken <= time) return []
  const [expected, left] = [Math.round(taken), Math.round(time)]
  return [{ kind: 'over-time', reason: `it is expected to take ${expected} ms and there are ${left} ms` }]
}

/**
 * A step is of use when a want or a step of use takes its data, when a required fact would not hold without it, or when
 * it is a part of a task that was asked for or of which another part is of use.
 */
function verifyUse({ steps, wanted }: Plan, problem: Problem, before: Before, tasks: TaskCheck): readonly PlanIssue[] {
  const initial = initialFacts(problem)
  const open = steps.filter(({ id }) => !isDone(problem, id))
  const surely = whoRunsWith(open)
  const facts = new Map(factsIn(open, problem, tasks).map(known => [known.step, known]))
  const unmet = (among: readonly Step[], except: Step) => {
    const known = [...among.flatMap(({ id }) => facts.get(id) ?? []), endFacts(problem)]
    return unmetFacts(known, initial, before, surely).filter(({ step }) => step !== except.id).length
  }
  const makes = ({ id }: Step, origin: Origin) => origin.from === 'step' && origin.step === id
  const delivered = Object.values(wanted).flatMap(originsOf)
  const isOf = (step: Step, doing: string) => step.by?.some(place => place.doing === doing) ?? false
  const isPart = ({ by = [] }: Step, among: readonly Step[]) =>
    by.some(({ doing }) => {
      if (tasks.asked.has(doing)) return true
      const taken = [...delivered, ...among.filter(other => !isOf(other, doing)).flatMap(takenBy)]
      return among.some(other => isOf(other, doing) && taken.some(origin => makes(other, origin)))
    })
  let kept: readonly Step[] = steps
  for (let dropped = true; dropped; ) {
    dropped = false
    for (const step of kept.toReversed()) {
      if (!open.includes(step)) continue
      const rest = kept.filter(other => other !== step)
      const taken = [...delivered, ...rest.flatMap(takenBy)].some(origin => makes(step, origin))
      if (taken || unmet(rest, step) > unmet(kept, step) || isPart(step, kept)) continue
      kept = rest
      dropped = true
    }
  }
  return steps
    .filter(step => !kept.includes(step))
    .map(({ id }) => ({
      kind: 'useless-step',
      step: id,
      reason: 'neither its data nor the facts it brings about are needed',
    }))
}
