/** The inbox: what waits for people, and their decisions. */
import { z } from 'zod'
import type { Digest } from '../core/index.ts'
import { nextOf, pageQuery } from './page.ts'
import { defineAct, defineRead, nothing, type Route } from './route.ts'

/** A decision as it comes in. It is bound to what was read by `digest`. */
export const decisionSchema = z.strictObject({
  choice: z.enum(['approve', 'reject', 'edit']),
  reason: z.string().min(1).max(2000),
  digest: z
    .string()
    .regex(/^sha256:[0-9a-f]{64}$/)
    .transform(text => text as Digest),
  /** New values of whole inputs, by port. */
  edits: z.record(z.string(), z.json()).optional(),
})

/** A checked decision, without absent edits. */
export function decisionOf({ edits, ...decision }: z.output<typeof decisionSchema>) {
  return { ...decision, ...(edits === undefined ? {} : { edits }) }
}

const listQuery = pageQuery.extend({ status: z.enum(['open', 'closed']).default('open') })

export const approvalRoutes: readonly Route[] = [
  defineRead(
    '/v1/approvals',
    'what waits for people, newest first',
    listQuery,
    async ({ c, muster, principal, input }) => {
      const { status, limit, after } = input
      const page = { status, limit, ...(after === undefined ? {} : { after }) }
      const approvals = await muster.approvals.list(page, principal)
      const ids = approvals.map(({ id }) => id)
      return c.json({ approvals, ...nextOf(ids, limit) })
    },
  ),
  defineRead(
    '/v1/approvals/:id',
    'one approval with exactly what is asked',
    nothing,
    async ({ c, muster, principal }) => c.json(await muster.approvals.get(c.req.param('id') ?? '', principal)),
  ),
  defineAct(
    '/v1/approvals/:id/decision',
    'approve, reject or edit',
    { input: decisionSchema },
    async ({ c, muster, principal, input }) =>
      c.json(await muster.approvals.decide(c.req.param('id') ?? '', decisionOf(input), principal)),
  ),
]
