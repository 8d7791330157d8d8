/** A person changes the limits of a run, or gives more, while it is pursued. */
import type { z } from 'zod'
import { duration, formatUsd, microUsd, MusterError, type Principal, type RunId } from '../core/index.ts'
import { givenIssues, goalChangeSchema } from '../intent/index.ts'
import { findRun, sendSignal } from './decide.ts'
import type { Hall } from './hall.ts'
import { sealGiven } from './intake.ts'
import { readRun } from './journal.ts'

/** What is to be changed: `{ limits: { budget: { usd: 5 } }, reason: 'it is worth that much' }`. A deadline counts from now. */
export type Change = z.input<typeof goalChangeSchema>

/**
 * Changes a run of `by`'s own; operators may change any. Throws `not-found`, `bad-input`, and `conflict` when it has ended,
 * when its text is not understood yet, when more is spent and promised than the new budget, or when a datum is given already.
 */
export async function changeRun(hall: Hall, run: RunId, by: Principal, change: Change): Promise<void> {
  await findRun(hall, run, by)
  const parsed = goalChangeSchema.safeParse(change)
  if (!parsed.success) {
    const issues = parsed.error.issues.map(issue => `${issue.path.join('.') || 'change'}: ${issue.message}`)
    throw new MusterError('bad-input', `the change is not valid: ${issues.join('; ')}`, {
      hint: 'such as { "limits": { "budget": { "usd": 5 } }, "reason": "…" }',
    })
  }
  const { limits, given, reason } = parsed.data
  const issues = await givenIssues(given, hall.registry)
  if (issues.length > 0)
    throw new MusterError('bad-input', `the change is not valid: ${issues.join('; ')}`, {
      hint: 'correct what is named',
    })
  const budget = limits.budget && microUsd(limits.budget.usd)
  await refuseConflict(hall, run, budget, Object.keys(given))
  const { refs, blobs } = sealGiven(given, by, new Set())
  await sendSignal(
    hall,
    run,
    by,
    {
      kind: 'change',
      by: by.id,
      reason,
      ...(budget === undefined ? {} : { budget }),
      ...(limits.deadline === undefined ? {} : { deadline: hall.clock.now() + duration(limits.deadline) }),
      ...(Object.keys(refs).length === 0 ? {} : { given: refs }),
    },
    blobs,
  )
}

async function refuseConflict(
  { store }: Hall,
  run: RunId,
  budget: number | undefined,
  given: readonly string[],
): Promise<void> {
  const state = (await readRun(store, run))?.fold.state
  if (state === undefined || state.concluded !== undefined) return
  if (state.goal === undefined) {
    throw new MusterError('conflict', `run \`${run}\` is not understood yet`, { hint: 'answer its question first' })
  }
  const twice = given.find(name => Object.hasOwn(state.given, name))
  if (twice !== undefined) {
    throw new MusterError('conflict', `\`${twice}\` was given already, and work may rest on it`, {
      hint: 'cancel the run and declare a new goal',
    })
  }
  const bound = state.spent + state.reserved
  if (budget !== undefined && budget < bound) {
    throw new MusterError('conflict', `${formatUsd(bound)} are spent or promised already`, {
      hint: 'choose a higher budget, or cancel the run',
    })
  }
}
