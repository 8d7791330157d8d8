/** Checks what the steps of a plan take. */
import type { Port } from '../core/index.ts'
import { type Concept, isKindOf } from '../core/index.ts'
import { catalogueOf } from './catalogue.ts'
import { givesOf } from './loop.ts'
import { type Origin, originsOf, type Plan, type Source, type Step } from './plan.ts'
import type { PlanIssue, Problem } from './problem.ts'

/** The concept of a datum, or why there is no such datum. */
export type Found = { readonly concept: Concept } | { readonly reason: string }

/**
 * The concepts of the data that `source` may name, or why there is no such datum. Alternatives of which it is known that
 * they gave nothing do not count as long as there are others.
 */
export function sourceConcepts(source: Source, plan: Plan, problem: Problem): readonly Found[] {
  const all = originsOf(source)
  const open = all.filter(origin => !gaveNothing(origin, problem))
  const origins = open.length > 0 ? open : all
  if (origins.length === 0) return [{ reason: 'there is no alternative' }]
  return origins.map(origin => originConcept(origin, plan, problem))
}

function gaveNothing(origin: Origin, { done = [] }: Problem): boolean {
  return origin.from === 'step' && done.some(({ step, gives }) => step.id === origin.step && isEmpty(gives))
}

function isEmpty(record: object): boolean {
  return Object.keys(record).length === 0
}

function originConcept(origin: Origin, { steps }: Plan, problem: Problem): Found {
  if (origin.from === 'given') {
    const concept = Object.hasOwn(problem.given, origin.name) ? problem.given[origin.name] : undefined
    return concept ? { concept } : { reason: `no \`${origin.name}\` was given` }
  }
  const finished = problem.done?.find(({ step }) => step.id === origin.step)
  if (finished) {
    const given = Object.hasOwn(finished.gives, origin.output) ? finished.gives[origin.output] : undefined
    return given ? { concept: given } : { reason: `\`${origin.step}\` gave no \`${origin.output}\`` }
  }
  const step = steps.find(({ id }) => id === origin.step)
  if (!step) return { reason: `there is no step \`${origin.step}\`` }
  if (!catalogueOf(problem.capabilities).entry(step.capability))
    return { reason: `nobody knows what \`${step.capability}\` gives` }
  const gives = givesOf(step, problem)
  const concept = Object.hasOwn(gives, origin.output) ? gives[origin.output] : undefined
  const giver = step.each ? `the loop \`${step.id}\`` : `\`${step.capability}\``
  return concept ? { concept } : { reason: `${giver} gives no \`${origin.output}\`` }
}

/** What is wrong with the inputs of `step`; nothing is said about those of an unknown capability. */
export function verifyInputs(step: Step, plan: Plan, problem: Problem): readonly PlanIssue[] {
  const takes = catalogueOf(problem.capabilities).entry(step.capability)?.capability.takes
  if (!takes) return []
  const superfluous = Object.keys(step.inputs).filter(port => !Object.hasOwn(takes, port))
  return [
    ...Object.entries(takes).flatMap(([port, taken]) => verifyPort(step, port, taken, plan, problem)),
    ...superfluous.map(port => ({
      kind: 'superfluous-input' as const,
      step: step.id,
      reason: `\`${step.capability}\` takes no \`${port}\``,
    })),
  ]
}

function verifyPort(step: Step, port: string, taken: Port, plan: Plan, problem: Problem): readonly PlanIssue[] {
  const issue = (kind: PlanIssue['kind'], reason: string): PlanIssue => ({ kind, step: step.id, reason })
  const input = Object.hasOwn(step.inputs, port) ? step.inputs[port] : undefined
  if (input === undefined) return [issue('unbound-input', `nothing is bound to \`${port}\``)]
  if (taken.kind === 'concept' && !('from' in input)) {
    return [issue('type-mismatch', `\`${port}\` takes one \`${taken.name}\` and no list`)]
  }
  if (taken.kind === 'all' && 'from' in input) {
    return [issue('type-mismatch', `\`${port}\` takes a list of \`${taken.concept.name}\` and no single one`)]
  }
  const concept = taken.kind === 'all' ? taken.concept : taken
  const items = step.each?.port === port
  return ('from' in input ? [input] : input).flatMap(source =>
    sourceConcepts(source, plan, problem).flatMap((found): readonly PlanIssue[] => {
      if ('reason' in found) return [issue('unknown-source', `\`${port}\` has no source: ${found.reason}`)]
      const { listOf } = found.concept
      if (items ? listOf && isKindOf(listOf, concept) : isKindOf(found.concept, concept)) return []
      const what = items ? `the items of a list of \`${concept.name}\`` : `a \`${concept.name}\``
      return [issue('type-mismatch', `\`${port}\` takes ${what} and gets a \`${found.concept.name}\``)]
    }),
  )
}
