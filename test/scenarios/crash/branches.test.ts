import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFile } from 'node:fs/promises'
import path from 'node:path'
import { type Approval, createMuster } from 'muster'
import { expect, it, onTestFinished } from 'vitest'
import { maria, paul, scratch } from '../../support/world.ts'
import { stage } from './branches-stage.ts'
import { broken } from './kill.ts'

it('keeps approvals of parallel branches through a kill: answered in reverse, one edited, one expired', async () => {
  const folder = scratch()
  const child = spawn(process.execPath, [
    path.join(import.meta.dirname, 'waiting-child.ts'),
    path.join(import.meta.dirname, 'branches-stage.ts'),
    folder,
  ])
  let printed = ''
  for await (const chunk of child.stdout) {
    printed += String(chunk)
    if (printed.includes('\n')) break
  }
  const [id = '', status] = printed.trim().split(' ')
  expect(status).toBe('waiting')
  child.kill('SIGKILL')
  await once(child, 'exit')
  const traced = async () => (await readFile(path.join(folder, 'trace.log'), 'utf8')).trim().split('\n')
  // The branch without a question has gone on meanwhile, the others have not moved.
  expect(await traced()).toEqual(['noted'])

  const { config } = await stage(folder)
  const muster = await createMuster(config)
  onTestFinished(() => muster[Symbol.asyncDispose]())
  const approvals = await muster.approvals.list()
  const about = (name: string): Approval => {
    const found = approvals.find(({ rule }) => rule === `ask-${name}`)
    if (found === undefined) throw new Error(`no approval is asked for ${name}`)
    return found
  }
  expect(approvals).toHaveLength(3)
  await muster.approvals.decide(about('c').id, { choice: 'approve', reason: 'fine', digest: about('c').digest }, maria)
  await muster.approvals.decide(
    about('b').id,
    { choice: 'edit', reason: 'half', digest: about('b').digest, edits: { order: { amount: 99 } } },
    paul,
  )
  const run = await muster.run(id)
  const result = await run.result

  expect(result.status).toBe('denied')
  expect(result.reason).toContain('ReceiptA')
  expect(result.outputs).toEqual({ ReceiptB: { amount: 99 }, ReceiptC: { amount: 303 }, NoteA: { text: 'hello' } })
  expect((await traced()).sort()).toEqual(['noted', 'paid b 99', 'paid c 303'])
  expect((await muster.approvals.get(about('a').id)).outcome.status).toBe('expired')
  expect(broken(await Array.fromAsync(run.events()))).toEqual([])
  expect((await muster.audit()).findings).toEqual([])
})
