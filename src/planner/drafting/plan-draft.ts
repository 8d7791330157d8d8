/**
 * A plan as somebody writes it who may be wrong: every key is there and nothing is but text and lists, so that a language
 * model can be held to the form. What it says is taken for what it means only here, and is verified afterwards.
 */
import { z } from 'zod'
import { concept } from '../../core/index.ts'
import { catalogueOf } from '../catalogue.ts'
import { inOrder } from '../order.ts'
import type { Draft, Source, Step } from '../plan.ts'
import type { Problem } from '../problem.ts'

// Steps of a draft; longer ones are not read.
const mostSteps = 64

const sourceText = z
  .string()
  .describe('`given.` and the name of something given, or the id of a step, a dot and the name of one of its outputs')

/** The form of a draft. */
export const planDraftSchema = z.object({
  steps: z
    .array(
      z.object({
        id: z.string().describe('unlike that of every other step, such as `s1`'),
        capability: z.string().describe('its id as it is listed, such as `order.find@1`'),
        inputs: z.array(
          z.object({
            port: z.string(),
            from: z.array(sourceText).describe('one source, or any number when the input takes a list'),
          }),
        ),
        after: z.array(z.string()).describe('ids of steps that must have ended before, for a fact and not for data'),
      }),
    )
    .refine(steps => steps.length <= mostSteps, `a draft has at most ${mostSteps} steps`),
  wanted: z.array(z.object({ concept: z.string(), from: sourceText })),
})

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
  const steps = written.steps.map(({ capability, inputs, after }, at): Step => {
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
    return { id: String(at), capability, inputs: Object.fromEntries(bound), after: [...new Set(after.map(place))] }
  })
  const wanted = written.wanted.map(({ concept: name, from }) => [name, readSource(from, place)] as const)
  return rename({ steps, wanted: Object.fromEntries(wanted) })
}

function readSource(text: string, place: (id: string) => string): Source {
  const dot = text.indexOf('.')
  const [before, name] = dot < 0 ? ['given', text] : [text.slice(0, dot), text.slice(dot + 1)]
  return before === 'given' ? { from: 'given', name } : { from: 'step', step: place(before), output: name }
}

function rename({ steps, wanted }: Draft): Draft {
  const ordered = [...new Set([...inOrder(steps), ...steps])]
  const names = new Map(ordered.map(({ id }, at) => [id, `s${at + 1}`]))
  const name = (id: string) => names.get(id) ?? id
  const renamed = (source: Source): Source =>
    source.from === 'given' ? source : { ...source, step: name(source.step) }
  const inputs = ({ inputs: before }: Step) =>
    Object.fromEntries(
      Object.entries(before).map(([port, input]) => [port, 'from' in input ? renamed(input) : input.map(renamed)]),
    )
  return {
    steps: ordered.map(step => ({ ...step, id: name(step.id), inputs: inputs(step), after: step.after.map(name) })),
    wanted: Object.fromEntries(Object.entries(wanted).map(([want, source]) => [want, renamed(source)])),
  }
}

/** Steps as they would be written. */
export function writeDraft({ steps, wanted }: Draft): PlanDraft {
  return {
    steps: steps.map(({ id, capability, inputs, after }) => ({
      id,
      capability,
      inputs: Object.entries(inputs).map(([port, input]) => ({
        port,
        from: ('from' in input ? [input] : [...input]).map(writeSource),
      })),
      after: [...after],
    })),
    wanted: Object.entries(wanted).map(([name, source]) => ({ concept: name, from: writeSource(source) })),
  }
}

function writeSource(source: Source): string {
  return source.from === 'given' ? `given.${source.name}` : `${source.step}.${source.output}`
}
