/** What was read out of a text: its parts, and for each what it may ask for. */
import { z } from 'zod'
import { concept } from '../core/index.ts'

const readingSchema = z.object({
  parts: z
    .array(
      z.object({
        /** The words of the part, as they were written. */
        text: z.string(),
        candidates: z
          .array(
            z.object({
              /** The name of an intent; empty when it is none that the reader knows. */
              intent: z.string(),
              /** 0 to 1; candidates of one part compete for 1. */
              confidence: z.number().min(0).max(1),
            }),
          )
          .max(5),
      }),
    )
    .max(32),
})

/** The concept that a reader gives: parts of a text with candidate intents, best first. No candidates: outside. */
export const Reading = concept('Reading', readingSchema, {
  description: 'the parts of a text and what each may ask for, best guess first',
})
export type Reading = z.output<typeof readingSchema>
