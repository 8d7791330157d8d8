/** Checks what decides whether and how often a step runs: its condition, what it stands in for, and its loop. */
import { compileCondition, isKindOf, MusterError } from '../core/index.ts'
import { catalogueOf } from './catalogue.ts'
import { conceptNamed, mostItems } from './loop.ts'
import type { Each, Plan, Step } from './plan.ts'
import type { PlanIssue, Problem } from './problem.ts'
import { sourceConcepts } from './verify-inputs.ts'

/** What is wrong with `when`, `unless` and `each` of a step. That it waits for itself is said elsewhere. */
export function verifyChoice(step: Step, plan: Plan, problem: Problem): readonly PlanIssue[] {
  return [
    ...verifyCondition(step, plan, problem),
    ...(step.unless ?? [])
      .filter(other => !plan.steps.some(({ id }) => id === other))
      .map(other => ({
        kind: 'unknown-source' as const,
        step: step.id,
        reason: `it stands in for \`${other}\`, which is no step of the plan`,
      })),
    ...(step.each ? verifyLoop(step, step.each, problem) : []),
  ]
}

function verifyCondition({ id, when }: Step, plan: Plan, problem: Problem): readonly PlanIssue[] {
  if (!when) return []
  const { condition, over } = when
  const issue = (kind: PlanIssue['kind'], reason: string): PlanIssue => ({ kind, step: id, reason })
  const sources = Object.entries(over).flatMap(([name, source]) =>
    sourceConcepts(source, plan, problem).flatMap(found =>
      'reason' in found ? [issue('unknown-source', `its condition has no \`${name}\`: ${found.reason}`)] : [],
    ),
  )
  const names = namesIn(condition)
  if ('reason' in names) return [issue('bad-condition', names.reason), ...sources]
  const unbound = names.filter(name => !Object.hasOwn(over, name))
  const unused = Object.keys(over).filter(name => !names.includes(name))
  return [
    ...sources,
    ...unbound.map(name => issue('bad-condition', `\`${condition}\` speaks of \`${name}\`, which is not bound`)),
    ...unused.map(name => issue('superfluous-input', `\`${condition}\` does not speak of \`${name}\``)),
  ]
}

function namesIn(condition: string): readonly string[] | { readonly reason: string } {
  try {
    return compileCondition(condition).names
  } catch (error) {
    if (error instanceof MusterError) return { reason: error.message }
    throw error
  }
}

function verifyLoop(step: Step, { port, most, gives }: Each, problem: Problem): readonly PlanIssue[] {
  const capability = catalogueOf(problem.capabilities).entry(step.capability)?.capability
  if (!capability) return []
  const issue = (reason: string): PlanIssue => ({ kind: 'bad-loop', step: step.id, reason })
  const taken = Object.hasOwn(capability.takes, port) ? capability.takes[port] : undefined
  return [
    ...(taken?.kind === 'concept' ? [] : [issue(`\`${step.capability}\` takes no single \`${port}\` to loop over`)]),
    ...(Number.isInteger(most) && most >= 1 && most <= mostItems
      ? []
      : [issue(`it may run \`${most}\` times, and a loop runs from 1 to ${mostItems} times`)]),
    ...Object.entries(gives).flatMap(([output, name]) => {
      const given = Object.hasOwn(capability.gives, output) ? capability.gives[output] : undefined
      const list = conceptNamed(problem, name)
      if (!given) return [issue(`\`${step.capability}\` gives no \`${output}\``)]
      if (!list) return [issue(`nobody knows what a \`${name}\` is`)]
      if (list.listOf && isKindOf(given, list.listOf)) return []
      return [issue(`\`${name}\` is no list of \`${given.name}\``)]
    }),
  ]
}
