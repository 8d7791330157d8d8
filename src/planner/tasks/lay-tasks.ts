/**
 * Tasks in the space: parts become candidate steps, milestones candidates without work. A task is done when its milestone
 * is had, so that the search chooses among methods as it chooses among steps.
 * 1. What a part gives is there for everybody, except when a condition may have it skipped: then only what takes that
 *    very datum has it.
 * 2. A task is laid out once for every choice of the data that facts speak of, like a capability.
 * 3. A part comes in when what it needs is there, so that steps found by composition may stand between parts.
 */
import { capabilityId, type Task } from '../../agents/index.ts'
import type { Concept } from '../../core/index.ts'
import type { Atoms } from '../atoms.ts'
import { type Candidate, type EndCandidate, type StepCandidate, weigh } from '../candidate.ts'
import type { Datum } from '../datum.ts'
import type { Source } from '../plan.ts'
import type { Estimate, Problem } from '../problem.ts'
import type { Relevance } from '../relevance.ts'
import { isBarred, keyOf } from '../standing.ts'
import { choices, type Told } from '../told.ts'
import { taskBookOf } from './book.ts'
import { createIntern, decompose, type Ground } from './decompose.ts'
import { type Milestone, type Network, type Part, type Ref, stoodStep } from './network.ts'
import { standingParts } from './standing-parts.ts'

/** The space while it is laid out. */
export interface Pool {
  readonly candidates: Candidate[]
  readonly told: Told[]
  /** Whether an atom is there by now. */
  readonly available: boolean[]
}

/** The tasks of a space. */
export interface TaskLayer {
  /** Adds what can be done by now; says whether there was anything. */
  fill(): boolean
  /** That each task that is to be performed is done. */
  readonly goals: readonly number[]
  /** Whether every choice of methods is in it: there are limits to how many and how deep. */
  readonly complete: boolean
}

// Choices of data for one task, and how many are tried in one round.
const mostChoices = 50
const mostTries = 2_000

const free: Estimate = { price: 0, time: 0, reliability: 1 }

/** The tasks of `problem` among what is relevant to it, nothing added yet. */
export function layTasks(problem: Problem, relevance: Relevance, atoms: Atoms, pool: Pool): TaskLayer {
  const goals = [...new Set(problem.perform)].map(name => atoms.ofDone(name))
  if (relevance.tasks.roots.length === 0) return { fill: () => false, goals, complete: true }
  const ground = { book: taskBookOf(problem.methods), intern: createIntern() }
  const able = new Set(relevance.useful.map(({ id }) => id))
  const laying: Laying = { problem, relevance, able, atoms, pool, ...ground, places: new Map(), ended: new Set() }
  const sources = relevance.tasks.roots.map(task => sourceOf(laying, task))
  return {
    fill: () =>
      sources
        .map(source => [addChoices(laying, source), addReady(laying, source)])
        .flat()
        .includes(true),
    goals,
    complete: sources.every(({ complete }) => complete),
  }
}

interface Laying extends Omit<Ground, 'settled' | 'stood'> {
  readonly problem: Problem
  readonly relevance: Relevance
  /** Capabilities that can run, by id: facts that only others require are not told apart here. */
  readonly able: ReadonlySet<string>
  readonly atoms: Atoms
  readonly pool: Pool
  /** Candidates of parts, by their keys. */
  readonly places: Map<string, number>
  readonly ended: Set<string>
}

interface TaskSource {
  readonly task: Task
  readonly complete: boolean
  readonly stood: Ground['stood']
  /** What feeds the steps that stand. */
  readonly settled: Ground['settled']
  /** Data of which facts speak: each is settled before the task is laid out. */
  readonly ports: readonly (readonly [string, Concept])[]
  readonly made: Set<string>
  readonly lineage: ReadonlySet<string>
  parts: readonly Part[]
  milestones: readonly Milestone[]
}

function sourceOf(laying: Laying, task: Task): TaskSource {
  const stood = standingParts(laying.problem, task.name)
  const { fed } = decompose(task, { ...laying, stood, settled: new Map() })
  const settled = new Map(
    [...fed].map(([key, datum]): [string, Ref] => [key, { from: 'bound', key: keyOf(datum), datum }]),
  )
  const { parts, cut } = decompose(task, { ...laying, stood, settled })
  const ports = new Map<string, Concept>()
  const tell = (ref: Ref | undefined) => {
    if (ref?.from === 'open') ports.set(ref.key, ref.concept)
  }
  for (const { capability, inputs, demands } of parts) {
    for (const [port] of laying.atoms.portsToBind(capability)) tell(inputs[port])
    for (const { about } of demands) about.forEach(tell)
  }
  const lineage = new Set([`task ${task.name}`, ...parts.map(({ capability }) => capabilityId(capability))])
  return {
    task,
    stood,
    settled,
    complete: !cut,
    ports: [...ports],
    made: new Set(),
    lineage,
    parts: [],
    milestones: [],
  }
}

/** Lays out the task for data that have come up. */
function addChoices(laying: Laying, source: TaskSource): boolean {
  const { task, ports, made } = source
  if (ports.length === 0 && made.size > 0) return false
  const before = made.size
  const data = laying.pool.told.filter(({ lineage }) => !lineage.has(`task ${task.name}`))
  for (const choice of choices(ports, data).take(mostTries)) {
    const key = JSON.stringify([...choice.values()].map(datum => datum.key))
    if (made.has(key)) continue
    if (made.size >= mostChoices) break
    made.add(key)
    const chosen = [...choice].map(([port, { key, datum }]): [string, Ref] => [port, { from: 'bound', key, datum }])
    const settled = new Map([...source.settled, ...chosen])
    add(laying, source, decompose(task, { ...laying, stood: source.stood, settled }))
  }
  return made.size > before
}

function add({ problem }: Laying, source: TaskSource, { parts, milestones, ways }: Network): void {
  source.parts = [...source.parts, ...parts]
  source.milestones = [...source.milestones, ...milestones]
  if (!problem.perform?.includes(source.task.name)) return
  const { task } = source
  const whole = ways.map(({ done }): Milestone => {
    return {
      key: `perform ${task.name} ${done}`,
      done: task.name,
      task,
      method: undefined,
      slots: [{ step: '', done }],
      outputs: {},
    }
  })
  source.milestones = [...source.milestones, ...whole]
}

/** Adds parts and milestones whose needs are there. */
function addReady(laying: Laying, source: TaskSource): boolean {
  const { candidates, available } = laying.pool
  const before = candidates.length
  const push = (candidate: Candidate | undefined): boolean => {
    if (!candidate || !candidate.needs.every(atom => available[atom])) return false
    candidates.push(candidate)
    for (const atom of candidate.gives) available[atom] = true
    return true
  }
  source.parts = source.parts.filter(part => {
    if (laying.places.has(part.key)) return false
    const index = candidates.length
    const added = push(partCandidate(laying, part, index))
    if (added) {
      laying.places.set(part.key, index)
      laying.pool.told.push(...toldOf(laying, part, index, source.lineage))
    }
    return !added
  })
  source.milestones = source.milestones.filter(milestone => {
    if (laying.ended.has(milestone.key)) return false
    const added = push(endCandidate(laying, milestone, candidates.length))
    if (added) laying.ended.add(milestone.key)
    return !added
  })
  return candidates.length > before
}

/** Undefined when it cannot be done by now, or at all: not offered, without what it needs, barred, or a fact is required of a datum that nobody can tell before the run. */
function partCandidate(laying: Laying, part: Part, index: number): StepCandidate | undefined {
  const { able, atoms, problem, relevance } = laying
  const { key, capability, inputs, guards, demands, after } = part
  const id = capabilityId(capability)
  const entry = relevance.catalogue.entry(id)
  const bound = datumsOf(laying, inputs)
  if (!entry || !able.has(id) || !bound || isBarred(problem, id, port => standingAt(inputs[port]))) return undefined
  const about = (ports: readonly string[]) => ports.flatMap(port => inputs[port] ?? [])
  const required = [...demands, ...capability.requires.map(({ fact, about: ports }) => ({ fact, about: about(ports) }))]
  if (required.some(demand => demand.about.some(ref => ref.from === 'first'))) return undefined
  const keyAt = (port: string) =>
    inputs[port]?.key ?? (Object.hasOwn(capability.gives, port) ? `${key}.${port}` : undefined)
  const gives = new Set([
    atoms.ofDone(key),
    ...Object.keys(capability.gives).map(port => atoms.ofDatum(`${key}.${port}`)),
  ])
  const brought = atoms.ofFacts(capability.brings, keyAt)
  if (guards.length === 0) {
    for (const made of entry.gives) if (atoms.isAsked(made)) gives.add(atoms.ofKey(made))
    for (const atom of brought) gives.add(atom)
  }
  const needs = [
    ...[...Object.values(inputs), ...guards.flatMap(({ over }) => Object.values(over))].flatMap(needsOf(atoms)),
    ...after.flatMap(doneAt(atoms)),
    ...atoms.ofFacts(capability.requires, keyAt),
    ...demands.flatMap(demand =>
      atoms.ofFacts([{ fact: demand.fact, about: demand.about.map(ref => ref.key) }], one => one),
    ),
  ]
  const estimate = problem.estimate(id)
  return {
    index,
    id,
    capability,
    part: {
      key,
      after,
      demands: demands.map(({ fact, about }) => ({ fact, about: about.flatMap(ref => datumOf(laying, ref) ?? []) })),
      guards: guards.map(({ condition, holds, over }) => ({
        condition,
        holds,
        over: datumsOf(laying, over) ?? new Map<string, Datum>(),
      })),
    },
    bound,
    needs: [...new Set(needs)],
    gives: [...gives],
    removes: atoms.ofFacts(capability.removes, keyAt).filter(atom => !brought.includes(atom)),
    singular: true,
    weight: weigh(estimate, id, problem),
    estimate,
  }
}

function endCandidate(laying: Laying, milestone: Milestone, index: number): EndCandidate | undefined {
  const { atoms } = laying
  const { task, done, slots, outputs } = milestone
  const datums = datumsOf(laying, outputs)
  if (!datums) return undefined
  const had = Object.keys(outputs).flatMap(output => {
    const concept = task.gives[output]
    return concept ? atoms.ofConcept(concept) : []
  })
  return {
    index,
    id: task.name,
    capability: undefined,
    milestone,
    outputs: datums,
    needs: [...new Set(slots.flatMap(slot => doneAt(atoms)(slot.done)))],
    gives: [...new Set([atoms.ofDone(done), ...had])],
    removes: [],
    singular: true,
    weight: 0,
    estimate: free,
  }
}

/** What a part gives of which facts may speak. What a condition may skip is left out. */
function toldOf({ atoms }: Laying, part: Part, index: number, lineage: ReadonlySet<string>): readonly Told[] {
  if (part.guards.length > 0) return []
  return Object.entries(part.capability.gives)
    .filter(([, concept]) => atoms.isTold(concept))
    .map(([output, concept]) => ({
      datum: { from: 'candidate', candidate: index, output },
      key: `${part.key}.${output}`,
      concept,
      lineage,
    }))
}

function needsOf(atoms: Atoms): (ref: Ref) => readonly number[] {
  return ref => {
    if (ref.from === 'first') return ref.of.flatMap(needsOf(atoms))
    if (ref.from === 'open') return [atoms.ofPort(ref.concept)]
    return isStanding(ref) ? [] : [atoms.ofDatum(ref.key)]
  }
}

function isStanding(ref: Ref): boolean {
  return ref.from === 'bound' && ref.datum.from !== 'candidate'
}

/** What must be had for a part to be done; nothing when it stands. */
function doneAt(atoms: Atoms): (done: string) => readonly number[] {
  return done => (stoodStep(done) === undefined ? [atoms.ofDone(done)] : [])
}

/** Undefined while a part that one of them comes from is not there. */
function datumsOf(laying: Laying, refs: Readonly<Record<string, Ref>>): ReadonlyMap<string, Datum> | undefined {
  const found = new Map<string, Datum>()
  for (const [name, ref] of Object.entries(refs)) {
    const datum = datumOf(laying, ref)
    if (!datum) return undefined
    found.set(name, datum)
  }
  return found
}

function datumOf(laying: Laying, ref: Ref): Datum | undefined {
  if (ref.from === 'open') return ref
  if (ref.from === 'bound') return ref.datum
  if (ref.from === 'first') {
    const of = ref.of.map(one => datumOf(laying, one))
    return of.includes(undefined) ? undefined : { from: 'either', of: of.flatMap(one => one ?? []) }
  }
  const candidate = laying.places.get(ref.part)
  return candidate === undefined ? undefined : { from: 'candidate', candidate, output: ref.output }
}

/** Where the data of a port comes from, as far as it stands; a source that no step has when a part makes it. */
function standingAt(ref: Ref | undefined): Source | undefined {
  if (ref?.from === 'part') return { from: 'step', step: '', output: ref.output }
  return ref?.from === 'bound' && (ref.datum.from === 'given' || ref.datum.from === 'step') ? ref.datum : undefined
}
