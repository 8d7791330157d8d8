/** Checks what the steps of a plan take. */
import type { Port } from '../core/index.ts'
import { type Concept, isKindOf } from '../core/index.ts'
import { catalogueOf } from './catalogue.ts'
import type { Plan, Source, Step } from './plan.ts'
import type { PlanIssue, Problem } from './problem.ts'

/** The concept of the datum that `source` names, or why there is no such datum. */
export function sourceConcept(
  source: Source,
  { steps }: Plan,
  problem: Problem,
): { readonly concept: Concept } | { readonly reason: string } {
  if (source.from === 'given') {
    const concept = Object.hasOwn(problem.given, source.name) ? problem.given[source.name] : undefined
    return concept ? { concept } : { reason: `no \`${source.name}\` was given` }
  }
  const finished = problem.done?.find(({ step }) => step.id === source.step)
  if (finished) {
    const given = Object.hasOwn(finished.gives, source.output) ? finished.gives[source.output] : undefined
    return given ? { concept: given } : { reason: `\`${source.step}\` gave no \`${source.output}\`` }
  }
  const step = steps.find(({ id }) => id === source.step)
  if (!step) return { reason: `there is no step \`${source.step}\`` }
  const gives = catalogueOf(problem.capabilities).entry(step.capability)?.capability.gives
  if (!gives) return { reason: `nobody knows what \`${step.capability}\` gives` }
  const concept = Object.hasOwn(gives, source.output) ? gives[source.output] : undefined
  return concept ? { concept } : { reason: `\`${step.capability}\` gives no \`${source.output}\`` }
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
  return ('from' in input ? [input] : input).flatMap(source => {
    const found = sourceConcept(source, plan, problem)
    if ('reason' in found) return [issue('unknown-source', `\`${port}\` has no source: ${found.reason}`)]
    if (isKindOf(found.concept, concept)) return []
    return [issue('type-mismatch', `\`${port}\` takes a \`${concept.name}\` and gets a \`${found.concept.name}\``)]
  })
}
