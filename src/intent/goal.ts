/** A goal is a typed contract: what is wanted, from what, within which limits, and how success is known. */
import { z } from 'zod'
import type { FactPattern, Tradeoff } from '../agents/index.ts'
import { type Concept, duration, type MicroUsd, microUsd, MusterError } from '../core/index.ts'

const factSchema = z
  .object({
    fact: z.string().min(1).max(80),
    about: z
      .array(z.string().regex(/^[a-z][A-Za-z0-9]{0,79}$/))
      .min(1)
      .max(16),
  })
  .strict()

/** A goal as it travels: JSON, concepts by name. `given` names each datum by its concept, first letter lower case. */
export const goalSchema = z
  .object({
    objective: z.string().min(1).max(4000),
    given: z.record(z.string().regex(/^[a-z][A-Za-z0-9]{0,79}$/), z.json()),
    wanted: z.array(z.string().regex(/^[A-Z][A-Za-z0-9]{0,79}$/)).max(64),
    /** Names of tasks that must be done, whatever else is wanted. */
    perform: z
      .array(z.string().regex(/^[a-z][a-z0-9-]*(\.[a-z][a-z0-9-]*)*$/))
      .max(16)
      .optional(),
    /** Facts that hold about what is given, such as `{ "fact": "paid", "about": ["order"] }`. */
    facts: z.array(factSchema).max(256).optional(),
    /** Facts about what is given that are to hold at the end. */
    achieve: z.array(factSchema).max(64).optional(),
    limits: z
      .object({
        /** From acceptance to conclusion, such as `60s`. */
        deadline: z
          .string()
          .regex(/^\d+(\.\d+)?(ms|s|m|h|d)$/)
          .default('1h'),
        budget: z
          .object({ usd: z.number().min(0).max(1_000_000) })
          .strict()
          .default({ usd: 1 }),
      })
      .strict()
      .prefault({}),
    tradeoff: z
      .object({ cost: z.number().min(0), latency: z.number().min(0), quality: z.number().min(0) })
      .strict()
      .refine(t => t.cost + t.latency + t.quality > 0, 'at least one share must be above zero')
      .default({ cost: 1, latency: 1, quality: 1 }),
    /** A condition over the delivered values by concept name, in the Common Expression Language. */
    success: z.string().min(1).max(2000).optional(),
  })
  .strict()
  .refine(({ wanted, perform = [], achieve = [] }) => wanted.length + perform.length + achieve.length > 0, {
    path: ['wanted'],
    message: 'at least one concept, one fact or one task must be wanted',
  })

/** What may be changed of a goal while it is pursued, as it travels; a deadline counts from the moment of the change. */
export const goalChangeSchema = z
  .strictObject({
    limits: z
      .strictObject({
        deadline: goalSchema.shape.limits.unwrap().shape.deadline.unwrap(),
        budget: goalSchema.shape.limits.unwrap().shape.budget.unwrap(),
      })
      .partial()
      .default({}),
    given: goalSchema.shape.given.default({}),
    reason: z.string().min(1).max(2000).default('no reason was given'),
  })
  .refine(
    ({ limits, given }) => Object.keys(limits).length + Object.keys(given).length > 0,
    'change `limits.budget`, `limits.deadline` or what is `given`',
  )

/** A goal with every default filled in, concepts by name. */
export type Goal = z.output<typeof goalSchema>

/** Limits in the units that Muster counts in. */
export interface Limits {
  /** Milliseconds from acceptance. */
  readonly deadline: number
  readonly budget: MicroUsd
}

/** The limits of a goal in milliseconds and micro-dollars. */
export function limitsOf(goal: Pick<Goal, 'limits'>): Limits {
  return { deadline: duration(goal.limits.deadline), budget: microUsd(goal.limits.budget.usd) }
}

/** The trade-off as shares that sum to 1. */
export function sharesOf(tradeoff: Tradeoff): Tradeoff {
  const sum = tradeoff.cost + tradeoff.latency + tradeoff.quality
  return { cost: tradeoff.cost / sum, latency: tradeoff.latency / sum, quality: tradeoff.quality / sum }
}

/** A goal declared in code: the delivered values are typed by the concepts that are wanted. */
export interface TypedGoal<Wanted extends readonly Concept[] = readonly Concept[]> {
  readonly goal: Goal
  readonly wanted: Wanted
}

/** Declares a goal in code. Throws `bad-input` naming every field that is wrong. */
export function defineGoal<const Wanted extends readonly Concept[]>(definition: {
  objective: string
  given: Readonly<Record<string, unknown>>
  /** May be empty when there are tasks to perform. */
  wanted: Wanted
  perform?: readonly string[]
  facts?: readonly FactPattern[]
  achieve?: readonly FactPattern[]
  limits?: { deadline?: string; budget?: { usd: number } }
  tradeoff?: Tradeoff
  success?: string
}): TypedGoal<Wanted> {
  return {
    goal: parseGoal({ ...definition, wanted: definition.wanted.map(concept => concept.name) }),
    wanted: definition.wanted,
  }
}

/** Reads a goal that came from outside. Throws `bad-input` naming every field that is wrong. */
export function parseGoal(value: unknown): Goal {
  const result = goalSchema.safeParse(value)
  if (result.success) return result.data
  const issues = result.error.issues.map(issue => `${issue.path.join('.') || 'goal'}: ${issue.message}`)
  throw new MusterError('bad-input', `the goal is not valid: ${issues.join('; ')}`, {
    hint: 'a goal has an objective, what is given and what is wanted, such as { "objective": "…", "given": { "question": "…" }, "wanted": ["Answer"] }',
  })
}

/** The concept that a given datum is named after: `question` is a `Question`. */
export function conceptNameOf(given: string): string {
  return given.charAt(0).toUpperCase() + given.slice(1)
}

/** The name under which a datum of `concept` is given: a `Question` is `question`. */
export function givenNameOf(concept: Pick<Concept, 'name'>): string {
  return concept.name.charAt(0).toLowerCase() + concept.name.slice(1)
}
