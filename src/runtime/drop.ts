/** Steps that will not deliver: recorded with their cause, so that what depends on them can go on without. */
import type { Ruling } from '../policy/index.ts'
import type { Write } from '../store/index.ts'
import type { DropCause } from './event.ts'
import type { Flow } from './hall.ts'

/** Records that a step will not deliver. */
export async function drop(
  { journal }: Flow,
  step: string,
  cause: DropCause,
  reason: string,
  writes: readonly Write[] = [],
): Promise<'settled'> {
  await journal.append([{ type: 'step.dropped', step, cause, reason }], writes)
  return 'settled'
}

/** Records that rules do not let a step run, or do not let its outputs out. */
export async function dropForbidden(
  { journal }: Flow,
  step: string,
  agent: string | undefined,
  ruling: Ruling,
  writes: readonly Write[] = [],
): Promise<'settled'> {
  await journal.append(
    [
      { type: 'step.ruled', step, agent, ruling },
      { type: 'step.dropped', step, cause: 'denied', reason: whyForbidden(ruling) },
    ],
    writes,
  )
  return 'settled'
}

/** The words of the rules that stood in the way. */
export function whyForbidden({ reasons }: Ruling): string {
  const forbids = reasons.filter(({ effect }) => effect === 'forbid')
  if (forbids.length === 0) return 'no policy permits it'
  return forbids.map(({ scope, rule, text }) => `${text} (rule \`${rule}\` of \`${scope}\`)`).join('; ')
}
