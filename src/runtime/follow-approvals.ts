/** Watching what waits for people: the open approvals that somebody may see, and each change of one, whichever process makes it. */
import type { Principal } from '../core/index.ts'
import type { Approval } from '../policy/index.ts'
import { approvalSpace } from './ask.ts'
import { listApprovals } from './decide.ts'
import type { Hall } from './hall.ts'
import { approvalsSubject } from './journal.ts'
import { listen } from './news.ts'

const pageSize = 200

/** The open approvals that `by` may see, then each one that opens, is voted on or closes, as it stands then; ends with `signal`. Throws `closed` when this Muster is closed first. */
export async function* followApprovals(hall: Hall, by: Principal, signal: AbortSignal): AsyncGenerator<Approval> {
  using news = listen(hall, approvalsSubject, signal)
  let known = new Map<string, number>()
  while (!signal.aborted) {
    const more = news.next()
    const open = new Map<string, number>()
    for await (const approval of openApprovals(hall, by)) {
      open.set(approval.id, approval.votes.length)
      if (known.get(approval.id) !== approval.votes.length) yield approval
    }
    for (const id of known.keys()) {
      const record = open.has(id) ? undefined : await hall.store.records.get(approvalSpace, id)
      if (record === undefined) continue
      const closed: Approval = JSON.parse(record.value)
      yield closed
    }
    known = open
    await more
  }
}

async function* openApprovals(hall: Hall, by: Principal): AsyncGenerator<Approval> {
  for (let after: string | undefined; ; ) {
    const page = await listApprovals(hall, by, {
      status: 'open',
      limit: pageSize,
      ...(after === undefined ? {} : { after }),
    })
    yield* page
    const last = page.at(-1)
    if (last === undefined || page.length < pageSize) return
    after = last.id
  }
}
