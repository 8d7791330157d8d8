/** What the steps of a plan are there for. */
import type { Capability } from '../agents/index.ts'
import { endFacts, factsOf } from './facts.ts'
import { originsOf, type Plan, predecessors, type Step } from './plan.ts'
import type { Problem } from './problem.ts'

/** What needs each step, by its id; `capabilityOf` a step whose facts do not matter is undefined. */
export function purposesIn(
  plan: Plan,
  problem: Problem,
  capabilityOf: (step: Step) => Capability | undefined,
): ReadonlyMap<string, readonly string[]> {
  const found = new Map<string, Set<string>>(plan.steps.map(step => [step.id, new Set()]))
  const facts = new Map(
    plan.steps.flatMap(step => {
      const capability = capabilityOf(step)
      return capability ? [[step.id, factsOf(step, capability)] as const] : []
    }),
  )
  for (const [name, source] of Object.entries(plan.wanted))
    for (const origin of originsOf(source))
      if (origin.from === 'step') found.get(origin.step)?.add(`\`${name}\` is wanted`)
  for (const step of plan.steps) {
    for (const { path } of step.by ?? []) {
      const [own] = path.slice(-1)
      if (own) found.get(step.id)?.add(`by method \`${own.method}\` of task \`${own.task}\` it is \`${own.step}\``)
    }
    for (const [port, input] of Object.entries(step.inputs))
      for (const source of originsOf(input))
        if (source.from === 'step') found.get(source.step)?.add(`\`${step.id}\` takes it as \`${port}\``)
    for (const { key, text } of facts.get(step.id)?.requires ?? [])
      for (const earlier of predecessors(step))
        if (facts.get(earlier)?.brings.has(key)) found.get(earlier)?.add(`\`${step.id}\` requires \`${text}\``)
  }
  for (const { key, text } of endFacts(problem).requires) {
    const last = plan.steps.findLast(({ id }) => facts.get(id)?.brings.has(key))
    if (last) found.get(last.id)?.add(`\`${text}\` is wanted`)
  }
  return new Map([...found].map(([id, reasons]) => [id, [...reasons]]))
}
