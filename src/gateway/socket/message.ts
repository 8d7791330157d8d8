/** What clients say over a WebSocket. Whatever answers a message carries its `id`. */
import { z } from 'zod'
import { decisionSchema } from '../approvals.ts'
import { answerSchema } from '../runs.ts'

const id = z.union([z.string().max(200), z.int()]).optional()
const run = z.string().min(1).max(80)

const topic = z.strictObject({
  id,
  /** A run's events after number `after`. */
  run: run.optional(),
  after: z.int().min(0).optional(),
  /** What waits for people. */
  approvals: z.literal(true).optional(),
})

/** A message of a client. */
export const messageSchema = z.discriminatedUnion('type', [
  topic.extend({ type: z.literal('subscribe') }),
  topic.extend({ type: z.literal('unsubscribe') }),
  z.strictObject({
    type: z.literal('declare'),
    id,
    text: z.string().optional(),
    goal: z.record(z.string(), z.unknown()).optional(),
    idempotencyKey: z
      .string()
      .regex(/^[\x20-\x7e]{1,200}$/)
      .optional(),
  }),
  z.strictObject({ ...decisionSchema.shape, type: z.literal('decide'), id, approval: z.string().min(1).max(80) }),
  z.strictObject({ ...answerSchema.shape, type: z.literal('answer'), id, run }),
])
export type ClientMessage = z.output<typeof messageSchema>
