/**
 * What somebody who drafts a plan is told: names and contracts, and no data. What is given is named and not shown.
 */
import { z } from 'zod'
import { type Capability, capabilityId, type FactPattern } from '../../agents/index.ts'
import { type Concept, concept, type Port } from '../../core/index.ts'
import type { Draft } from '../plan.ts'
import type { PlanIssue, Problem } from '../problem.ts'
import { planDraftSchema, writeDraft } from './plan-draft.ts'
import { withoutSecrets } from './secrets.ts'

const portSchema = z.object({
  name: z.string(),
  concept: z.string(),
  /** Whether it takes a list. */
  list: z.boolean(),
})
const factSchema = z.object({ fact: z.string(), about: z.array(z.string()) })

const requestSchema = z.object({
  /** What is to be achieved, in the words of whoever wants it. */
  objective: z.string(),
  given: z.array(z.object({ name: z.string(), concept: z.string() })),
  wanted: z.array(z.string()),
  /** Facts that hold about what is given. */
  facts: z.array(factSchema),
  limits: z.object({ usd: z.number(), time: z.string() }),
  concepts: z.array(
    z.object({
      name: z.string(),
      kindOf: z.string().nullable(),
      /** What the items of a list are. */
      listOf: z.string().nullable(),
      description: z.string().nullable(),
    }),
  ),
  capabilities: z.array(
    z.object({
      id: z.string(),
      description: z.string(),
      effect: z.string(),
      takes: z.array(portSchema),
      gives: z.array(portSchema),
      requires: z.array(factSchema),
      brings: z.array(factSchema),
      removes: z.array(factSchema),
      /** A condition over its inputs: when it is false, there is nothing to do. */
      when: z.string().nullable(),
      /** Dollars. */
      usd: z.number(),
      /** Milliseconds. */
      ms: z.number(),
    }),
  ),
  /** The draft before this one, and what is wrong with it. */
  previous: z
    .object({
      draft: planDraftSchema,
      issues: z.array(z.object({ kind: z.string(), step: z.string().nullable(), reason: z.string() })),
    })
    .nullable(),
})

/** The concept that a drafter takes. */
export const DraftRequest = concept('DraftRequest', requestSchema, {
  description: 'what a plan is wanted for, from what, and which capabilities it may use',
})
export type DraftRequest = z.output<typeof requestSchema>

/** The request for a draft: `part` is what it may be made of, `time` the time for the whole goal, such as `60s`. */
export function requestDraft(
  problem: Problem,
  asked: {
    readonly objective: string
    readonly time: string
    readonly part: readonly Capability[]
    readonly previous: { readonly draft: Draft; readonly issues: readonly PlanIssue[] } | undefined
  },
): DraftRequest {
  const { part, previous } = asked
  const given = Object.entries(problem.given)
  return {
    objective: withoutSecrets(asked.objective),
    given: given.map(([name, { name: of }]) => ({ name, concept: of })),
    wanted: problem.wanted.map(({ name }) => name),
    facts: (problem.facts ?? []).map(copyFact),
    limits: { usd: (problem.budget ?? 0) / 1e6, time: asked.time },
    concepts: conceptsOf([...given.map(([, of]) => of), ...problem.wanted, ...part.flatMap(spokenOf)]),
    capabilities: part.map(capability => describe(capability, problem)),
    previous:
      previous === undefined
        ? null
        : {
            draft: writeDraft(previous.draft),
            issues: previous.issues.map(({ kind, step = null, reason }) => ({ kind, step, reason })),
          },
  }
}

function describe(capability: Capability, { estimate }: Problem): DraftRequest['capabilities'][number] {
  const { description, effect, takes, gives, requires, brings, removes, when = null } = capability
  const id = capabilityId(capability)
  const { price, time } = estimate(id)
  return {
    id,
    description,
    effect,
    takes: portsOf(takes),
    gives: portsOf(gives),
    requires: requires.map(copyFact),
    brings: brings.map(copyFact),
    removes: removes.map(copyFact),
    when,
    usd: price / 1e6,
    ms: time,
  }
}

function portsOf(ports: Readonly<Record<string, Port>>): DraftRequest['capabilities'][number]['takes'] {
  return Object.entries(ports).map(([name, port]) => ({
    name,
    concept: port.kind === 'all' ? port.concept.name : port.name,
    list: port.kind === 'all',
  }))
}

function copyFact({ fact, about }: FactPattern): DraftRequest['facts'][number] {
  return { fact, about: [...about] }
}

function spokenOf({ takes, gives }: Capability): readonly Concept[] {
  return [...Object.values(takes), ...Object.values(gives)].map(port => (port.kind === 'all' ? port.concept : port))
}

/** Each concept once, with what it is a kind of or a list of, in the order of names. */
function conceptsOf(spoken: readonly Concept[]): DraftRequest['concepts'] {
  const known = new Map<string, Concept>()
  const queue = [...spoken]
  for (let at = queue.pop(); at; at = queue.pop()) {
    if (known.has(at.name)) continue
    known.set(at.name, at)
    queue.push(...[at.isA ?? [], at.listOf ?? []].flat())
  }
  return [...known.keys()].sort().map(name => {
    const at = known.get(name)
    return {
      name,
      kindOf: at?.isA?.name ?? null,
      listOf: at?.listOf?.name ?? null,
      description: at?.description ?? null,
    }
  })
}
