/**
 * Facts about the data of a plan. A fact about an `all` port speaks of each of its data: it is required of each, it is
 * removed from each, and nothing relies on its being brought about, because such a port may turn out empty.
 * A required fact holds when, in whatever order the steps run that the plan allows, it was brought about last. About
 * alternatives it must hold of each, by a step that runs whenever that one delivers, or be brought about of them together.
 */
import type { Capability, FactPattern } from '../agents/index.ts'
import { catalogueOf } from './catalogue.ts'
import { type Origin, originsOf, type Source, type Step } from './plan.ts'
import type { Problem } from './problem.ts'

/**
 * A fact about certain data: `key` tells it from others, `text` shows it by the ports of the step that speaks of it.
 */
export interface GroundFact {
  readonly key: string
  readonly text: string
  /** The fact about each choice among alternatives; the fact itself when there are none. */
  readonly cases: readonly { readonly key: string; readonly about: readonly Origin[] }[]
}

/** A fact that holds about certain data. */
export interface HeldFact {
  readonly fact: string
  readonly about: readonly Source[]
}

/** What one step requires, brings about and removes. */
export interface StepFacts {
  readonly step: string
  readonly requires: readonly GroundFact[]
  readonly brings: ReadonlyMap<string, HeldFact>
  /** The keys of every case. */
  readonly removes: ReadonlySet<string>
}

/**
 * The facts of `step`, which is a request of `capability`. Ports that are not bound are passed over. `demands` are
 * facts that it requires besides, for the methods that ask for it.
 */
export function factsOf(step: Step, capability: Capability, demands: readonly HeldFact[] = []): StepFacts {
  const dataAt = (port: string): readonly Source[] => {
    if (!Object.hasOwn(capability.takes, port)) return [{ from: 'step', step: step.id, output: port }]
    const input = Object.hasOwn(step.inputs, port) ? step.inputs[port] : undefined
    return input === undefined ? [] : 'from' in input ? [input] : input
  }
  const ground = (patterns: readonly FactPattern[]): readonly (GroundFact & { readonly held: HeldFact })[] =>
    patterns.flatMap(({ fact, about }) =>
      combinations(about.map(dataAt)).map(row => groundFact({ fact, about: row }, `${fact}(${about.join(', ')})`)),
    )
  const sure = capability.brings.filter(({ about }) => about.every(port => capability.takes[port]?.kind !== 'all'))
  const brings = new Map(ground(sure).map(({ key, held }) => [key, held]))
  const removed = ground(capability.removes).filter(({ key }) => !brings.has(key))
  const removes = new Set(removed.flatMap(({ cases }) => cases.map(({ key }) => key)))
  const demanded = demands.map(held => groundFact(held, `${held.fact}(${held.about.map(nameOf).join(', ')})`))
  const requires = [...ground(capability.requires), ...demanded]
  return { step: step.id, requires, brings, removes: removes.difference(brings) }
}

function groundFact(held: HeldFact, text: string): GroundFact & { readonly held: HeldFact } {
  const { fact, about } = held
  const cases = combinations(about.map(originsOf)).map(data => ({ key: factKey(fact, data), about: data }))
  return { key: factKey(fact, about), text, cases, held }
}

function nameOf(source: Source): string {
  return originsOf(source)
    .map(origin => (origin.from === 'given' ? origin.name : origin.output))
    .join(' or ')
}

/** One of each, in every way. */
function combinations<T>(choices: readonly (readonly T[])[]): readonly (readonly T[])[] {
  let rows: readonly (readonly T[])[] = [[]]
  for (const choice of choices) rows = rows.flatMap(row => choice.map(one => [...row, one]))
  return rows
}

/** The facts that hold before anything of a plan runs, by key: those that are given, and what finished steps made of them. */
export function initialFacts(problem: Pick<Problem, 'capabilities' | 'facts' | 'done'>): ReadonlyMap<string, HeldFact> {
  const given = (problem.facts ?? []).map(({ fact, about }): [string, HeldFact] => {
    const data = about.map((name): Source => ({ from: 'given', name }))
    return [factKey(fact, data), { fact, about: data }]
  })
  return factsAfter(
    problem,
    new Map(given),
    (problem.done ?? []).map(({ step }) => step),
  )
}

/** What of `facts` holds after `steps` have run in this order, and what they have brought about. */
export function factsAfter(
  { capabilities }: Pick<Problem, 'capabilities'>,
  facts: ReadonlyMap<string, HeldFact>,
  steps: readonly Step[],
): ReadonlyMap<string, HeldFact> {
  const held = new Map(facts)
  for (const step of steps) {
    const entry = catalogueOf(capabilities).entry(step.capability)
    if (!entry) continue
    const { brings, removes } = factsOf(step, entry.capability)
    for (const key of removes) held.delete(key)
    for (const [key, fact] of brings) held.set(key, fact)
  }
  return held
}

/** Stands for the end of a plan, where the facts that are wanted are required. */
export const theEnd = ''

/** What is to hold at the end, as if a last step required it. */
export function endFacts({ achieve = [] }: Pick<Problem, 'achieve'>): StepFacts {
  const requires = achieve.map(({ fact, about }) => {
    const data = about.map((name): Origin => ({ from: 'given', name }))
    const key = factKey(fact, data)
    return { key, text: `${fact}(${about.join(', ')})`, cases: [{ key, about: data }] }
  })
  return { step: theEnd, requires, brings: new Map(), removes: new Set() }
}

/** A fact that does not hold where it is needed, and the step that would have brought it about. */
export interface LackingFact {
  readonly text: string
  readonly bringer: string | undefined
}

/** Steps that have run, in this order, and others that might have. */
interface Course {
  readonly done: readonly Step[]
  readonly others: readonly Step[]
}

type World = Pick<Problem, 'capabilities' | 'facts' | 'achieve'>

/** The first fact that `step` requires and that does not hold after what is done. */
export function lackingFact(step: Step, course: Course, world: World): LackingFact | undefined {
  const known = knownFacts(step, world)
  return known && lackingFacts(known, course, world)[0]
}

/** The wanted facts that do not hold after what is done. */
export function lackingAtEnd(course: Course, world: World): readonly LackingFact[] {
  return lackingFacts(endFacts(world), course, world)
}

function lackingFacts({ requires }: StepFacts, { done, others }: Course, world: World): readonly LackingFact[] {
  if (requires.length === 0) return []
  const held = factsAfter(world, initialFacts(world), done)
  const ids = new Set(done.map(({ id }) => id))
  const delivers = (origin: Origin) => origin.from === 'given' || ids.has(origin.step)
  // Of alternatives it is the first that has delivered.
  const taken = ({ cases }: GroundFact) => cases.find(({ about }) => about.every(delivers))
  return requires
    .filter(one => !held.has(one.key) && !held.has(taken(one)?.key ?? ''))
    .map(({ key, text }) => ({ text, bringer: others.find(other => knownFacts(other, world)?.brings.has(key))?.id }))
}

function knownFacts(step: Step, { capabilities }: World): StepFacts | undefined {
  const entry = catalogueOf(capabilities).entry(step.capability)
  return entry && factsOf(step, entry.capability)
}

/**
 * The required facts that may not hold when their step runs, with what is in the way. `surely` says whether a step runs
 * whenever another one does that takes these data.
 */
export function unmetFacts(
  steps: readonly StepFacts[],
  initial: ReadonlyMap<string, HeldFact>,
  before: ReadonlyMap<string, ReadonlySet<string>>,
  surely: (bringer: string, step: string, about: readonly Origin[]) => boolean = () => true,
): readonly { readonly step: string; readonly fact: GroundFact; readonly reason: string }[] {
  const precedes = (a: string, b: string) => (b === theEnd ? a !== theEnd : (before.get(b)?.has(a) ?? false))
  return steps.flatMap(({ step, requires }) =>
    requires.flatMap(fact => {
      const bringersOf = (key: string, about: readonly Origin[]) =>
        steps.filter(other => other.brings.has(key) && precedes(other.step, step) && surely(other.step, step, about))
      const together = bringersOf(fact.key, [])
      const apart = fact.cases.map(one => ({ ...one, bringers: bringersOf(one.key, one.about) }))
      if (together.length === 0 && apart.some(({ key, bringers }) => bringers.length === 0 && !initial.has(key))) {
        const where = step === theEnd ? 'no step' : 'no step before it'
        return [{ step, fact, reason: `${where} brings about \`${fact.text}\`` }]
      }
      const threat = steps.find(
        other =>
          other.step !== step &&
          !precedes(step, other.step) &&
          apart.some(
            ({ key, bringers }) =>
              other.removes.has(key) && ![...together, ...bringers].some(bringer => precedes(other.step, bringer.step)),
          ),
      )
      return threat
        ? [
            {
              step,
              fact,
              reason: `step \`${threat.step}\` may remove \`${fact.text}\` before ${step === theEnd ? 'the end' : 'it runs'}`,
            },
          ]
        : []
    }),
  )
}

function factKey(fact: string, about: readonly Source[]): string {
  return JSON.stringify([
    fact,
    ...about.map(source =>
      source.from === 'given' ? [source.name] : source.from === 'step' ? [source.step, source.output] : source.of,
    ),
  ])
}
