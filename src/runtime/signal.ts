/** Messages that people and other processes leave for a run. Whoever runs it takes them out, together with the events that say so. */
import { z } from 'zod'
import type { Approval } from '../policy/index.ts'
import { type DataRef, MusterError, type RunId } from '../core/index.ts'
import type { Write } from '../store/index.ts'

const signalSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('answer'), question: z.string(), choice: z.string(), by: z.string() }),
  z.object({
    kind: z.literal('vote'),
    approval: z.custom<Approval>(value => typeof value === 'object' && value !== null),
  }),
  z.object({ kind: z.literal('cancel'), by: z.string(), reason: z.string() }),
  z.object({ kind: z.literal('pause'), by: z.string(), reason: z.string() }),
  z.object({ kind: z.literal('resume'), by: z.string() }),
  z.object({
    kind: z.literal('change'),
    by: z.string(),
    reason: z.string(),
    budget: z.number().optional(),
    deadline: z.number().optional(),
    given: z
      .record(
        z.string(),
        z.custom<DataRef>(value => typeof value === 'object' && value !== null),
      )
      .optional(),
  }),
])

/** A message to a run. */
export type RunSignal = z.output<typeof signalSchema>

/** The bus subject on which a run is told that a message waits. */
export function signalSubject(run: RunId): string {
  return `run.${run}.signal`
}

/** The write that leaves `signal` for a run. */
export function signalWrite(run: RunId, id: string, signal: RunSignal): Write {
  return { kind: 'signal', run, id, body: JSON.stringify(signal) }
}

/** Reads a message. Throws `internal` when it is none: only this file writes them. */
export function openSignal(body: string): RunSignal {
  const result = signalSchema.safeParse(JSON.parse(body))
  if (result.success) return result.data
  throw new MusterError('internal', 'a waiting signal is malformed', { cause: result.error })
}
