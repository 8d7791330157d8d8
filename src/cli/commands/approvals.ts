/** `muster approvals`: the inbox, and answers to what lies in it. */
import { MusterError, type Principal } from '../../core/index.ts'
import { operator } from '../../config.ts'
import type { Approval, Decision } from '../../policy/index.ts'
import { listApprovals } from '../../runtime/index.ts'
import type { Cli } from '../cli.ts'
import { followHere } from '../follow.ts'
import { outcomeOf } from '../outcome.ts'
import { exits, parseJson, type Report } from '../report.ts'
import { openKept, openSession, type Session } from '../session.ts'
import { type Line, line, linesIn, styled } from '../view/text.ts'
import { approvalSaid, countdown, short } from '../view/words.ts'

/** Lists what waits for people, or what is closed. */
export async function showApprovals(cli: Cli, options: { readonly closed: boolean }): Promise<Report> {
  await using store = await openKept(cli)
  const status = options.closed ? 'closed' : 'open'
  const approvals = await listApprovals({ store }, operator, { status, limit: 200 })
  const now = cli.clock.now()
  const lines =
    approvals.length === 0
      ? [line(`no approval is ${status}`)]
      : approvals.flatMap(one => [...approvalLines(one, now), line()])
  return { exit: exits.done, document: { approvals }, lines }
}

/** An answer on the command line. */
export interface DecideOptions {
  readonly as: string
  readonly reason: string
  /** JSON of new inputs, for `edit`. */
  readonly edits?: string
  /** False: only record the answer; whoever works on the run goes on with it. */
  readonly wait: boolean
}

/** Answers the approval `id` exactly as it is shown, and carries its run on. Throws as `decideApproval` does. */
export async function decideHere(
  cli: Cli,
  choice: Decision['choice'],
  id: string,
  options: DecideOptions,
): Promise<Report> {
  const edits = options.edits === undefined ? undefined : editsIn(options.edits)
  await using session = await openSession(cli, { as: options.as, work: options.wait })
  const { muster, as } = session
  // Whoever holds the store may read all of it; only the answer is given in the person's name.
  const reader = { ...operator, tenant: as.tenant }
  const asked = await muster.approvals.get(id, reader)
  cli.print([...approvalLines(asked, cli.clock.now()), line()])
  const { state } = await muster.state(asked.run, reader)
  const decision = { choice, reason: options.reason, digest: asked.digest, ...(edits === undefined ? {} : { edits }) }
  const approval = await muster.approvals.decide(id, decision, as)
  cli.print([line(styled('green', `${as.id}: ${choice}`), `, because ${options.reason}`)])
  if (!options.wait) return { exit: exits.done, document: { approval }, lines: [] }
  return await carryOn(cli, session, approval, state.seq, reader)
}

async function carryOn(
  cli: Cli,
  { muster }: Session,
  { run: id }: Approval,
  after: number,
  as: Principal,
): Promise<Report> {
  const run = await muster.run(id, as)
  return outcomeOf(cli, muster, await followHere(cli, muster, run, { as, after }), as)
}

function editsIn(text: string): Readonly<Record<string, unknown>> {
  const edits = parseJson(text, '`--edits`')
  if (typeof edits === 'object' && edits !== null && !Array.isArray(edits)) return { ...edits }
  throw new MusterError('bad-input', '`--edits` is no JSON object', {
    hint: `name the inputs to change, such as '{"order": {"amount": 100}}'`,
  })
}

function approvalLines(approval: Approval, now: number): readonly Line[] {
  const { id, run, step, capability, input, askedBy, expiresAt, outcome } = approval
  const left = outcome.status === 'open' ? `${countdown(expiresAt - now)} left` : outcome.status
  return [
    line(styled('bold', id), '  ', styled(outcome.status === 'open' ? 'yellow' : 'dim', left)),
    line(`  ${approvalSaid(approval)}`),
    line(
      styled(
        'dim',
        `  ${step ?? 'the plan'} of ${run}, ${short(capability)}, not by ${askedBy.join(', ') || 'nobody'}`,
      ),
    ),
    ...Object.entries(input).flatMap(([port, value]) => portLines(port, value)),
  ]
}

function portLines(port: string, value: unknown): readonly Line[] {
  const [first = [], ...rest] = linesIn(JSON.stringify(value, undefined, 2))
  return [line(styled('dim', `  ${port} `), ...first), ...rest.map(one => line('  ', ...one))]
}
