/** Offers at the border: whoever made one, it is read by this schema before it counts. */
import { z } from 'zod'

/** What may stand in an offer; keys that nobody knows are left out. */
export const offerSchema = z.union([
  z.object({ decline: z.string().max(2000) }),
  z.object({
    price: z.object({ usd: z.number().min(0).max(1_000_000) }).exactOptional(),
    time: z
      .string()
      .max(40)
      .regex(/^\d+(\.\d+)?(ms|s|m|h|d)$/, 'write a number and a unit, such as 250ms'),
    confidence: z.number().min(0).max(1),
  }),
])

/** What is wrong with something that should be an offer, in one line. */
export function offerIssues(error: z.ZodError): string {
  const issues = error.issues.flatMap(issue => (issue.code === 'invalid_union' ? (issue.errors.at(-1) ?? []) : [issue]))
  return issues.map(issue => [...issue.path, issue.message].map(String).join(': ')).join('; ')
}
