/** What is said over a WebSocket, both ways. */
import { z } from 'zod'
import { decisionSchema } from '../approvals.ts'
import { answerSchema } from '../runs.ts'

const id = z.union([z.string().max(200), z.number()]).optional()
const run = z.string().min(1).max(200)

/** A message of a client. Its `id` comes back with the reply. */
export const messageSchema = z.discriminatedUnion('type', [
  z.strictObject({
    type: z.literal('declare'),
    id,
    text: z.string().optional(),
    goal: z.record(z.string(), z.unknown()).optional(),
    idempotencyKey: z.string().min(1).max(200).optional(),
  }),
  z.strictObject({ type: z.literal('subscribe'), id, run, after: z.int().min(0).default(0) }),
  z.strictObject({ type: z.literal('subscribe-approvals'), id }),
  decisionSchema.extend({ type: z.literal('decide'), id, approval: z.string().min(1).max(200) }),
  answerSchema.extend({ type: z.literal('answer'), id, run }),
])

/** A checked message of a client. */
export type Message = z.output<typeof messageSchema>
