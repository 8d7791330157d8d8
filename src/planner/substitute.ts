/** Others in the place of steps that may not run. */
import { type Concept, isKindOf } from '../core/index.ts'
import { type Bench, bind, entryOf, stand } from './bench.ts'
import { catalogueOf, type Entry } from './catalogue.ts'
import type { Source, Step } from './plan.ts'
import { isBarred, keyOf } from './standing.ts'

/** Puts another step in the place of the first one that may not run and whose place another can take. */
export function substituteAny(bench: Bench): boolean {
  for (const step of bench.waiting.values()) {
    if (entryOf(bench, step)) continue
    const uses = usesOf(bench, step)
    const [first] = uses
    if (!first) continue
    const catalogue = catalogueOf(bench.problem.capabilities)
    const known = catalogue.entry(step.capability)
    const found = catalogue
      .giversOf(catalogue.key('concept', first.taken.name))
      .filter(entry => entry !== known && (known !== undefined || speaksAlike(bench, step, entry, uses)))
      .flatMap(entry => {
        const outputs = uses.map(use => outputFor(entry, use))
        const bound = outputs.includes(undefined) ? undefined : bind(bench, step, entry, 'rebound')
        return bound ? [{ entry, bound, outputs, cost: costOf(bench, step, bound) }] : []
      })
      .toSorted(
        (a, b) => a.cost.changes - b.cost.changes || a.cost.price - b.cost.price || a.entry.rank - b.entry.rank,
      )[0]
    if (!found) continue
    // Who only had a wrong name keeps its id; what takes the place of another is a new step.
    const id = known || bench.problem.used?.includes(step.id) ? bench.ids.next().value : step.id
    bench.waiting.delete(step.id)
    stand(bench, { ...found.bound, id })
    uses.forEach(({ output }, at) => {
      const instead: Source = { from: 'step', step: id, output: found.outputs[at] ?? output }
      bench.instead.set(keyOf({ from: 'step', step: step.id, output }), instead)
    })
    return true
  }
  return false
}

interface Use {
  readonly output: string
  readonly taken: Concept
}

/** What others, or the goal, would take of `step`. */
function usesOf(bench: Bench, step: Step): readonly Use[] {
  const outputs = (input: Step['inputs'][string] | undefined) =>
    [input ?? []].flat().flatMap(source => (source.from === 'step' && source.step === step.id ? [source.output] : []))
  const byOthers = [...bench.waiting.values()].flatMap(other => {
    const takes = entryOf(bench, other)?.capability.takes ?? {}
    return Object.entries(takes).flatMap(([port, taken]) =>
      outputs(other.inputs[port]).map(output => ({ output, taken: taken.kind === 'all' ? taken.concept : taken })),
    )
  })
  const byGoal = bench.problem.wanted.flatMap(taken =>
    outputs(bench.wanted[taken.name]).map(output => ({ output, taken })),
  )
  return [...byOthers, ...byGoal]
}

/** The output of `entry` that will do for `use`: that of the same name, or the first of its kind. */
function outputFor({ capability: { gives } }: Entry, { output, taken }: Use): string | undefined {
  const fits = (name: string) => Object.hasOwn(gives, name) && gives[name] !== undefined && isKindOf(gives[name], taken)
  return fits(output) ? output : Object.keys(gives).find(fits)
}

/** Whether the step of an unknown capability may have meant `entry`: it names its inputs and outputs. */
function speaksAlike({ problem }: Bench, { inputs }: Step, { id, capability }: Entry, uses: readonly Use[]): boolean {
  return (
    Object.keys(inputs).every(port => Object.hasOwn(capability.takes, port)) &&
    Object.entries(capability.takes).every(([port, taken]) => taken.kind === 'all' || Object.hasOwn(inputs, port)) &&
    uses.every(({ output }) => Object.hasOwn(capability.gives, output)) &&
    !isBarred(problem, id, port => inputs[port] ?? [])
  )
}

function costOf({ problem }: Bench, drafted: Step, bound: Step): { changes: number; price: number } {
  const { price, time } = problem.estimate(bound.capability)
  const same = (port: string) => JSON.stringify(drafted.inputs[port]) === JSON.stringify(bound.inputs[port])
  return { changes: Object.keys(bound.inputs).filter(port => !same(port)).length, price: price + time }
}
