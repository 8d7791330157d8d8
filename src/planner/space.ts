/**
 * The space in which a plan is looked for: candidate steps over numbered atoms. An atom is something that can be had:
 * a datum of a concept, one certain datum, or a fact about certain data.
 * 1. Data of one concept are interchangeable, except where a fact that somebody requires speaks of them. Only there a
 *    candidate is bound to certain data, and a capability may have several candidates, one for each choice.
 * 2. A capability is not bound to data that were made, by way of such bindings, with itself. So the space is finite.
 * 3. Candidates are numbered in an order that the order of the capabilities does not change.
 */
import type { Capability, FactPattern } from '../agents/index.ts'
import { ancestry, type Concept, isKindOf } from '../core/index.ts'
import type { Entry } from './catalogue.ts'
import type { Estimate, Problem } from './problem.ts'
import { conceptsTaken, factsRequired, type Relevance } from './relevance.ts'

/** A certain datum: what is given under a name, or an output of a candidate. */
export type Datum =
  | { readonly from: 'given'; readonly name: string }
  | { readonly from: 'candidate'; readonly candidate: number; readonly output: string }

/** A step that a plan may have. */
export interface Candidate {
  /** Its place in the space. */
  readonly index: number
  readonly id: string
  readonly capability: Capability
  /** The data at ports where it matters which; the others take any datum of their concept. */
  readonly bound: Readonly<Record<string, Datum>>
  readonly needs: readonly number[]
  readonly gives: readonly number[]
  readonly removes: readonly number[]
  /** What it adds to the cost of a plan: see `weigh`. */
  readonly weight: number
  readonly estimate: Estimate
}

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
}

// Far more than a goal has use for; bounds where many data meet many facts: candidates of one capability, and bindings
// that are tried for it in one round. What is given and what is made early is bound first.
const mostCandidates = 200
const mostTries = 2_000

/**
 * The cost of a step in a plan: micro-dollars and milliseconds count alike, both once for every expected attempt, and a
 * step costs 1 even when it is free and takes no time, so that of two plans the shorter one wins.
 */
export function weigh({ price, time, reliability }: Estimate): number {
  return (price + time) / Math.max(reliability, 0.01) + 1
}

/** A datum that facts may speak of. */
interface Told {
  readonly datum: Datum
  readonly key: string
  readonly concept: Concept
  /** The capabilities that it was made with, by way of bindings. */
  readonly lineage: ReadonlySet<string>
}

type Choice = ReadonlyMap<string, Told>

/** The atoms of a problem, numbered as they come up. */
interface Atoms {
  readonly numbers: ReadonlyMap<string, number>
  /** The concepts among `concept` and what it is a kind of that somebody takes or wants. */
  concepts(concept: Concept): readonly number[]
  concept(concept: Concept): number
  datum(key: string): number
  /** Those facts that somebody requires, about single data. */
  facts(patterns: readonly FactPattern[], keyAt: (port: string) => string | undefined): readonly number[]
}

/** Lays out the candidates of `problem` among what is relevant to it. */
export function layOut(problem: Problem, { useful }: Relevance): Space {
  const atoms = createAtoms(problem, useful)
  const demanded = new Set(useful.flatMap(({ capability }) => factsRequired(capability)))
  const bindings = useful.map(entry => ({ entry, ports: portsToBind(entry.capability, demanded) }))
  const spokenOf = bindings.flatMap(({ ports }) => [...ports.values()])
  const isTold = (concept: Concept) => spokenOf.some(other => isKindOf(concept, other))

  const told = Object.entries(problem.given)
    .filter(([, concept]) => isTold(concept))
    .map(([name, concept]): Told => ({ datum: { from: 'given', name }, key: name, concept, lineage: new Set() }))
  const initial = new Set([
    ...Object.values(problem.given).flatMap(concept => atoms.concepts(concept)),
    ...told.map(({ key }) => atoms.datum(key)),
    ...atoms.facts(problem.facts ?? [], name => name),
  ])
  const available = new Set(initial)
  const candidates: Candidate[] = []
  const made = new Set<string>()
  const add = (entry: Entry, choice: Choice): boolean => {
    const key = JSON.stringify([entry.id, ...[...choice.values()].map(datum => datum.key)])
    if (made.has(key)) return false
    const outputs = outputsOf(entry, choice, candidates.length)
    const atomsOf = atomsAt(entry, choice, outputs, atoms)
    if (!atomsOf.needs.every(atom => available.has(atom))) return false
    made.add(key)
    const newlyTold = outputs.filter(({ concept }) => isTold(concept))
    const gives = [...new Set([...atomsOf.gives, ...newlyTold.map(output => atoms.datum(output.key))])]
    for (const atom of gives) available.add(atom)
    told.push(...newlyTold)
    const estimate = problem.estimate(entry.id)
    candidates.push({
      index: candidates.length,
      id: entry.id,
      capability: entry.capability,
      bound: Object.fromEntries([...choice].map(([port, { datum }]) => [port, datum])),
      needs: atomsOf.needs,
      gives,
      removes: atomsOf.removes.filter(atom => !gives.includes(atom)),
      weight: weigh(estimate),
      estimate,
    })
    return true
  }
  const count = new Map<string, number>()
  for (let grown = true; grown; ) {
    grown = false
    for (const { entry, ports } of bindings) {
      const data = told.filter(({ lineage }) => !lineage.has(entry.id))
      for (const choice of choices([...ports], data).take(mostTries)) {
        const sofar = count.get(entry.id) ?? 0
        if (sofar >= mostCandidates) break
        if (!add(entry, choice)) continue
        count.set(entry.id, sofar + 1)
        grown = true
      }
    }
  }
  const goals = [...new Set(problem.wanted.map(concept => atoms.concept(concept)))]
  return { candidates, initial: [...initial], goals, ...indexAtoms([...atoms.numbers.keys()], candidates) }
}

function createAtoms(problem: Problem, useful: readonly Entry[]): Atoms {
  const asked = new Set([
    ...problem.wanted.map(({ name }) => name),
    ...useful.flatMap(({ capability }) => conceptsTaken(capability)),
  ])
  const demanded = new Set(useful.flatMap(({ capability }) => factsRequired(capability)))
  const numbers = new Map<string, number>()
  const number = (what: string): number => {
    const known = numbers.get(what) ?? numbers.size
    numbers.set(what, known)
    return known
  }
  return {
    numbers,
    concepts: concept =>
      ancestry(concept)
        .filter(name => asked.has(name))
        .map(number),
    concept: concept => number(concept.name),
    datum: key => number(`datum ${key}`),
    facts: (patterns, keyAt) =>
      patterns.flatMap(({ fact, about }) => {
        const keys = about.map(keyAt)
        return demanded.has(fact) && !keys.includes(undefined) ? [number(`${fact}(${keys.join(', ')})`)] : []
      }),
  }
}

/** The outputs of what would be candidate `index`, as data. */
function outputsOf({ id, capability }: Entry, choice: Choice, index: number): readonly (Told & { output: string })[] {
  const lineage = new Set([id, ...[...choice.values()].flatMap(datum => [...datum.lineage])])
  return Object.entries(capability.gives).map(([output, concept]) => ({
    datum: { from: 'candidate', candidate: index, output },
    key: `${id}#${index}.${output}`,
    concept,
    lineage,
    output,
  }))
}

function atomsAt(
  { capability }: Entry,
  choice: Choice,
  outputs: readonly (Told & { output: string })[],
  atoms: Atoms,
): Pick<Candidate, 'needs' | 'gives' | 'removes'> {
  const keyAt = (port: string) => (choice.get(port) ?? outputs.find(({ output }) => output === port))?.key
  const open = Object.entries(capability.takes).flatMap(([port, taken]) =>
    taken.kind === 'concept' && !choice.has(port) ? [atoms.concept(taken)] : [],
  )
  const bound = [...choice.values()].map(({ key }) => atoms.datum(key))
  return {
    needs: [...new Set([...open, ...bound, ...atoms.facts(capability.requires, keyAt)])],
    gives: [...atoms.facts(capability.brings, keyAt), ...outputs.flatMap(({ concept }) => atoms.concepts(concept))],
    removes: atoms.facts(capability.removes, keyAt),
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

/** The ports of which a demanded fact speaks, with what they take. */
function portsToBind(capability: Capability, demanded: ReadonlySet<string>): ReadonlyMap<string, Concept> {
  const { takes, requires, brings, removes } = capability
  const spoken = new Set(
    [...requires, ...brings, ...removes].filter(({ fact }) => demanded.has(fact)).flatMap(({ about }) => about),
  )
  return new Map(
    Object.entries(takes).flatMap(([port, taken]) =>
      taken.kind === 'concept' && spoken.has(port) ? [[port, taken] as const] : [],
    ),
  )
}

/** Every way to bind `ports` to `data`. */
function* choices(ports: readonly (readonly [string, Concept])[], data: readonly Told[]): Generator<Choice> {
  const [first, ...rest] = ports
  if (!first) {
    yield new Map()
    return
  }
  const [port, taken] = first
  for (const datum of data) {
    if (!isKindOf(datum.concept, taken)) continue
    for (const choice of choices(rest, data)) yield new Map([[port, datum], ...choice])
  }
}
