/** `muster runs` and `muster why`: what happened, and why, from the store alone. */
import { MusterError, runId } from '../../core/index.ts'
import { operator } from '../../config.ts'
import {
  explainRun,
  findRun,
  listRuns,
  openEvent,
  readEvents,
  type RunStatus,
  type RunSummary,
  runWords,
  stepWords,
} from '../../runtime/index.ts'
import type { Cli } from '../cli.ts'
import { exits, type Report } from '../report.ts'
import { openKept } from '../session.ts'
import { type Line, line, quoted, type Style, styled, table } from '../view/text.ts'
import { span } from '../view/words.ts'

/** Lists the newest runs, up to `limit`. */
export async function showRuns(cli: Cli, options: { readonly limit: number }): Promise<Report> {
  await using store = await openKept(cli)
  const runs = await listRuns({ store }, operator, options)
  const now = cli.clock.now()
  const lines = runs.length === 0 ? [line('no runs')] : table(runs.map(run => rowOf(run, now)))
  return { exit: exits.done, document: { runs }, lines }
}

const styles: Readonly<Record<RunStatus, Style>> = {
  running: 'cyan',
  asking: 'yellow',
  waiting: 'yellow',
  paused: 'yellow',
  succeeded: 'green',
  denied: 'red',
  failed: 'red',
  cancelled: 'dim',
  outside: 'dim',
}

function rowOf({ run, status, declaredAt, principal, objective }: RunSummary, now: number): readonly Line[] {
  return [
    line(run),
    line(styled(styles[status], status)),
    line(styled('dim', `${span(now - declaredAt)} ago`)),
    line(principal),
    line(objective.slice(0, 80)),
  ]
}

/** Explains a run, or one step of it. Throws `not-found`. */
export async function explain(cli: Cli, run: string, step: string | undefined): Promise<Report> {
  const id = runId(run)
  await using store = await openKept(cli)
  await findRun({ store }, id, operator)
  const explanation = explainRun(id, await Array.fromAsync(readEvents(store, id), openEvent))
  if (explanation === undefined) throw new MusterError('audit-failed', `run \`${id}\` has no events`)
  if (step === undefined) return { exit: exits.done, document: explanation, lines: linesOf(runWords(explanation)) }
  const explained = explanation.steps.find(one => one.step === step)
  if (explained === undefined) {
    throw new MusterError('not-found', `run \`${id}\` has no step \`${step}\``, {
      hint: `it has ${explanation.steps.map(one => `\`${one.step}\``).join(', ') || 'no steps yet'}`,
    })
  }
  return { exit: exits.done, document: explained, lines: linesOf(stepWords(explained)) }
}

function linesOf(words: readonly string[]): readonly Line[] {
  return words.map(text => line(...quoted(text)))
}
