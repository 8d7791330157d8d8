/** What the planner is asked: for a goal that is only looked at, and for what is left of one that is pursued. */
import { type Concept, MusterError } from '../core/index.ts'
import type { Goal } from '../intent/index.ts'
import type { Problem } from '../planner/index.ts'
import type { Flow, Hall } from './hall.ts'

type Asked = Pick<Goal, 'wanted' | 'perform' | 'facts' | 'achieve'> & Partial<Pick<Goal, 'tradeoff'>>

/** What the planner is asked for a goal whose given data is known by concept. */
export function problemOf(
  hall: Hall,
  given: Readonly<Record<string, Concept>>,
  { wanted, perform, facts = [], achieve = [], tradeoff }: Asked,
  budget: number,
): Problem {
  return {
    capabilities: hall.registry.capabilities,
    given,
    wanted: wanted.map(name => knownConcept(hall, name)),
    methods: hall.registry.methods,
    ...(perform === undefined ? {} : { perform }),
    facts,
    achieve,
    estimate: capability => hall.estimates.of(capability),
    ...(tradeoff === undefined ? {} : { tradeoff }),
    budget,
  }
}

/** The concept of that name; throws `no-plan` when no capability speaks of it. */
export function knownConcept({ registry }: Hall, name: string): Concept {
  const concept = registry.concept(name)
  if (concept !== undefined) return concept
  throw new MusterError('no-plan', `no capability speaks of \`${name}\``, {
    hint: 'see `muster agents` for what is offered here',
  })
}

/** What the planner is asked for the goal of a claimed run, with the money that is left; or the concept that nobody here knows. */
export function openProblem(flow: Flow): Problem | { readonly unknown: string } {
  const { given, goal, budget, spent } = flow.journal.state
  const asked: Asked = goal ?? { wanted: [] }
  const unknown = [...Object.values(given).map(({ concept }) => concept), ...asked.wanted].find(
    name => flow.registry.concept(name) === undefined,
  )
  // Accepted by a process that knew it, and taken up by one that does not.
  if (unknown !== undefined) return { unknown }
  const concepts = Object.entries(given).map(([name, { concept }]) => [name, knownConcept(flow, concept)])
  return problemOf(flow, Object.fromEntries(concepts), asked, budget - spent)
}
