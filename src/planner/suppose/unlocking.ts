/** Ideas for a goal that has no plan: what the capabilities that come nearest to it lack, the nearest first. */
import { type Concept, isKindOf } from '../../core/index.ts'
import type { Entry } from '../catalogue.ts'
import type { Problem } from '../problem.ts'
import { findRelevance } from '../relevance.ts'
import { type Idea, ifFact, ifGiven, ifOffered } from './idea.ts'

// Capabilities that are looked at, back from what is wanted.
const mostEntries = 200

/** What might make `problem` solvable. */
export function unlockingIdeas(problem: Problem): readonly Idea[] {
  const { catalogue, had } = findRelevance(problem)
  const { concepts, facts } = had()
  const lost = problem.wanted.filter(({ name }) => !concepts.has(name))
  const seen = new Set<Entry>()
  const queue = lost.flatMap(({ name }) => catalogue.giversOf(catalogue.key('concept', name)))
  const ideas: Idea[] = []
  for (let at = 0; at < queue.length && seen.size < mostEntries; at++) {
    const entry = queue[at]
    if (entry === undefined || seen.has(entry)) continue
    seen.add(entry)
    const lacking = lackedConcepts(entry, concepts)
    const unmet = entry.capability.requires.filter(({ fact }) => !facts.has(fact))
    if (lacking.length > 0) ideas.push(ifGiven(problem, lacking))
    else for (const { fact, about } of unmet) ideas.push(...factIdeas(problem, entry, fact, about))
    for (const concept of lacking) queue.push(...catalogue.giversOf(catalogue.key('concept', concept.name)))
    for (const { fact } of unmet) queue.push(...catalogue.giversOf(catalogue.key('fact', fact)))
  }
  // As a last resort: what nobody offers, somebody might.
  const usable = catalogue.needless.map(({ capability }) => capability)
  const offers =
    lost.length === 1 ? lost.map(concept => ifOffered(problem, usable, concept, someOf(problem), undefined)) : []
  return [{ supposed: [], problem: cheapest(problem) }, ...ideas, ...offers]
}

/** Whatever it costs, but as little as can be: however long it takes and however often it fails. */
function cheapest(problem: Problem): Problem {
  const estimate: Problem['estimate'] = capability => ({ ...problem.estimate(capability), time: 0, reliability: 1 })
  return { ...problem, estimate, budget: Infinity }
}

function someOf({ given }: Problem): readonly Concept[] {
  return Object.values(given).slice(0, 1)
}

function lackedConcepts({ capability }: Entry, had: ReadonlySet<string>): readonly Concept[] {
  const taken = Object.values(capability.takes).flatMap(port => (port.kind === 'concept' ? [port] : []))
  return [...new Map(taken.filter(({ name }) => !had.has(name)).map(concept => [concept.name, concept])).values()]
}

/** Supposes the fact about whatever is given that the capability could take there. */
function factIdeas(problem: Problem, { capability }: Entry, fact: string, about: readonly string[]): readonly Idea[] {
  const names = about.flatMap(port => {
    const taken = capability.takes[port]
    const given = Object.entries(problem.given).find(
      ([, concept]) => taken?.kind === 'concept' && isKindOf(concept, taken),
    )
    return given ? [given[0]] : []
  })
  return names.length === about.length ? [ifFact(problem, fact, names)] : []
}
