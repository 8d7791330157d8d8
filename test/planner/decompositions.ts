/** Task networks by trying everything: every decomposition written out, apart from the planner. */
import { isDeepStrictEqual } from 'node:util'
import { type Capability, capabilityId, type Feed, type Method, type Task } from '../../src/agents/index.ts'
import { compileCondition, type Concept, isKindOf } from '../../src/core/index.ts'
import { type Plan, predecessors, type Problem, type Source } from '../../src/planner/index.ts'
import { weightOf } from './brute-force.ts'

/** Where an occurrence takes a datum from: a choice that is made once, or the output of another occurrence. */
type From =
  | { readonly choice: string; readonly concept: Concept; readonly name: string }
  | { readonly at: string; readonly output: string }

/** A capability in a decomposition, by its place in it. */
export interface Occurrence {
  readonly at: string
  readonly capability: Capability
  readonly inputs: Readonly<Record<string, From>>
  readonly after: readonly string[]
}

interface Tree {
  readonly occurrences: readonly Occurrence[]
  readonly outputs: Readonly<Record<string, From>>
}

type Inputs = Readonly<Record<string, From>>

/** Every way to do `task`, tasks within tasks at most `depth` deep. */
export function everyDecomposition(
  task: Task,
  methods: readonly Method[],
  depth: number,
): readonly (readonly Occurrence[])[] {
  const inputs = Object.fromEntries(
    Object.entries(task.takes).map(([name, concept]): [string, From] => [name, { choice: `/${name}`, concept, name }]),
  )
  return treesOf(task, methods, inputs, '', [], depth).map(({ occurrences }) => occurrences)
}

function treesOf(
  task: Task,
  methods: readonly Method[],
  inputs: Inputs,
  at: string,
  after: readonly string[],
  depth: number,
): readonly Tree[] {
  if (depth === 0) return []
  return methods
    .filter(({ of }) => of.name === task.name)
    .flatMap(method => {
      const under = `${at}/${task.name}:${method.name}`
      let trees: readonly { done: Readonly<Record<string, Tree>> }[] = [{ done: {} }]
      for (const step of method.steps) {
        trees = trees.flatMap(({ done }) => {
          const place = `${under}:${step.name}`
          const from = (feed: Feed, port: string): From => {
            if (feed.from === 'step') return found(done[feed.step]?.outputs[feed.output])
            if (feed.from === 'task') return found(inputs[feed.name])
            const have = feed.from === 'have' ? method.have[feed.name] : undefined
            const taken = step.do.takes[port]
            const concept = found(have ?? (taken?.kind === 'concept' ? taken : undefined))
            const name = feed.from === 'have' ? feed.name : port
            return { choice: `${have ? under : place}/${name}`, concept, name }
          }
          const fed = Object.fromEntries(Object.entries(step.inputs).map(([port, feed]) => [port, from(feed, port)]))
          const earlier = step.after.flatMap(name => (done[name]?.occurrences ?? []).map(one => one.at))
          const wait = [...new Set([...after, ...earlier])]
          return (
            step.do.kind === 'task'
              ? treesOf(step.do, methods, fed, place, wait, depth - 1)
              : [single(step.do, fed, place, wait)]
          ).map(tree => ({ done: { ...done, [step.name]: tree } }))
        })
      }
      return trees.map(({ done }) => ({
        occurrences: Object.values(done).flatMap(({ occurrences }) => occurrences),
        outputs: Object.fromEntries(
          Object.entries(method.gives).map(([output, { step, output: own }]) => [
            output,
            found(done[step]?.outputs[own]),
          ]),
        ),
      }))
    })
}

function single(capability: Capability, inputs: Inputs, at: string, after: readonly string[]): Tree {
  return {
    occurrences: [{ at, capability, inputs, after }],
    outputs: Object.fromEntries(Object.keys(capability.gives).map(output => [output, { at, output }])),
  }
}

function found<T>(value: T | undefined): T {
  if (value === undefined) throw new Error('a decomposition refers to nothing')
  return value
}

/** The least weight of a whole decomposition of every task that is to be performed, with whatever else is needed. */
export function leastPerformance(problem: Problem, depth: number): number | undefined {
  const methods = problem.methods ?? []
  let choices: readonly (readonly Occurrence[])[] = [[]]
  for (const [at, name] of (problem.perform ?? []).entries()) {
    const task = methods.find(({ of }) => of.name === name)?.of
    const ways = task ? everyDecomposition(task, methods, depth) : []
    choices = choices.flatMap(chosen => ways.map(way => [...chosen, ...way.map(one => placed(one, `${at}`))]))
  }
  let least: number | undefined
  for (const chosen of choices) {
    const needed = merged(chosen)
    for (let mask = 0; mask < 1 << problem.capabilities.length; mask++) {
      const free = problem.capabilities.filter((_, at) => mask & (1 << at))
      const all = [...needed.map(({ capability }) => capability), ...free]
      const weight = all.reduce((sum, capability) => sum + weightOf(problem, capabilityId(capability)), 0)
      if ((least === undefined || weight < least) && canRun(problem, needed, free)) least = weight
    }
  }
  return least
}

function placed(one: Occurrence, root: string): Occurrence {
  const moved = (from: From): From => ('at' in from ? { ...from, at: root + from.at } : from)
  return {
    ...one,
    at: root + one.at,
    inputs: Object.fromEntries(Object.entries(one.inputs).map(([port, from]) => [port, moved(from)])),
    after: one.after.map(at => root + at),
  }
}

/** Pure work on the same data is done once, when it need not wait. */
function merged(occurrences: readonly Occurrence[]): readonly Occurrence[] {
  const names = new Map<string, string>()
  const kept: Occurrence[] = []
  const known = new Map<string, string>()
  for (const one of occurrences) {
    const inputs = Object.fromEntries(
      Object.entries(one.inputs).map(([port, from]): [string, From] => [
        port,
        'at' in from ? { ...from, at: names.get(from.at) ?? from.at } : from,
      ]),
    )
    const data = Object.entries(inputs).map(([port, from]) => [
      port,
      'at' in from ? [from.at, from.output] : [from.name, from.concept.name],
    ])
    const sharable = one.capability.effect === 'pure' && one.after.length === 0
    const key = JSON.stringify([sharable ? '' : one.at, capabilityId(one.capability), data])
    const same = known.get(key)
    names.set(one.at, same ?? one.at)
    if (same !== undefined) continue
    known.set(key, one.at)
    kept.push({ ...one, inputs })
  }
  return kept.map(one => ({ ...one, after: one.after.map(at => names.get(at) ?? at) }))
}

function canRun(problem: Problem, needed: readonly Occurrence[], free: readonly Capability[]): boolean {
  const had = Object.values(problem.given)
  const has = (wanted: Concept) => had.some(concept => isKindOf(concept, wanted))
  const done = new Set<string>()
  const waiting = new Set<Occurrence | Capability>([...needed, ...free])
  const ready = (one: Occurrence | Capability) =>
    'at' in one
      ? one.after.every(at => done.has(at)) &&
        Object.values(one.inputs).every(from => ('at' in from ? done.has(from.at) : has(from.concept)))
      : Object.values(one.takes).every(port => port.kind === 'all' || has(port))
  for (let moved = true; moved; ) {
    moved = false
    for (const one of waiting) {
      if (!ready(one)) continue
      waiting.delete(one)
      had.push(...Object.values('at' in one ? one.capability.gives : one.gives))
      if ('at' in one) done.add(one.at)
      moved = true
    }
  }
  return done.size === needed.length && problem.wanted.every(has)
}

/** Why `plan` does not do what is to be performed by whole methods; undefined when it does. */
export function whyNoDecomposition(plan: Plan, problem: Problem, depth: number): string | undefined {
  const methods = problem.methods ?? []
  const before = new Map(plan.steps.map(step => [step.id, new Set(predecessors(step))]))
  for (const _ of plan.steps)
    for (const early of before.values()) for (const id of early) for (const one of before.get(id) ?? []) early.add(one)
  const leaves = plan.steps.flatMap(step =>
    (step.by ?? []).map(({ doing, path }) => ({
      doing,
      step,
      at: path.map(({ task, method, step: name }) => `/${task}:${method}:${name}`).join(''),
    })),
  )
  const doings = Map.groupBy(leaves, ({ doing }) => doing)
  for (const name of problem.perform ?? []) {
    const own = [...doings.values()].filter(all => all[0]?.at.startsWith(`/${name}:`))
    const [all, second] = own
    if (!all || second) return `\`${name}\` is done ${own.length} times`
    const task = methods.find(({ of }) => of.name === name)?.of
    const stepAt = (at: string) => all.find(leaf => leaf.at === at)?.step
    const fits = (way: readonly Occurrence[]) => {
      const choices = new Map<string, Source>()
      return way.every(({ at, capability, inputs, after }) => {
        const step = stepAt(at)
        if (step?.capability !== capabilityId(capability)) return false
        if (!after.every(early => before.get(step.id)?.has(stepAt(early)?.id ?? ''))) return false
        return Object.entries(inputs).every(([port, from]) => {
          const input = step.inputs[port]
          if (input === undefined || !('from' in input)) return false
          if ('at' in from)
            return isDeepStrictEqual(input, { from: 'step', output: from.output, step: stepAt(from.at)?.id })
          const known = choices.get(from.choice) ?? input
          choices.set(from.choice, known)
          return isDeepStrictEqual(known, input)
        })
      })
    }
    const places = all.map(({ at }) => at).sort()
    const way =
      task &&
      everyDecomposition(task, methods, depth).find(
        one => isDeepStrictEqual(one.map(({ at }) => at).sort(), places) && fits(one),
      )
    if (!way) return `\`${name}\` is done by no decomposition: ${places.join(' ')}`
  }
  return undefined
}

/** What every datum says of itself, by the names that conditions use. */
type Truth = Readonly<Record<string, boolean>>

/** The steps that run when all data say the same: those whose condition holds and whose inputs come. */
export function whatRuns(plan: Plan, truth: Truth): ReadonlySet<string> {
  const ran = new Set<string>()
  const comes = (input: Source | readonly Source[]): boolean => {
    if (!('from' in input)) return true
    if (input.from === 'first') return input.of.some(comes)
    return input.from === 'given' || ran.has(input.step)
  }
  // The steps of a plan are in an order in which they can run.
  for (const { id, inputs, when } of plan.steps) {
    const over = Object.values(when?.over ?? {})
    if (![...Object.values(inputs), ...over].every(comes)) continue
    const named = Object.fromEntries(Object.keys(when?.over ?? {}).map(name => [name, truth]))
    if (!when || compileCondition(when.condition).holds(named)) ran.add(id)
  }
  return ran
}

/** Why what ran of `plan` is not what its tasks call for when all data say this; undefined when it is. */
export function whyNotCalledFor(
  plan: Plan,
  { methods = [], perform = [] }: Problem,
  ran: ReadonlySet<string>,
  truth: Truth,
): string | undefined {
  const leaves = plan.steps.flatMap(({ id, by = [] }) => by.map(({ doing, path }) => ({ id, doing, path })))
  type Leaves = typeof leaves
  const called = (task: string, within: Leaves, at: number): readonly string[] => {
    const own = methods.filter(({ of }) => of.name === task)
    const holds = ({ when }: Method) => when !== undefined && truth[when.split('.')[1] ?? ''] === true
    const present = (method: Method) => within.some(({ path }) => path[at]?.method === method.name)
    const method = own.find(holds) ?? own.find(one => one.when === undefined && present(one))
    return (method?.steps ?? []).flatMap(({ name, do: what }) => {
      const under = within.filter(({ path }) => path[at]?.method === method?.name && path[at]?.step === name)
      return what.kind === 'task'
        ? called(what.name, under, at + 1)
        : under.length === 1
          ? [found(under[0]).id]
          : ['none']
    })
  }
  for (const name of perform) {
    const all = leaves.filter(({ path }) => path[0]?.task === name)
    const due = new Set(called(name, all, 0))
    const did = new Set(all.flatMap(({ id }) => (ran.has(id) ? [id] : [])))
    // A pure step may be a part of other methods as well.
    if (!due.isSubsetOf(did)) return `\`${name}\` calls for ${[...due].join(' ')}, and ${[...did].join(' ')} ran`
    const extra = all.find(
      ({ id, path }) => ran.has(id) && !due.has(id) && plan.steps.find(one => one.id === id)?.when && path,
    )
    if (extra) return `\`${extra.id}\` ran and \`${name}\` does not call for it`
  }
  return undefined
}
