/**
 * A plan as somebody writes it who may be wrong: every key is there and nothing is but text and lists, so that a language
 * model can be held to the form. What it says is taken for what it means only here, and is verified afterwards.
 */
import { z } from 'zod'
import { concept } from '../../core/index.ts'
import { catalogueOf } from '../catalogue.ts'
import { inOrder } from '../order.ts'
import { type Draft, type Origin, originsOf, renameSource, renameStep, type Source, type Step } from '../plan.ts'
import type { Problem } from '../problem.ts'

// Longer drafts are not read: checking takes time for every source of every step.
const mostSteps = 64
const mostSources = 1000

const sourceText = z
  .string()
  .describe(
    '`given.` and the name of something given, or the id of a step, a dot and the name of one of its outputs; alternatives, the best first, are separated by ` | `',
  )
const conditionSchema = z.object({
  condition: z.string().describe('in the Common Expression Language, over the names that are bound in `over`'),
  over: z.array(z.object({ name: z.string(), from: sourceText })),
})
const loopSchema = z.object({
  port: z.string().describe('the input that takes one item of the list after the other'),
  most: z.number().describe('the most items, 1 to 1000: a longer list is refused'),
  gives: z.array(
    z.object({ output: z.string(), list: z.string().describe('the concept of the list of what the items gave') }),
  ),
})

const stepSchema = z.object({
  id: z.string().describe('unlike that of every other step, such as `s1`'),
  capability: z.string().describe('its id as it is listed, such as `order.find@1`'),
  inputs: z.array(
    z.object({
      port: z.string(),
      from: z.array(sourceText).describe('one source, or any number when the input takes a list'),
    }),
  ),
  after: z.array(z.string()).describe('ids of steps that must have ended before, for a fact and not for data'),
  when: conditionSchema.nullable().describe('the step is skipped unless this holds; null: it always runs'),
  unless: z.array(z.string()).describe('ids of steps that it stands in for: it runs only when none of them delivers'),
  each: loopSchema.nullable().describe('it runs once for every item of a list; null: it runs once'),
})

/** The form of a draft. */
export const planDraftSchema = z
  .object({
    steps: z.array(stepSchema),
    wanted: z.array(z.object({ concept: z.string(), from: sourceText })),
  })
  .refine(({ steps }) => steps.length <= mostSteps, `a draft has at most ${mostSteps} steps`)
  .refine(draft => sourcesIn(draft) <= mostSources, `a draft names at most ${mostSources} sources`)

function sourcesIn({
  steps,
  wanted,
}: {
  readonly steps: readonly z.output<typeof stepSchema>[]
  readonly wanted: readonly unknown[]
}): number {
  const named = steps.map(
    ({ inputs, after, when, unless, each }) =>
      inputs.reduce((sum, { from }) => sum + 1 + from.length, 0) +
      after.length +
      unless.length +
      (when?.over.length ?? 0) +
      (each?.gives.length ?? 0),
  )
  return named.reduce((sum, more) => sum + more, wanted.length)
}

/** The concept that a drafter gives. */
export const PlanDraft = concept('PlanDraft', planDraftSchema, {
  description: 'a proposal which capabilities to use, on which data, and what delivers each wanted concept',
})
export type PlanDraft = z.output<typeof planDraftSchema>

/**
 * What `written` says as steps. They are named anew, `s1`, `s2` … in an order in which they can run as far as there is one:
 * ids of steps stand in the journal, and no writer may choose one that means something there. Of steps with one id the
 * first is meant; a source that is none stays one that there is not.
 */
export function readDraft(written: PlanDraft, problem: Problem): Draft {
  const places = new Map<string, string>()
  for (const [at, { id }] of written.steps.entries()) if (!places.has(id)) places.set(id, String(at))
  const place = (id: string) => places.get(id) ?? `${id}?`
  const steps = written.steps.map((step, at) => readStep(step, String(at), place, problem))
  const ordered = [...new Set([...inOrder(steps), ...steps])]
  const names = new Map(ordered.map(({ id }, at) => [id, `s${at + 1}`]))
  const name = (id: string) => names.get(id) ?? id
  const wanted = written.wanted.map(({ concept: want, from }) => [want, renameSource(readSource(from, place), name)])
  return { steps: ordered.map(step => renameStep(step, name)), wanted: Object.fromEntries(wanted) }
}

type WrittenStep = PlanDraft['steps'][number]
type Place = (id: string) => string

function readStep(written: WrittenStep, id: string, place: Place, problem: Problem): Step {
  const { capability, inputs, after, when, unless, each } = written
  const ports = catalogueOf(problem.capabilities).entry(capability)?.capability.takes
  const sources = new Map<string, Source[]>()
  for (const { port, from } of inputs)
    sources.set(port, [...(sources.get(port) ?? []), ...from.map(text => readSource(text, place))])
  const bound = [...sources].flatMap(([port, list]): readonly [string, Source | readonly Source[]][] => {
    const collects = ports && Object.hasOwn(ports, port) && ports[port]?.kind === 'all'
    const [only, ...more] = list
    if (collects || more.length > 0) return [[port, list]]
    return only ? [[port, only]] : []
  })
  return {
    id,
    capability,
    inputs: Object.fromEntries(bound),
    after: [...new Set(after.map(place))],
    ...(when && { when: { condition: when.condition, over: readOver(when.over, place) } }),
    ...(unless.length > 0 && { unless: [...new Set(unless.map(place))] }),
    ...(each && {
      each: { ...each, gives: Object.fromEntries(each.gives.map(({ output, list }) => [output, list])) },
    }),
  }
}

function readOver(over: NonNullable<WrittenStep['when']>['over'], place: Place): Readonly<Record<string, Source>> {
  return Object.fromEntries(over.map(({ name, from }) => [name, readSource(from, place)]))
}

function readSource(text: string, place: Place): Source {
  const [only = readOrigin(text, place), ...more] = text.split('|').map(part => readOrigin(part.trim(), place))
  return more.length === 0 ? only : { from: 'first', of: [only, ...more] }
}

function readOrigin(text: string, place: Place): Origin {
  const dot = text.indexOf('.')
  const [before, name] = dot < 0 ? ['given', text] : [text.slice(0, dot), text.slice(dot + 1)]
  return before === 'given' ? { from: 'given', name } : { from: 'step', step: place(before), output: name }
}

/** Steps as they would be written. */
export function writeDraft({ steps, wanted }: Draft): PlanDraft {
  return {
    steps: steps.map(({ id, capability, inputs, after, when, unless = [], each }) => ({
      id,
      capability,
      inputs: Object.entries(inputs).map(([port, input]) => ({
        port,
        from: ('from' in input ? [input] : [...input]).map(writeSource),
      })),
      after: [...after],
      when: when
        ? {
            condition: when.condition,
            over: Object.entries(when.over).map(([name, source]) => ({ name, from: writeSource(source) })),
          }
        : null,
      unless: [...unless],
      each: each ? { ...each, gives: Object.entries(each.gives).map(([output, list]) => ({ output, list })) } : null,
    })),
    wanted: Object.entries(wanted).map(([name, source]) => ({ concept: name, from: writeSource(source) })),
  }
}

function writeSource(source: Source): string {
  return originsOf(source)
    .map(origin => (origin.from === 'given' ? `given.${origin.name}` : `${origin.step}.${origin.output}`))
    .join(' | ')
}
