/** The report of a followed run: the answer and the table, or what it waits for and how to answer. */
import type { Muster } from '../coordinator.ts'
import type { Principal } from '../core/index.ts'
import type { Approval } from '../policy/index.ts'
import type { Cli } from './cli.ts'
import { flagsOf } from './flags.ts'
import { type Exit, exits, type Report } from './report.ts'
import { closingOf } from './view/closing.ts'
import { openApprovals, type RunView } from './view/model.ts'
import { answerersOf } from './view/prompt.ts'
import { type Line, line, styled } from './view/text.ts'
import { approvalSaid } from './view/words.ts'
import type { Watched } from './watch.ts'

/** What a followed run came to, and which command tells more. */
export async function outcomeOf(
  cli: Pick<Cli, 'options' | 'screen'>,
  muster: Muster,
  { status, view }: Watched,
  as: Principal,
): Promise<Report> {
  const flags = flagsOf(cli)
  if (status === 'left') {
    const lines = [line(`${view.run} is kept and goes on when somebody works on it: muster run ${view.run}${flags}`)]
    return { exit: exits.interrupted, document: { run: view.run, status: 'running' }, lines }
  }
  if (view.conclusion === undefined) return waitingReport(status, view, muster.people, flags)
  const run = await muster.run(view.run, as)
  const result = await run.result
  return {
    exit: exitOf(result.status),
    document: result,
    lines: [
      ...closingOf(view, result, cli.screen?.output.columns),
      line(styled('dim', `why: muster why ${view.run}${flags}`)),
    ],
  }
}

function exitOf(status: string): Exit {
  return status === 'succeeded' ? exits.done : exits.failed
}

function waitingReport(status: Watched['status'], view: RunView, people: readonly Principal[], flags: string): Report {
  const approvals = openApprovals(view)
  return {
    exit: exits.waiting,
    document: { run: view.run, status, question: view.question?.question, approvals },
    lines: [line(), ...waitingLines(view, people, flags)],
  }
}

function waitingLines(view: RunView, people: readonly Principal[], flags: string): readonly Line[] {
  const { run, question, paused } = view
  const approvals = openApprovals(view)
  return [
    line(styled('yellow', `${run} waits`), paused === undefined ? '' : `: ${paused.by} paused it: ${paused.reason}`),
    ...(question === undefined
      ? []
      : [
          line(`${view.principal.id} is asked: ${question.question.text}`),
          ...question.question.choices.map(({ id, says }) => line(`  ${id}  `, styled('dim', says))),
          line(
            styled('dim', `answer: muster run ${run} --answer ${question.question.choices[0]?.id ?? 'CHOICE'}${flags}`),
          ),
        ]),
    ...approvals.flatMap(approval => [
      line(`${approval.step ?? 'the plan'}: ${approvalSaid(approval)}`),
      line(styled('dim', answerHint(approval, people, flags))),
    ]),
  ]
}

function answerHint(approval: Approval, people: readonly Principal[], flags: string): string {
  const [able, ...others] = answerersOf(approval, people).map(({ id }) => id)
  if (able === undefined) return `nobody in the configuration who may answer has the role ${approval.to}`
  const also = others.length === 0 ? '' : `  (or as ${others.join(', ')})`
  return `answer: muster approvals approve ${approval.id} --as ${able} --reason "…"${flags}${also}`
}
