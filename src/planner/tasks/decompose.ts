/**
 * From a task to its network.
 * 1. A part or a milestone that several choices have in common is one, and known by its key.
 * 2. A pure part that need not wait for others is one for all tasks that ask for it with the same inputs.
 * 3. Methods whose conditions are decided at run time are all there; each of their parts is guarded by the condition of
 *    its method and by the conditions before it, which must not hold.
 * 4. Tasks within tasks are followed as deep as `mostDepth` and `mostNodes` allow.
 */
import {
  type Capability,
  capabilityId,
  type FactPattern,
  type Feed,
  type Method,
  type Task,
} from '../../agents/index.ts'
import { compileCondition, type Concept } from '../../core/index.ts'
import type { Source, Step } from '../plan.ts'
import { keyOf } from '../standing.ts'
import type { TaskBook } from './book.ts'
import { type Guard, type Milestone, type Network, type Part, type Ref, stoodKey, type Way } from './network.ts'

/** What decomposing goes by. */
export interface Ground {
  readonly book: TaskBook
  /** Gives every text a short name, the same for the same text. */
  readonly intern: (text: string) => string
  /** Data that are settled, by the keys of the open ones. */
  readonly settled: ReadonlyMap<string, Ref>
  /** Steps that stand, by the paths of the parts that they are. */
  readonly stood: ReadonlyMap<string, Step>
}

const mostDepth = 12
// Parts and milestones of one task: more choices than that nobody has declared on purpose.
const mostNodes = 600

/**
 * The network of `task`, by every choice of its methods. It is whole when every task in it could stand within every other
 * once: to nest them deeper only adds steps.
 */
export function decompose(task: Task, ground: Ground): Network {
  let deepest = growTo(1, task, ground)
  let reached = 1
  while (deepest.cut && reached < mostDepth) {
    const deeper = growTo(reached + 1, task, ground)
    if (deeper.parts.length + deeper.milestones.length >= mostNodes) break
    deepest = deeper
    reached++
  }
  const tasks = new Set(deepest.milestones.map(milestone => milestone.task.name))
  return { ...deepest, cut: deepest.cut && reached <= tasks.size }
}

/** Gives short names: `#0`, `#1` … */
export function createIntern(): Ground['intern'] {
  const names = new Map<string, string>()
  return text => {
    const known = names.get(text) ?? `#${names.size}`
    names.set(text, known)
    return known
  }
}

/** A network while it grows. */
interface Growth extends Ground {
  readonly parts: Map<string, Part>
  readonly milestones: Map<string, Milestone>
  readonly fed: Map<string, Source>
  cut: boolean
}

/** Where in the tree of tasks, and what holds for all that is there. */
interface Frame extends Pick<Part, 'after' | 'guards' | 'demands'> {
  readonly path: string
  /** Levels of tasks that are left. */
  readonly depth: number
  /** Outputs of the task for which it matters where they come from. */
  readonly used: ReadonlySet<string>
}

type Refs = Readonly<Record<string, Ref>>

function growTo(depth: number, task: Task, ground: Ground): Network {
  const growth: Growth = { ...ground, parts: new Map(), milestones: new Map(), fed: new Map(), cut: false }
  const inputs = mapRecord(task.takes, (concept, name) => open(growth, concept, name))
  const used = new Set(Object.keys(task.gives))
  const ways = waysOfTask(growth, task, inputs, { path: task.name, depth, used, after: [], guards: [], demands: [] })
  const { parts, milestones, fed, cut } = growth
  return { parts: [...parts.values()], milestones: [...milestones.values()], ways, fed, cut }
}

function open({ settled }: Growth, concept: Concept, name: string): Ref {
  const key = `${name}:${concept.name}`
  return settled.get(key) ?? { from: 'open', key, concept, name }
}

function waysOfTask(growth: Growth, task: Task, inputs: Refs, frame: Frame): readonly Way[] {
  const { cases, plain } = growth.book.waysOf(task.name) ?? { cases: [], plain: [] }
  if (isFull(growth, frame)) return []
  const below = { ...frame, demands: [...frame.demands, ...ground(task.requires, inputs)] }
  const anyPlain = (at: Frame) => distinct(plain.flatMap(method => waysOfMethod(growth, method, inputs, at)))
  if (cases.length === 0) return anyPlain(below)
  let { guards } = frame
  // What whichever method makes is there for everybody, when it is sure that one of them is taken.
  const used = guards.length === 0 ? new Set(Object.keys(task.gives)) : frame.used
  const inner = { ...below, used }
  const branches = cases.map(method => {
    const guard = guardOf(method.when ?? 'true', inputs)
    const ways = waysOfMethod(growth, method, inputs, { ...inner, guards: [...guards, guard] })
    guards = [...guards, { ...guard, holds: false }]
    return distinct(ways)
  })
  if (plain.length > 0) branches.push(anyPlain({ ...inner, guards }))
  const choices = everyChoice(branches)
  growth.cut ||= choices.length > mostNodes
  return distinct(choices.slice(0, mostNodes).map(chosen => join(growth, task, chosen, inputs, { ...frame, used })))
}

/** Whether there is no room for another task here. */
function isFull(growth: Growth, { depth }: Pick<Frame, 'depth'>): boolean {
  const full = depth === 0 || growth.parts.size + growth.milestones.size >= mostNodes
  growth.cut ||= full
  return full
}

/** One way of each branch, of which one will be taken at run time. */
function join(growth: Growth, task: Task, chosen: readonly Way[], inputs: Refs, frame: Frame): Way {
  const outputs: Record<string, Ref> = {}
  for (const output of Object.keys(task.gives)) {
    const of = chosen.flatMap(way => way.outputs[output] ?? [])
    const key = growth.intern(`first ${of.map(one => one.key).join(' ')}`)
    if (of.length > 0) outputs[output] = { from: 'first', key, of }
  }
  return end(
    growth,
    { task, method: undefined, inputs, outputs, slots: chosen.map(({ done }) => ({ step: '', done })) },
    frame,
  )
}

interface State {
  readonly outputs: Readonly<Record<string, Refs>>
  readonly done: Readonly<Record<string, string>>
}

function waysOfMethod(growth: Growth, method: Method, inputs: Refs, frame: Frame): readonly Way[] {
  const demands = [...frame.demands, ...ground(method.requires, inputs)]
  const inner = { ...frame, demands, path: `${frame.path}/${method.name}` }
  let states: readonly State[] = [{ outputs: {}, done: {} }]
  for (const step of method.steps) {
    states = states.flatMap(state =>
      waysOfStep(growth, method, step, inputs, state, inner).map(way => ({
        outputs: { ...state.outputs, [step.name]: way.outputs },
        done: { ...state.done, [step.name]: way.done },
      })),
    )
    growth.cut ||= states.length > mostNodes
    states = states.slice(0, mostNodes)
  }
  return states.map(state => {
    const outputs = mapRecord(method.gives, ({ step, output }) => outputAt(state, step, output))
    const slots = Object.entries(state.done).map(([step, done]) => ({ step, done }))
    return end(growth, { task: method.of, method, inputs, outputs, slots }, frame)
  })
}

function outputAt(state: State, step: string, output: string): Ref {
  const ref = state.outputs[step]?.[output]
  if (!ref) throw new TypeError(`step \`${step}\` is used before it is there`)
  return ref
}

function waysOfStep(
  growth: Growth,
  method: Method,
  step: Method['steps'][number],
  inputs: Refs,
  state: State,
  frame: Frame,
): readonly Way[] {
  const resolve = (feed: Feed, port: string): Ref => {
    if (feed.from === 'step') return outputAt(state, feed.step, feed.output)
    const taken = feed.from === 'have' ? method.have[feed.name] : step.do.takes[port]
    const name = feed.from === 'open' ? port : feed.name
    const ref = feed.from === 'task' ? inputs[feed.name] : taken?.kind === 'concept' && open(growth, taken, name)
    if (!ref) throw new TypeError(`nothing feeds \`${port}\` of \`${step.name}\``)
    return ref
  }
  const own = step.when && { condition: step.when.condition, holds: true, over: mapRecord(step.when.over, resolve) }
  const inner: Frame = {
    ...frame,
    path: `${frame.path}/${step.name}`,
    depth: frame.depth - 1,
    after: [...new Set([...frame.after, ...step.after.flatMap(name => state.done[name] ?? [])])],
    guards: own ? [...frame.guards, own] : frame.guards,
    used: usedOf(method, step.name),
  }
  const fed = mapRecord(step.inputs, resolve)
  return step.do.kind === 'task' ? waysOfTask(growth, step.do, fed, inner) : [addPart(growth, step.do, fed, inner)]
}

/** The outputs of a step of `method` that another step takes, or that the task gives. */
function usedOf({ steps, gives }: Method, name: string): ReadonlySet<string> {
  const feeds = steps.flatMap(({ inputs, when }) => [...Object.values(inputs), ...Object.values(when?.over ?? {})])
  const fed = feeds.flatMap(feed => (feed.from === 'step' && feed.step === name ? [feed.output] : []))
  return new Set([...fed, ...Object.values(gives).flatMap(({ step, output }) => (step === name ? [output] : []))])
}

function addPart(growth: Growth, capability: Capability, inputs: Refs, frame: Frame): Way {
  const { path, after, guards, demands } = frame
  const stood = growth.stood.get(path)
  if (stood?.capability === capabilityId(capability)) return stand(growth, stood, capability, inputs)
  const shared = capability.effect === 'pure' && after.length === 0 && guards.length === 0
  const key = growth.intern(
    JSON.stringify([
      shared ? 'shared' : path,
      capabilityId(capability),
      keysOf(inputs),
      after,
      guards.map(({ condition, holds, over }) => [condition, holds, keysOf(over)]),
      demands.map(({ fact, about }) => [fact, ...about.map(ref => ref.key)]),
    ]),
  )
  growth.parts.set(key, { key, capability, inputs, after, guards, demands })
  const outputs = mapRecord(
    capability.gives,
    (_, output): Ref => ({ from: 'part', key: `${key}.${output}`, part: key, output }),
  )
  return { done: key, outputs }
}

/** A part that stands: what feeds it is settled, and what it gave is there. */
function stand({ fed }: Growth, { id, inputs: own }: Step, capability: Capability, inputs: Refs): Way {
  for (const [port, ref] of Object.entries(inputs)) {
    const input = own[port]
    if (ref.from === 'open' && input !== undefined && 'from' in input) fed.set(ref.key, input)
  }
  const outputs = mapRecord(capability.gives, (_, output): Ref => {
    const source = { from: 'step', output, step: id } as const
    return { from: 'bound', key: keyOf(source), datum: source }
  })
  return { done: stoodKey(id), outputs }
}

/** The milestone behind `slots`. Ways of a task in one place that come to the same are done in the same sense. */
function end(
  growth: Growth,
  way: Pick<Milestone, 'method' | 'slots'> & { task: Task; inputs: Refs; outputs: Refs },
  { path, after, guards, used }: Frame,
): Way {
  const { task, method, inputs, slots } = way
  const outputs = Object.fromEntries(Object.entries(way.outputs).filter(([output]) => used.has(output)))
  const done = growth.intern(
    JSON.stringify(['done', path, task.name, keysOf(inputs), after, guards.length, method?.when, keysOf(outputs)]),
  )
  const key = growth.intern(JSON.stringify(['end', done, method?.name, slots.map(slot => [slot.step, slot.done])]))
  const had = method === undefined && guards.length === 0 ? way.outputs : {}
  growth.milestones.set(key, { key, done, task, method, slots, outputs: had })
  return { done, outputs }
}

function guardOf(condition: string, inputs: Refs): Guard {
  const over = compileCondition(condition).names.flatMap((name): [string, Ref][] => {
    const ref = inputs[name]
    return ref ? [[name, ref]] : []
  })
  return { condition, holds: true, over: Object.fromEntries(over) }
}

function ground(patterns: readonly FactPattern[], inputs: Refs): Part['demands'] {
  return patterns.map(({ fact, about }) => ({ fact, about: about.flatMap(name => inputs[name] ?? []) }))
}

function keysOf(refs: Refs): readonly (readonly [string, string])[] {
  return Object.entries(refs).map(([name, { key }]) => [name, key])
}

function distinct(ways: readonly Way[]): readonly Way[] {
  return [...new Map(ways.map(way => [way.done, way])).values()]
}

/** One of each branch, in every way. */
function everyChoice(branches: readonly (readonly Way[])[]): readonly (readonly Way[])[] {
  let rows: readonly (readonly Way[])[] = [[]]
  for (const branch of branches) rows = rows.flatMap(row => branch.map(way => [...row, way])).slice(0, mostNodes + 1)
  return rows
}

function mapRecord<From, To>(
  record: Readonly<Record<string, From>>,
  map: (value: From, name: string) => To,
): Readonly<Record<string, To>> {
  return Object.fromEntries(Object.entries(record).map(([name, value]) => [name, map(value, name)]))
}
