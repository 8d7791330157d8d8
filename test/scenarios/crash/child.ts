/** A process that declares one goal, or finds it again, approves whatever waits, and prints how it came out: `child.ts STAGE FOLDER WHEN SEQ`. */
import path from 'node:path'
import { pathToFileURL } from 'node:url'
import { createMuster } from 'muster'
import { openSqliteStore } from '../../../src/store/index.ts'
import { killingStore } from './killing-store.ts'
import type { stage as Stage } from './small-stage.ts'

const [stageFile = '', folder = '', when = 'after', seq = '0'] = process.argv.slice(2)
const { stage }: { stage: typeof Stage } = await import(pathToFileURL(stageFile).href)
const staged = await stage(folder)
const { config, declaration, as } = staged
await using store = await openSqliteStore({ file: path.join(folder, 'muster.db'), durability: 'normal' })
await using muster = await createMuster(config, {
  store: killingStore(store, { seq: Number(seq), when: when === 'before' ? 'before' : 'after' }),
})

const run = await muster.declare(declaration, { idempotencyKey: 'once', as })
for (;;) {
  const status = await run.idle()
  if (status !== 'waiting') break
  for (const approval of await muster.approvals.list()) {
    const voters = muster.people.filter(
      ({ id, roles }) =>
        roles.includes(approval.to) && !approval.askedBy.includes(id) && !approval.votes.some(({ by }) => by === id),
    )
    const [by] = voters
    if (by === undefined) throw new Error(`nobody can approve \`${approval.text}\``)
    await muster.approvals.decide(approval.id, { choice: 'approve', reason: 'fine', digest: approval.digest }, by)
  }
}
const { status, reason, outputs } = await run.result
const events = await Array.fromAsync(run.events())
const audit = await muster.audit()
console.log(
  JSON.stringify({ status, reason, outputs, events, findings: audit.findings, effects: await staged.effects() }),
)
