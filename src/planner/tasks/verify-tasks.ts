/**
 * Checks that the tasks of a plan are done by their methods: every task that was asked for, by a whole method with every
 * step in its place, fed as the method says and in its order, and so on for the tasks within.
 */
import { isDeepStrictEqual } from 'node:util'
import { capabilityId, type Feed, type Method, type Task } from '../../agents/index.ts'
import type { HeldFact } from '../facts.ts'
import { originsOf, type Place, type Plan, type Source, type Step } from '../plan.ts'
import type { PlanIssue, Problem } from '../problem.ts'
import { isDone } from '../standing.ts'
import { type TaskBook, taskBookOf, type Ways } from './book.ts'
import { conjoin } from './conjoin.ts'

/** What is known of the tasks of a plan. */
export interface TaskCheck {
  readonly issues: readonly PlanIssue[]
  /** Facts that methods require before a step, by its id. */
  readonly demands: ReadonlyMap<string, readonly HeldFact[]>
  /** The doings of tasks that were asked for, one each. */
  readonly asked: ReadonlySet<string>
}

/** Checks the tasks of `plan`. `before` says which steps must have ended before each. */
export function verifyTasks(plan: Plan, problem: Problem, before: ReadonlyMap<string, ReadonlySet<string>>): TaskCheck {
  const book = taskBookOf(problem.methods)
  const checking: Checking = { problem, book, before, issues: [], demands: new Map() }
  const leaves = plan.steps.flatMap(step => (step.by ?? []).map(({ doing, path }) => ({ step, doing, path })))
  const doings = new Map<string, string>()
  const isOver = (within: readonly Leaf[]) => within.every(({ step }) => isDone(problem, step.id))
  const all = Map.groupBy(leaves, leaf => leaf.doing)
  const nameOf = (within: readonly Leaf[] | undefined) => within?.[0]?.path[0]?.task ?? ''
  for (const [doing, within] of all) {
    const name = nameOf(within)
    // Begun, and begun anew after something came in between.
    if (isOver(within) && [...all.values()].some(other => !isOver(other) && nameOf(other) === name)) continue
    const task = book.waysOf(name)?.task
    if (!task || within.some(({ path }) => path[0]?.task !== name)) {
      checking.issues.push({ kind: 'broken-task', reason: `\`${doing}\` is no doing of one task that is known` })
      continue
    }
    checkTask(checking, task, within, cellsOf(task), { demands: [], guards: [] })
    doings.set(name, doings.get(name) ?? doing)
  }
  const missing = [...new Set(problem.perform)].filter(name => !doings.has(name))
  return {
    issues: [
      ...checking.issues,
      ...missing.map(name => ({ kind: 'unperformed-task' as const, reason: `nothing of the plan does \`${name}\`` })),
    ],
    demands: checking.demands,
    asked: new Set([...doings].flatMap(([name, doing]) => (problem.perform?.includes(name) ? [doing] : []))),
  }
}

interface Checking {
  readonly problem: Problem
  readonly book: TaskBook
  readonly before: ReadonlyMap<string, ReadonlySet<string>>
  readonly issues: PlanIssue[]
  readonly demands: Map<string, readonly HeldFact[]>
}

/** A step and what is left of the way to it. */
interface Leaf {
  readonly step: Step
  readonly path: Place['path']
}

/** What a step, or the steps of a task, came to. */
interface Done {
  readonly steps: readonly string[]
  readonly outputs: Readonly<Record<string, Source>>
}

/** A datum that the first step to take it settles. */
interface Cell {
  source: Source | undefined
}

type Cells = Readonly<Record<string, Cell>>

/** What holds for every step of a task: facts that are required before it, and conditions of methods around it. */
interface Frame {
  readonly demands: readonly { readonly fact: string; readonly about: readonly Cell[] }[]
  readonly guards: readonly { readonly condition: string; readonly holds: boolean; readonly over: Cells }[]
}

const nothing: Done = { steps: [], outputs: {} }

function cellsOf(task: Task): Cells {
  return Object.fromEntries(Object.keys(task.takes).map(name => [name, { source: undefined }]))
}

function checkTask(checking: Checking, task: Task, leaves: readonly Leaf[], inputs: Cells, frame: Frame): Done {
  const broken = (reason: string): Done => {
    checking.issues.push({ kind: 'broken-task', reason: `\`${task.name}\` is not done: ${reason}` })
    return nothing
  }
  const ways = checking.book.waysOf(task.name)
  if (!ways) return broken('nobody says how')
  const byMethod = Map.groupBy(leaves, ({ path }) => path[0]?.method ?? '')
  const all = [...ways.cases, ...ways.plain]
  const unknown = [...byMethod.keys()].find(name => !all.some(method => method.name === name))
  if (unknown !== undefined) return broken(`it has no method \`${unknown}\``)
  const chosen = chosenOf(checking, ways, byMethod)
  const wrong = whyNotAll(ways, chosen)
  if (wrong !== undefined) return broken(wrong)
  let guards = frame.guards
  const done = chosen.map(method => {
    const { when: condition } = method
    const leaves = byMethod.get(method.name) ?? []
    const own = condition === undefined ? guards : [...guards, { condition, holds: true, over: inputs }]
    if (condition !== undefined) guards = [...guards, { condition, holds: false, over: inputs }]
    const demands = [...frame.demands, ...ground(task.requires, inputs)]
    return checkMethod(checking, method, leaves, inputs, { demands, guards: own })
  })
  return { steps: done.flatMap(({ steps }) => steps), outputs: joinOutputs(task, done) }
}

/** The outputs of the only one that is done, or of the first of several that delivers. */
function joinOutputs(task: Task, done: readonly Done[]): Done['outputs'] {
  const [only, second] = done
  if (!second) return only?.outputs ?? {}
  return Object.fromEntries(
    Object.keys(task.gives).map((output): [string, Source] => [
      output,
      { from: 'first', of: done.flatMap(({ outputs }) => outputs[output] ?? []).flatMap(originsOf) },
    ]),
  )
}

/** The methods that are meant: what is finished of others was begun before something came in between. */
function chosenOf(
  { problem }: Checking,
  { cases, plain }: Ways,
  leaves: ReadonlyMap<string, readonly Leaf[]>,
): readonly Method[] {
  const present = plain.filter(({ name }) => leaves.has(name))
  const isOpen = ({ name }: Method) => leaves.get(name)?.some(({ step }) => !isDone(problem, step.id)) ?? false
  const open = present.filter(isOpen)
  return [...cases.filter(({ name }) => leaves.has(name)), ...(open.length > 0 ? open : present)]
}

/** Why these methods do not make the task done, if they do not. */
function whyNotAll({ cases, plain }: Ways, chosen: readonly Method[]): string | undefined {
  const lacking = cases.find(method => !chosen.includes(method))
  if (lacking) return `the plan has nothing for the case of method \`${lacking.name}\``
  const always = chosen.filter(({ when }) => when === undefined)
  if (always.length > 1) return `methods \`${always.map(({ name }) => name).join('` and `')}\` are mixed`
  return always.length === 0 && plain.length > 0 ? 'the plan has nothing for when no condition holds' : undefined
}

function checkMethod(checking: Checking, method: Method, leaves: readonly Leaf[], inputs: Cells, frame: Frame): Done {
  const where = `method \`${method.name}\` of \`${method.of.name}\``
  const broken = (reason: string, step?: string) => {
    checking.issues.push({
      kind: 'broken-task',
      ...(step === undefined ? {} : { step }),
      reason: `${where}: ${reason}`,
    })
  }
  const had = Object.fromEntries(Object.keys(method.have).map((name): [string, Cell] => [name, { source: undefined }]))
  const demands = [...frame.demands, ...ground(method.requires, inputs)]
  const done = new Map<string, Done>()
  const byStep = Map.groupBy(leaves, ({ path }) => path[0]?.step ?? '')
  for (const name of byStep.keys())
    if (!method.steps.some(step => step.name === name)) broken(`it has no step \`${name}\``)
  const cellOf = (feed: Feed): Cell => {
    if (feed.from === 'task') return inputs[feed.name] ?? { source: undefined }
    if (feed.from === 'have') return had[feed.name] ?? { source: undefined }
    return { source: feed.from === 'step' ? done.get(feed.step)?.outputs[feed.output] : undefined }
  }
  for (const step of method.steps) {
    const within = (byStep.get(step.name) ?? []).map(leaf => ({ ...leaf, path: leaf.path.slice(1) }))
    const cells = Object.fromEntries(
      Object.entries(step.inputs).map(([port, feed]): [string, Cell] => [port, cellOf(feed)]),
    )
    const own = step.when && {
      condition: step.when.condition,
      holds: true,
      over: Object.fromEntries(Object.entries(step.when.over).map(([name, feed]) => [name, cellOf(feed)])),
    }
    const guards = own ? [...frame.guards, own] : frame.guards
    const came = checkStep(checking, step, within, cells, { demands, guards }, broken)
    done.set(step.name, came)
    for (const other of step.after)
      for (const early of done.get(other)?.steps ?? [])
        for (const late of came.steps)
          if (!checking.before.get(late)?.has(early))
            broken(`step \`${step.name}\` need not wait for \`${other}\``, late)
  }
  const outputs = Object.entries(method.gives).flatMap(([output, from]): [string, Source][] => {
    const source = done.get(from.step)?.outputs[from.output]
    return source ? [[output, source]] : []
  })
  return { steps: [...done.values()].flatMap(({ steps }) => steps), outputs: Object.fromEntries(outputs) }
}

function checkStep(
  checking: Checking,
  asked: Method['steps'][number],
  within: readonly Leaf[],
  cells: Cells,
  frame: Frame,
  broken: (reason: string, step?: string) => void,
): Done {
  const what = asked.do
  if (what.kind === 'task') {
    if (within.length > 0 && within.every(({ path }) => path[0]?.task === what.name))
      return checkTask(checking, what, within, cells, frame)
    broken(`nothing is step \`${asked.name}\``)
    return nothing
  }
  const [leaf, second] = within
  if (!leaf || leaf.path.length > 0) {
    broken(`nothing is step \`${asked.name}\``)
    return nothing
  }
  const { step } = leaf
  if (second) broken(`more than one step is \`${asked.name}\``, second.step.id)
  if (step.capability !== capabilityId(what)) broken(`step \`${asked.name}\` is no \`${capabilityId(what)}\``, step.id)
  for (const [port, cell] of Object.entries(cells)) {
    const input = Object.hasOwn(step.inputs, port) ? step.inputs[port] : undefined
    if (input === undefined || !('from' in input)) continue
    cell.source ??= input
    if (!isDeepStrictEqual(cell.source, input))
      broken(`\`${port}\` of step \`${asked.name}\` is fed otherwise`, step.id)
  }
  // What only conditions speak of is settled by the first of them.
  for (const { over } of frame.guards)
    for (const [name, cell] of Object.entries(over)) cell.source ??= step.when?.over[name]
  const terms = frame.guards.map(({ over, ...guard }) => ({ ...guard, over: sourcesIn(over) }))
  if (!isDeepStrictEqual(step.when, conjoin(terms))) broken(`step \`${asked.name}\` has another condition`, step.id)
  const facts = frame.demands.map(({ fact, about }) => ({ fact, about: about.flatMap(({ source }) => source ?? []) }))
  checking.demands.set(step.id, [...(checking.demands.get(step.id) ?? []), ...facts])
  return {
    steps: [step.id],
    outputs: Object.fromEntries(
      Object.keys(what.gives).map((output): [string, Source] => [output, { from: 'step', output, step: step.id }]),
    ),
  }
}

function sourcesIn(cells: Cells): Readonly<Record<string, Source>> {
  const settled = Object.entries(cells).flatMap(([name, { source }]): [string, Source][] =>
    source ? [[name, source]] : [],
  )
  return Object.fromEntries(settled)
}

function ground(patterns: Method['requires'], cells: Cells): Frame['demands'] {
  return patterns.map(({ fact, about }) => ({ fact, about: about.flatMap(name => cells[name] ?? []) }))
}
