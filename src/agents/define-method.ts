/** The definition of a method, checked as a whole. */
import { compileCondition, MusterError, problemOf } from '../core/index.ts'
import { feedSteps } from './feed.ts'
import type { Method, MethodDefinition, Refuse } from './method.ts'

/**
 * Declares a method. Throws `bad-config` naming the step and what is wrong: an unknown source, a wrong concept, an order
 * that runs in a circle, a condition that cannot be read.
 */
export function defineMethod(definition: MethodDefinition): Method {
  const { of, name, when, requires = [], description } = definition
  const refuse = (why: string, hint: string): never => {
    throw new MusterError('bad-config', `method \`${name}\` of task \`${of.name}\`: ${why}`, { hint })
  }
  if (!/^[a-z][a-z0-9]*(-[a-z0-9]+)*$/.test(name))
    refuse('the name is malformed', 'use lower-case words joined by hyphens, such as `by-refund`')
  for (const { fact, about } of requires)
    for (const port of about)
      if (!Object.hasOwn(of.takes, port))
        refuse(`fact \`${fact}\` is about \`${port}\`, which the task does not take`, 'name what the task takes')
  if (when !== undefined) checkCondition(when, Object.keys(of.takes), refuse)
  const { have, steps } = feedSteps(definition, refuse)
  for (const step of steps) if (step.when) checkCondition(step.when.condition, Object.keys(step.when.over), refuse)
  return {
    kind: 'method',
    of,
    name,
    description: description ?? name.replaceAll('-', ' '),
    when,
    requires,
    have,
    steps,
    gives: Object.fromEntries(
      Object.entries(definition.gives ?? {}).map(([output, [step, from]]) => [output, { step, output: from }]),
    ),
  }
}

function checkCondition(condition: string, known: readonly string[], refuse: Refuse): void {
  let names: readonly string[] = []
  try {
    ;({ names } = compileCondition(condition))
  } catch (error) {
    refuse(problemOf(error).message, 'write it in the Common Expression Language, such as `order.amount > 0`')
  }
  const unknown = names.find(name => !known.includes(name))
  if (unknown !== undefined)
    refuse(`the condition \`${condition}\` speaks of \`${unknown}\``, `it may speak of \`${known.join('`, `')}\``)
}
