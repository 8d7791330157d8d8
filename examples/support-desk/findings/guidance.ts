/** Answers from the handbook. */
import type { PortValue, Reading } from 'muster'
import type { HandbookFinding } from '../concepts.ts'
import { handbook } from '../handbook.ts'

/** What the handbook says to the parts of a reading, each entry once. */
export function consultHandbook(reading: PortValue<typeof Reading>): PortValue<typeof HandbookFinding> {
  const entries = new Set(
    reading.parts.flatMap(({ candidates: [best] }) => {
      const entry = best && handbook.get(best.intent)
      return entry ? [entry] : []
    }),
  )
  const [first, ...others] = entries
  return {
    topic: 'HandbookFinding',
    summary: first?.text ?? 'Our handbook has nothing on that.',
    facts: others,
  }
}
