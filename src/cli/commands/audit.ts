/** `muster audit verify`: whether a store is still as it was written. Needs the store and nothing else. */
import { existsSync } from 'node:fs'
import { storeFile } from '../../coordinator.ts'
import { MusterError, problemOf, runId } from '../../core/index.ts'
import { type AuditReport, auditStore, type Finding } from '../../policy/index.ts'
import { findRun } from '../../runtime/index.ts'
import { operator } from '../../config.ts'
import { openSqliteStore, type Store } from '../../store/index.ts'
import type { Cli } from '../cli.ts'
import { exits, type Report } from '../report.ts'
import { type Line, line, styled } from '../view/text.ts'

/** Checks the whole store, or one run in it; findings make it exit 1. Throws `not-found` when there is no store or run. */
export async function verifyStore(cli: Cli, run: string | undefined): Promise<Report> {
  const only = run === undefined ? undefined : runId(run)
  const { data } = cli.options
  const file = storeFile({ root: cli.cwd, ...(data === undefined ? {} : { data }) })
  if (!existsSync(file)) {
    throw new MusterError('not-found', `there is no store \`${file}\``, { hint: 'name its folder with `--data`' })
  }
  const store = await openSqliteStore({ file }).catch(error => withFinding(problemOf(error).message))
  if ('findings' in store) return reportOf(file, store)
  await using opened = store
  try {
    if (only !== undefined) await mustHave(opened, only)
    return reportOf(file, await auditStore(opened, only))
  } catch (error) {
    if (!(error instanceof MusterError) || error.code !== 'store-failed') throw error
    const damage = (await opened.damage()).map(what => ({ what }))
    return reportOf(file, withFinding(`it cannot be read to its end: ${error.message}`, damage))
  }
}

// What cannot be read is the worst finding, not a failure of the audit.
function withFinding(what: string, found: readonly Finding[] = []): AuditReport {
  return { runs: 0, events: 0, blobs: 0, findings: [...found, { what }] }
}

async function mustHave(store: Store, run: ReturnType<typeof runId>): Promise<void> {
  if ((await store.journal.head(run)) === undefined) await findRun({ store }, run, operator)
}

function reportOf(file: string, { runs, events, blobs, findings }: AuditReport): Report {
  const looked = line(styled('dim', `looked at ${runs} runs, ${events} events, ${blobs} data in ${file}`))
  const verdict =
    findings.length === 0
      ? line(styled('green', 'everything is as it was written'))
      : line(
          styled('red', `${findings.length} ${findings.length === 1 ? 'finding' : 'findings'}`),
          ': restore the store from a copy',
        )
  return {
    exit: findings.length === 0 ? exits.done : exits.failed,
    document: { file, runs, events, blobs, findings },
    lines: [...findings.map(findingLine), looked, verdict],
  }
}

function findingLine({ run, seq, what }: Finding): Line {
  const where = [run, seq === undefined ? undefined : `event ${seq}`].filter(part => part !== undefined).join(' ')
  return line(styled('red', 'damaged  '), where === '' ? '' : `${where}: `, what)
}
