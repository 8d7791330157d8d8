/**
 * The space in which a plan is looked for: candidate steps over numbered atoms. An atom is something that can be had:
 * a datum of a concept, one certain datum, or a fact about certain data.
 * 1. Data of one concept are interchangeable, except where a fact that somebody requires speaks of them. Only there a
 *    candidate is bound to certain data, and a capability may have several candidates, one for each choice.
 * 2. A capability is not bound to data that were made, by way of such bindings, with itself. So the space is finite.
 * 3. Candidates are numbered in an order that the order of the capabilities does not change.
 */
import { type Atoms, createAtoms } from './atoms.ts'
import { type Candidate, type StepCandidate, weigh } from './candidate.ts'
import type { Entry } from './catalogue.ts'
import { factsAfter, initialFacts } from './facts.ts'
import { turnsOf, usualMost } from './loop.ts'
import type { Source } from './plan.ts'
import type { Estimate, Problem } from './problem.ts'
import type { Relevance } from './relevance.ts'
import { isBarred, keyOf, standingData } from './standing.ts'
import { layTasks } from './tasks/lay-tasks.ts'
import { type Choice, choices, type Told } from './told.ts'

/** Candidates and atoms of one problem. */
export interface Space {
  readonly candidates: readonly Candidate[]
  /** What each atom is, in words. */
  readonly atoms: readonly string[]
  readonly initial: readonly number[]
  readonly goals: readonly number[]
  /** For each atom, the candidates that give it and those that need it. */
  readonly givers: readonly (readonly number[])[]
  readonly takers: readonly (readonly number[])[]
  /** Whether every way to do tasks is in it. */
  readonly complete: boolean
}

// Far more than a goal has use for; bounds where many data meet many facts: candidates of one capability, and bindings
// that are tried for it in one round. What is given and what is made early is bound first.
const mostCandidates = 200
const mostTries = 2_000

/** Lays out the candidates of `problem` among what is relevant to it. */
export function layOut(problem: Problem, relevance: Relevance): Space {
  const { useful } = relevance
  const atoms = createAtoms(problem, relevance)
  const standing = standingData(problem)
  const told = standing
    .map(({ source, concept }): Told => ({ datum: source, key: keyOf(source), concept, lineage: new Set() }))
    .filter(({ concept }) => atoms.isTold(concept))
  const held = [...factsAfter(problem, initialFacts(problem), problem.kept ?? []).values()]
  const initial = new Set([
    ...standing.flatMap(({ concept }) => atoms.ofConcept(concept)),
    ...told.map(({ key }) => atoms.ofDatum(key)),
    ...atoms.ofFacts(
      held.map(({ fact, about }) => ({ fact, about: about.map(keyOf) })),
      key => key,
    ),
  ])
  const available: boolean[] = []
  for (const atom of initial) available[atom] = true
  const candidates: Candidate[] = []
  const sources = useful.map(entry => ({ entry, ports: atoms.portsToBind(entry.capability), made: new Set<string>() }))
  const fill = ({ entry, ports, made }: (typeof sources)[number]): boolean => {
    const before = candidates.length
    if (ports.length === 0 && made.size > 0) return false
    const data = told.filter(({ lineage }) => !lineage.has(entry.id))
    for (const choice of choices(ports, data).take(mostTries)) {
      const key = JSON.stringify([...choice.values()].map(datum => datum.key))
      if (made.has(key) || isBarred(problem, entry.requests, port => standingAt(choice, port))) continue
      if (made.size >= mostCandidates) break
      const outputs = toldOutputs(entry, choice, candidates.length, atoms)
      const candidate = candidateOf(entry, choice, outputs, atoms)
      if (!candidate.needs.every(atom => available[atom])) continue
      made.add(key)
      const estimate = estimateOf(problem, entry)
      const weight = weigh(problem.estimate(entry.requests), entry.requests, problem, turns(problem, entry))
      candidates.push({ ...candidate, index: candidates.length, weight, estimate })
      told.push(...outputs.values())
      for (const atom of candidate.gives) available[atom] = true
    }
    return candidates.length > before
  }
  const tasks = layTasks(problem, relevance, atoms, { candidates, told, available })
  for (let grown = true; grown; ) grown = [...sources.map(fill), tasks.fill()].includes(true)
  const goals = new Set([
    ...problem.wanted.map(concept => atoms.ofPort(concept)),
    ...atoms.ofFacts(problem.achieve ?? [], name => keyOf({ from: 'given', name })),
    ...tasks.goals,
  ])
  const { complete } = tasks
  return { candidates, initial: [...initial], goals: [...goals], complete, ...indexAtoms(atoms.names(), candidates) }
}

/** How often a step of `entry` is expected to run. */
function turns({ most = usualMost }: Problem, { loop }: Entry): number {
  return turnsOf(loop ? { each: { ...loop, most } } : {})
}

/** What is expected of a step of `entry`; of a loop, of all its items, which run side by side. */
function estimateOf(problem: Problem, entry: Entry): Estimate {
  const once = problem.estimate(entry.requests)
  const times = turns(problem, entry)
  return times === 1 ? once : { ...once, price: once.price * times, reliability: once.reliability ** times }
}

/** Where the data of a bound port comes from; a source that no step has when a candidate makes it. */
function standingAt(choice: Choice, port: string): Source | undefined {
  const told = choice.get(port)
  if (!told) return undefined
  const { datum } = told
  if (datum.from === 'candidate') return { from: 'step', step: '', output: datum.output }
  return datum.from === 'given' || datum.from === 'step' ? datum : undefined
}

const nothingTold: ReadonlyMap<string, Told> = new Map()

/** The outputs of what would be candidate `index` of which facts may speak, by their ports. */
function toldOutputs({ id, outputs }: Entry, choice: Choice, index: number, atoms: Atoms): ReadonlyMap<string, Told> {
  const spoken = outputs.filter(({ of }) => atoms.isTold(of))
  if (spoken.length === 0) return nothingTold
  const lineage = new Set([id, ...[...choice.values()].flatMap(datum => [...datum.lineage])])
  return new Map(
    spoken.map(({ port, of }) => [
      port,
      {
        datum: { from: 'candidate', candidate: index, output: port },
        key: `${id}#${index}.${port}`,
        concept: of,
        lineage,
      },
    ]),
  )
}

function candidateOf(
  { id, capability, inputs, asks, gives: made }: Entry,
  choice: Choice,
  told: ReadonlyMap<string, Told>,
  atoms: Atoms,
): Omit<StepCandidate, 'index' | 'weight' | 'estimate'> {
  const keyAt = (port: string) => (choice.get(port) ?? told.get(port))?.key
  const open =
    choice.size === 0
      ? asks
      : [...new Set(inputs.flatMap(({ port, of, key }) => (of.kind === 'concept' && !choice.has(port) ? [key] : [])))]
  const bound = [...choice.values()].map(({ key }) => atoms.ofDatum(key))
  const required = new Set([...bound, ...atoms.ofFacts(capability.requires, keyAt)])
  const facts = new Set(atoms.ofFacts(capability.brings, keyAt))
  const concepts = made.filter(key => atoms.isAsked(key))
  return {
    id,
    capability,
    bound: new Map([...choice].map(([port, { datum }]) => [port, datum])),
    needs: [...open.map(key => atoms.ofKey(key)), ...required],
    gives: [
      ...concepts.map(key => atoms.ofKey(key)),
      ...Array.from(told.values(), ({ key }) => atoms.ofDatum(key)),
      ...facts,
    ],
    removes: atoms.ofFacts(capability.removes, keyAt).filter(atom => !facts.has(atom)),
    singular: told.size > 0,
  }
}

function indexAtoms(atoms: readonly string[], candidates: readonly Candidate[]) {
  const givers: number[][] = atoms.map(() => [])
  const takers: number[][] = atoms.map(() => [])
  for (const { index, needs, gives } of candidates) {
    for (const atom of gives) givers[atom]?.push(index)
    for (const atom of needs) takers[atom]?.push(index)
  }
  return { atoms, givers, takers }
}
