/** Which data a plan would touch, how closely it must be kept, and to whom it may go: known before there is any data. */
import type { Registry } from '../agents/index.ts'
import { type Concept, sensitivities, type Sensitivity } from '../core/index.ts'
import { type Origin, originsOf, type Plan } from '../planner/index.ts'

/** Data of one concept, and where it would be seen. */
export interface TouchedData {
  readonly concept: string
  /** The highest that it can have: data is kept as closely as what it is made from. */
  readonly sensitivity: Sensitivity
  /** The steps that would see it. */
  readonly steps: readonly string[]
  /** The domains of agents that might do these steps, sorted. */
  readonly domains: readonly string[]
  /** Those of the steps that may not see data as sensitive as this: they would be denied. */
  readonly denied: readonly string[]
}

/** A datum that a step would see. */
interface Sight {
  readonly step: string
  readonly concept: string
  readonly level: number
  readonly denied: boolean
}

/** What the steps of `plan`, listed in an order in which they could run, would see. `domainsOf` says whose agents might do one. */
export function touchedBy(
  plan: Plan,
  given: Readonly<Record<string, Concept>>,
  registry: Pick<Registry, 'capability'>,
  domainsOf: (step: string) => readonly string[],
): readonly TouchedData[] {
  const seen = Map.groupBy(sightsOf(plan, given, registry), ({ concept }) => concept)
  return [...seen].map(([concept, sights]) => {
    const steps = [...new Set(sights.map(({ step }) => step))]
    return {
      concept,
      sensitivity: sensitivities[Math.max(...sights.map(({ level }) => level))] ?? 'restricted',
      steps,
      domains: [...new Set(steps.flatMap(domainsOf))].sort(),
      denied: steps.filter(id => sights.some(({ step, denied }) => denied && step === id)),
    }
  })
}

function sightsOf(
  { steps }: Plan,
  given: Readonly<Record<string, Concept>>,
  registry: Pick<Registry, 'capability'>,
): readonly Sight[] {
  const made = new Map<string, { readonly concept: Concept; readonly level: number }>()
  const dataAt = (source: Origin) => {
    if (source.from === 'step') return made.get(`${source.step} ${source.output}`)
    const concept = given[source.name]
    return concept && { concept, level: sensitivities.indexOf(concept.sensitivity) }
  }
  return steps.flatMap(step => {
    const { id, capability } = step
    const { gives = {}, sees = 'restricted' } = registry.capability(capability) ?? {}
    const data = Object.values(step.inputs)
      .flatMap(originsOf)
      .flatMap(origin => dataAt(origin) ?? [])
    // A step sees all its data at once, and what it gives is kept as closely as the closest of them.
    const highest = Math.max(0, ...data.map(({ level }) => level))
    for (const [output, concept] of Object.entries(gives))
      made.set(`${id} ${output}`, { concept, level: Math.max(highest, sensitivities.indexOf(concept.sensitivity)) })
    return data.map(({ concept, level }) => ({
      step: id,
      concept: concept.name,
      level,
      denied: level > sensitivities.indexOf(sees),
    }))
  })
}
