/** Planning and checking by trying everything: slow, obvious, and written apart from the planner. */
import { type Capability, capabilityId, type FactPattern } from '../../src/agents/index.ts'
import { isKindOf } from '../../src/core/index.ts'
import { originsOf, type Plan, predecessors, type Problem, type Source, type Step } from '../../src/planner/index.ts'

/** What a step costs, as the planner says it does: price and time for every expected attempt, and 1. */
export function weightOf(problem: Problem, capability: string): number {
  const { price, time, reliability } = problem.estimate(capability)
  return (price + time) / reliability + 1
}

/** The least weight of a set of capabilities that delivers what is wanted; facts are not looked at. */
export function leastWeight(problem: Problem): number | undefined {
  let least: number | undefined
  for (let mask = 0; mask < 1 << problem.capabilities.length; mask++) {
    const chosen = problem.capabilities.filter((_, at) => mask & (1 << at))
    const weight = chosen.reduce((sum, capability) => sum + weightOf(problem, capabilityId(capability)), 0)
    if ((least === undefined || weight < least) && delivers(problem, chosen)) least = weight
  }
  return least
}

/** How good a set of capabilities is that delivers what is wanted. */
export interface Measures {
  readonly price: number
  readonly weight: number
  readonly size: number
  readonly path: number
  readonly 'response-time': number
  readonly throughput: number
}

/** Every set of capabilities that delivers what is wanted; facts are not looked at. */
export function everyComposition(problem: Problem): readonly Measures[] {
  const found: Measures[] = []
  for (let mask = 0; mask < 1 << problem.capabilities.length; mask++) {
    const chosen = problem.capabilities.filter((_, at) => mask & (1 << at))
    if (!delivers(problem, chosen)) continue
    const estimates = chosen.map(capability => problem.estimate(capabilityId(capability)))
    found.push({
      price: estimates.reduce((sum, { price }) => sum + price, 0),
      weight: chosen.reduce((sum, capability) => sum + weightOf(problem, capabilityId(capability)), 0),
      size: chosen.length,
      path: deliveredAt(problem, chosen, () => 1),
      'response-time': deliveredAt(problem, chosen, capability => problem.estimate(capabilityId(capability)).time),
      throughput: Math.min(...estimates.map(({ throughput }) => throughput ?? Infinity)),
    })
  }
  return found
}

/** When everything wanted is there at the earliest. */
function deliveredAt(problem: Problem, chosen: readonly Capability[], timeOf: (capability: Capability) => number) {
  let had = Object.values(problem.given).map(concept => ({ concept, at: 0 }))
  const when = (wanted: Problem['wanted'][number]) =>
    Math.min(...had.filter(({ concept }) => isKindOf(concept, wanted)).map(({ at }) => at))
  for (const _ of chosen) {
    const made = chosen.flatMap(capability => {
      const ports = Object.values(capability.takes).filter(port => port.kind === 'concept')
      const at = Math.max(0, ...ports.map(when)) + timeOf(capability)
      return Object.values(capability.gives).map(concept => ({ concept, at }))
    })
    had = [...had, ...made.filter(({ concept, at }) => !had.some(old => old.concept === concept && old.at <= at))]
  }
  return Math.max(0, ...problem.wanted.map(when))
}

function delivers(problem: Problem, chosen: readonly Capability[]): boolean {
  const had = Object.values(problem.given)
  const has = (wanted: Parameters<typeof isKindOf>[1]) => had.some(concept => isKindOf(concept, wanted))
  const waiting = new Set(chosen)
  for (let moved = true; moved; ) {
    moved = false
    for (const capability of waiting) {
      if (!Object.values(capability.takes).every(port => port.kind === 'all' || has(port))) continue
      waiting.delete(capability)
      had.push(...Object.values(capability.gives))
      moved = true
    }
  }
  return problem.wanted.every(has)
}

interface Datum {
  readonly key: string
  readonly concept: Problem['wanted'][number]
  readonly lineage: readonly string[]
}

/**
 * The least weight of a sequence of at most `most` steps that delivers what is wanted with every fact in its place.
 * For capabilities with at most one input, single. A capability is used once for each datum where its facts speak of
 * the input, and once where they do not; never on data that were so made with itself.
 */
export function leastSequence(problem: Problem, most: number): number | undefined {
  let least: number | undefined
  const visit = (data: readonly Datum[], facts: ReadonlySet<string>, used: readonly string[], weight: number): void => {
    if (least !== undefined && weight >= least) return
    if (problem.wanted.every(wanted => data.some(({ concept }) => isKindOf(concept, wanted)))) {
      least = weight
      return
    }
    if (used.length === most) return
    for (const capability of problem.capabilities) {
      const id = capabilityId(capability)
      const [[port, taken] = []] = Object.entries(capability.takes)
      const told = [...capability.requires, ...capability.brings, ...capability.removes].some(
        ({ about }) => port !== undefined && about.includes(port),
      )
      const inputs: readonly (Datum | undefined)[] =
        taken?.kind === 'concept' ? data.filter(({ concept }) => isKindOf(concept, taken)) : [undefined]
      for (const input of inputs) {
        const use = told && input ? `${id}(${input.key})` : id
        if (used.includes(use) || (told && input?.lineage.includes(id))) continue
        const keyAt = (name: string) => (name === port && input ? input.key : `${use}.${name}`)
        const keys = (patterns: readonly FactPattern[]) =>
          patterns.map(({ fact, about }) => `${fact} ${about.map(keyAt).join(' ')}`)
        if (!keys(capability.requires).every(key => facts.has(key))) continue
        const outputs = Object.entries(capability.gives).map(([name, concept]) => ({
          key: keyAt(name),
          concept,
          lineage: [id, ...(told ? (input?.lineage ?? []) : [])],
        }))
        const after = facts.difference(new Set(keys(capability.removes))).union(new Set(keys(capability.brings)))
        visit([...data, ...outputs], after, [...used, use], weight + weightOf(problem, id))
      }
    }
  }
  const given = Object.entries(problem.given).map(([key, concept]) => ({ key, concept, lineage: [] }))
  visit(given, new Set((problem.facts ?? []).map(({ fact, about }) => `${fact} ${about.join(' ')}`)), [], 0)
  return least
}

/** Whether `plan` can be carried out in each and every order that it allows, and then delivers just what is wanted. */
export function carriesOut(plan: Plan, problem: Problem): boolean {
  const ids = plan.steps.map(step => step.id)
  if (new Set(ids).size < ids.length) return false
  if (Object.keys(plan.wanted).length > new Set(problem.wanted.map(({ name }) => name)).size) return false
  let orders = 0
  const run = (waiting: readonly Step[], state: State): boolean => {
    if (waiting.length === 0) {
      orders++
      return problem.wanted.every(concept => {
        const source = plan.wanted[concept.name]
        const datum = source && state.data.get(keyOf(source))
        return datum !== undefined && isKindOf(datum, concept)
      })
    }
    const open = waiting.map(step => step.id)
    return waiting
      .filter(step => !predecessors(step).some(id => open.includes(id)))
      .every(step => {
        const next = perform(step, state, problem)
        return (
          next !== undefined &&
          run(
            waiting.filter(other => other !== step),
            next,
          )
        )
      })
  }
  const data = new Map(
    Object.entries(problem.given).map(([name, concept]) => [keyOf({ from: 'given', name }), concept]),
  )
  const facts = new Set(
    (problem.facts ?? []).map(({ fact, about }) =>
      [fact, ...about.map(name => keyOf({ from: 'given', name }))].join(' '),
    ),
  )
  return run(plan.steps, { data, facts, done: new Set() }) && orders > 0
}

interface State {
  readonly data: ReadonlyMap<string, Problem['wanted'][number]>
  readonly facts: ReadonlySet<string>
  readonly done: ReadonlySet<string>
}

const keyOf = (source: Source) =>
  originsOf(source)
    .map(origin => (origin.from === 'given' ? origin.name : `${origin.step}/${origin.output}`))
    .join('|')

function perform(step: Step, { data, facts, done }: State, problem: Problem): State | undefined {
  const capability = problem.capabilities.find(known => capabilityId(known) === step.capability)
  if (!capability || !step.after.every(id => done.has(id))) return undefined
  if (Object.keys(step.inputs).length !== Object.keys(capability.takes).length) return undefined
  for (const [port, taken] of Object.entries(capability.takes)) {
    const input = step.inputs[port]
    if (input === undefined || Array.isArray(input) !== (taken.kind === 'all')) return undefined
    for (const source of [input].flat()) {
      const datum = data.get(keyOf(source))
      if (!datum || !isKindOf(datum, taken.kind === 'all' ? taken.concept : taken)) return undefined
    }
  }
  const ground = (patterns: readonly FactPattern[]) =>
    patterns.flatMap(({ fact, about }) =>
      about
        .map(port => [step.inputs[port] ?? { from: 'step' as const, step: step.id, output: port }].flat().map(keyOf))
        .reduce<readonly string[]>((rows, keys) => rows.flatMap(row => keys.map(key => `${row} ${key}`)), [fact]),
    )
  if (!ground(capability.requires).every(key => facts.has(key))) return undefined
  const outputs = Object.entries(capability.gives).map(
    ([output, concept]) => [keyOf({ from: 'step', step: step.id, output }), concept] as const,
  )
  return {
    data: new Map([...data, ...outputs]),
    facts: facts.difference(new Set(ground(capability.removes))).union(new Set(ground(capability.brings))),
    done: new Set([...done, step.id]),
  }
}
