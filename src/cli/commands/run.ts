/** `muster run`: one goal from its declaration to its end, or a run that was declared before. */
import { MusterError } from '../../core/index.ts'
import type { Run } from '../../coordinator.ts'
import type { Cli } from '../cli.ts'
import { followHere } from '../follow.ts'
import { outcomeOf } from '../outcome.ts'
import type { Report } from '../report.ts'
import { openSession, type Session } from '../session.ts'
import { declarationIn } from './goal.ts'

/** Options of `muster run`. */
export interface RunOptions {
  /** Who declares the goal. */
  readonly as?: string
  /** The choice that answers the question which the run asks. */
  readonly answer?: string
}

/** Declares a goal, or goes on with the run whose id is given, and follows it. */
export async function runGoal(cli: Cli, asked: string, options: RunOptions): Promise<Report> {
  const isRun = /^run-[0-9a-z]{26}$/.test(asked)
  if (options.answer !== undefined && !isRun) {
    throw new MusterError('bad-input', '`--answer` goes with a run that asks', { hint: 'name the run by its id' })
  }
  const declaration = isRun ? undefined : await declarationIn(asked, cli.cwd)
  await using session = await openSession(cli, { as: options.as, work: true })
  const { muster, as } = session
  const run = declaration === undefined ? await muster.run(asked, as) : await muster.declare(declaration, { as })
  if (options.answer !== undefined) await answerQuestion(session, run, options.answer)
  const watched = await followHere(cli, muster, run, { as })
  return await outcomeOf(cli, muster, watched, as)
}

async function answerQuestion({ muster, as }: Session, run: Run, choice: string): Promise<void> {
  const { state } = await muster.state(run.id, as)
  if (state.question === undefined) {
    throw new MusterError('conflict', `run \`${run.id}\` asks nothing`, { hint: `see \`muster why ${run.id}\`` })
  }
  await run.answer(state.question.question.id, choice)
}
