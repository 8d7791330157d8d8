/** Loops of plans: a step that runs once for every item of a list. */
import type { Concept } from '../core/index.ts'
import { addConcept, catalogueOf } from './catalogue.ts'
import type { Step } from './plan.ts'
import type { Problem } from './problem.ts'

/** The most items that a loop of any plan may be for. */
export const mostItems = 1000

/** The most items when the problem does not say. */
export const usualMost = 100

/** The concept of that name, when the problem or one of its capabilities speaks of it. */
export function conceptNamed(problem: Problem, name: string): Concept | undefined {
  const known = catalogueOf(problem.capabilities).concept(name)
  if (known) return known
  const concepts = new Map<string, Concept>()
  for (const concept of [...Object.values(problem.given), ...problem.wanted]) addConcept(concepts, concept)
  return concepts.get(name)
}

/** Items that a loop is expected to have, at most as many as it may: nobody knows before it runs. */
const expectedItems = 5

/** How often a step is expected to run once its turn has come. */
export function turnsOf({ each }: Pick<Step, 'each'>): number {
  return each ? Math.min(expectedItems, each.most) : 1
}

/** The concepts that a step gives, by output: of a loop the lists. What nobody knows is left out. */
export function givesOf({ capability, each }: Step, problem: Problem): Readonly<Record<string, Concept>> {
  const gives = catalogueOf(problem.capabilities).entry(capability)?.capability.gives ?? {}
  if (!each) return gives
  return Object.fromEntries(
    Object.entries(each.gives).flatMap(([output, name]) => {
      const concept = Object.hasOwn(gives, output) ? conceptNamed(problem, name) : undefined
      return concept ? [[output, concept]] : []
    }),
  )
}
