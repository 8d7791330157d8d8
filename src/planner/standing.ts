/** What stands before a plan is made: what is given, what finished steps gave, and steps that are kept. */
import { isDeepStrictEqual } from 'node:util'
import { givesOf } from './loop.ts'
import type { Offer } from './offers.ts'
import type { Source, Step } from './plan.ts'
import type { Finished, Problem } from './problem.ts'

/** The data that stand, what is given first. */
export function standingData(problem: Problem): readonly Offer[] {
  const { given, done = [], kept = [] } = problem
  const ofStep = (step: string, gives: Finished['gives']): readonly Offer[] =>
    Object.entries(gives).map(([output, concept]) => ({ source: { from: 'step', step, output }, concept }))
  return [
    ...Object.entries(given).map(([name, concept]): Offer => ({ source: { from: 'given', name }, concept })),
    ...done.flatMap(({ step, gives }) => ofStep(step.id, gives)),
    ...kept.flatMap(step => ofStep(step.id, givesOf(step, problem))),
  ]
}

/** Whether `step` is one of those that are finished. */
export function isDone({ done = [] }: Problem, id: string): boolean {
  return done.some(({ step }) => step.id === id)
}

/**
 * Whether a use of `capability` is barred. `sourceAt` says where the data of a port comes from; what is undefined could
 * be any datum, and is taken for the barred one.
 */
export function isBarred(
  { without = [] }: Problem,
  capability: string,
  sourceAt: (port: string) => Step['inputs'][string] | undefined,
): boolean {
  return without.some(
    barred =>
      barred.capability === capability &&
      Object.entries(barred.inputs ?? {}).every(([port, input]) => {
        const source = sourceAt(port)
        return source === undefined || isDeepStrictEqual(source, input)
      }),
  )
}

/** Ids that no step had, one after another: `s4`, `s5` … */
export function* freshIds({ done = [], kept = [], used = [] }: Problem): Generator<string, never> {
  const taken = [...used, ...done.map(({ step }) => step.id), ...kept.map(({ id }) => id)]
  const numbers = taken.map(id => Number(/^s([0-9]{1,9})$/.exec(id)?.[1] ?? 0))
  for (let next = numbers.reduce((a, b) => Math.max(a, b), 0) + 1; ; next++) yield `s${next}`
}

/** A name for a datum, which no other datum has. */
export function keyOf(source: Source): string {
  if (source.from === 'first') return source.of.map(keyOf).join(' or ')
  return source.from === 'given' ? source.name : `${source.output} of ${source.step}`
}
