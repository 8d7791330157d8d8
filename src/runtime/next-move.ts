/** What to do after a failed attempt: decided by what the work does to the world and by the code of what went wrong. */
import type { Capability } from '../agents/index.ts'
import { errorTable, type Problem } from '../core/index.ts'
import type { Move } from './event.ts'

/** Attempts after which a step is given up, whatever went wrong. */
const mostAttempts = 5

// After these it is certain that the agent did not do, or had not begun to do, the work.
const untouched = new Set<Problem['code']>(['bad-input', 'over-capacity', 'no-placement', 'forbidden', 'too-large'])

/** Whether it is certain, after this problem, that the agent did not begin. */
export function leftUntouched({ code }: Problem): boolean {
  return untouched.has(code)
}

/**
 * The next move. Work that changes the world and may already have done so is repeated only by the same agent under the
 * same key, and only when the capability honours keys; otherwise a person is asked.
 */
export function nextMove(failure: {
  readonly capability: Pick<Capability, 'name' | 'effect' | 'idempotent'>
  readonly problem: Problem
  readonly attempts: number
  /** Whether other agents offer this that have not failed at it. */
  readonly others: boolean
}): Move {
  const { capability, problem, attempts, others } = failure
  if (problem.code === 'cancelled') return { kind: 'give-up', reason: problem.message }
  const changesWorld = capability.effect === 'writes' || capability.effect === 'acts'
  if (changesWorld && !leftUntouched(problem)) {
    if (!capability.idempotent)
      return { kind: 'ask', reason: `\`${capability.name}\` may or may not have happened: ${problem.message}` }
    if (attempts >= mostAttempts) return { kind: 'give-up', reason: `it failed ${attempts} times: ${problem.message}` }
    return { kind: 'retry', same: true, reason: 'the same agent repeats it under the same key' }
  }
  if (attempts >= mostAttempts) return { kind: 'give-up', reason: `it failed ${attempts} times: ${problem.message}` }
  const { retry } = errorTable[problem.code]
  if (retry === 'now' || retry === 'later') return { kind: 'retry', same: false, reason: problem.message }
  if (others) return { kind: 'elsewhere', reason: 'another agent offers it' }
  return { kind: 'give-up', reason: problem.message }
}
