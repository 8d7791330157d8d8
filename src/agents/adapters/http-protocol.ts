/**
 * How Muster speaks with an agent in another process, over HTTP:
 *
 *   POST {url}/bid      { announcement, load, record }                                        → an offer
 *   POST {url}/perform  { capability, input, deadline, principal?, inputs?, missing? }        → { output }
 *
 * Both carry `Authorization: Bearer`, the second also `Idempotency-Key`. What fails is answered with a status from 400 up
 * and `{ error: { code, message, hint? } }`.
 */
import { z } from 'zod'
import { type Digest, type RunId, sensitivities } from '../../core/index.ts'

/** The most bytes of an answer. */
export const largestAnswer = 1024 * 1024

/** The most bytes of a request: several inputs may be large. */
export const largestRequest = 4 * 1024 * 1024

const dataRef = z.object({
  digest: z.custom<Digest>(value => typeof value === 'string' && /^sha256:[0-9a-f]{64}$/.test(value), 'not a digest'),
  size: z.number().int().min(0),
  concept: z.string(),
  labels: z.object({
    trusted: z.boolean(),
    origins: z.array(z.string()),
    sensitivity: z.enum(sensitivities),
  }),
})

const inputRefs = z.record(z.string(), z.union([dataRef, z.array(dataRef)]))

/** The body of a request for an offer. */
export const bidRequestSchema = z.object({
  announcement: z.object({
    id: z.string(),
    run: z.custom<RunId>(value => typeof value === 'string' && /^run-[0-9a-z]{26}$/.test(value), 'not a run id'),
    step: z.string(),
    capability: z.string(),
    inputs: inputRefs,
    maxPrice: z.number().int().min(0),
    closesAt: z.number(),
    finishBy: z.number(),
    tradeoff: z.object({ cost: z.number(), latency: z.number(), quality: z.number() }),
  }),
  load: z.number().min(0),
  record: z.object({ succeeded: z.number(), failed: z.number(), lateness: z.number(), spread: z.number() }),
})

/** The body of a request for work. `deadline` is milliseconds since 1970. */
export const performRequestSchema = z.object({
  capability: z.string(),
  input: z.record(z.string(), z.unknown()),
  deadline: z.number(),
  principal: z
    .object({
      id: z.string(),
      kind: z.enum(['person', 'service', 'agent']),
      roles: z.array(z.string()),
      tenant: z.string(),
    })
    .default({ id: 'unknown', kind: 'service', roles: [], tenant: 'unknown' }),
  inputs: inputRefs.default({}),
  missing: z.array(z.object({ concept: z.string(), reason: z.string() })).default([]),
})

/** The body of an answer to a request for work. */
export const performAnswerSchema = z.object({ output: z.unknown() })

/** The body of an answer that tells what failed. */
export const errorAnswerSchema = z.object({ error: z.object({ code: z.string(), message: z.string() }) })
