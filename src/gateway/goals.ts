/** Declaring goals: as text, or as a goal that says everything. */
import { z } from 'zod'
import type { Muster } from '../coordinator.ts'
import { MusterError, parse, type Principal } from '../core/index.ts'
import { goalSchema } from '../intent/index.ts'
import type { Declaration } from '../runtime/index.ts'
import { defineAct, type Route } from './route.ts'
import { linksOf, statusOf } from './run-view.ts'

const textSchema = z.strictObject({ text: z.string() })
const anyObject = z.record(z.string(), z.unknown())
const shown = z.union([textSchema, goalSchema])

/** What a body declares. A goal is checked where it is accepted, so that everything wrong with it is named. */
export async function declarationOf(body: Readonly<Record<string, unknown>>): Promise<Declaration> {
  return 'text' in body ? parse(textSchema, body, 'the body') : { goal: body }
}

/** The idempotency key of a request, checked. Throws `bad-input`. */
export function keyOf(header: string | undefined): { readonly idempotencyKey?: string } {
  if (header === undefined) return {}
  if (/^[\x20-\x7e]{1,200}$/.test(header)) return { idempotencyKey: header }
  throw new MusterError('bad-input', 'the `Idempotency-Key` is malformed', {
    hint: 'use 1 to 200 printable ASCII characters',
  })
}

/** Declares, and says where the run stands and can be read. */
export async function declareRun(
  muster: Muster,
  declaration: Declaration,
  options: { readonly as: Principal; readonly idempotencyKey?: string },
) {
  const { id } = await muster.declare(declaration, options)
  const { summary, state } = await muster.state(id, options.as)
  return { run: id, status: statusOf(summary, state), links: linksOf(id) }
}

export const goalRoutes: readonly Route[] = [
  defineAct(
    '/v1/goals',
    'declare a goal, as text or as a typed goal',
    { input: anyObject, shown, status: 202 },
    async ({ c, muster, principal, input }) => {
      const key = keyOf(c.req.header('idempotency-key'))
      const declared = await declareRun(muster, await declarationOf(input), { as: principal, ...key })
      return c.json(declared, 202, { location: declared.links.self })
    },
  ),
  defineAct(
    '/v1/plans',
    'a dry run: steps, who, where, cost, time, risk; `?explain=true`: why; nothing is done',
    { input: anyObject, shown },
    async ({ c, muster, principal, input }) => {
      const explain = c.req.query('explain') === 'true'
      return c.json(await muster.plan(await declarationOf(input), { as: principal, explain }))
    },
  ),
]
