/** The support desk as its customers and its staff meet it: unmodified OpenAI clients ask, finance decides over a WebSocket. */
import { once } from 'node:events'
import path from 'node:path'
import { createMuster, defineConfig, type Person } from 'muster'
import OpenAI from 'openai'
import { expect, it, onTestFinished } from 'vitest'
import WebSocket from 'ws'
import { z } from 'zod'
import { openBank } from '../../examples/support-desk/bank/bank.ts'
import { supportDesk } from '../../examples/support-desk/desk.ts'
import { startGateway } from '../../src/gateway/index.ts'
import { scratch } from '../support/world.ts'

const tokenOf = (id: string) => `${id}-0123456789abcdef`

const approvalMessage = z.object({
  type: z.literal('approval'),
  approval: z.object({
    id: z.string(),
    digest: z.string(),
    text: z.string(),
    askedBy: z.array(z.string()),
    outcome: z.object({ status: z.string() }),
  }),
})

/** Serves the desk from a bank of its own until the test has ended. */
async function serveDesk() {
  const data = scratch()
  const { people: staff, ...desk } = await supportDesk({ data })
  const customers: readonly Person[] = ['c-1001', 'c-1002', 'c-1004'].map(id => ({ id, roles: ['customer'] }))
  const people = [...staff, ...customers].map(person => ({ ...person, token: tokenOf(person.id) }))
  const { agents, interpreter, policies, domains } = desk
  const muster = await createMuster(
    defineConfig({ agents, interpreter, policies, domains, people, data, durability: 'normal' }),
  )
  const gateway = await startGateway(muster, { port: 0, people })
  onTestFinished(async () => {
    await gateway[Symbol.asyncDispose]()
    await muster[Symbol.asyncDispose]()
    await desk[Symbol.asyncDispose]()
  })
  return { muster, url: gateway.url, bankFile: path.join(data, 'bank.sqlite') }
}

/** Approves everything that finance is asked, as maria, and keeps what she saw. */
async function seatMaria(url: string) {
  const socket = new WebSocket(`${url.replace('http', 'ws')}/v1/socket`, ['muster', `bearer.${tokenOf('maria')}`])
  onTestFinished(() => socket.terminate())
  const asked: z.output<typeof approvalMessage>['approval'][] = []
  socket.on('message', data => {
    const { success, data: message } = approvalMessage.safeParse(
      JSON.parse(Buffer.isBuffer(data) ? data.toString('utf8') : ''),
    )
    if (!success || message.approval.outcome.status !== 'open') return
    const { approval } = message
    asked.push(approval)
    const { id, digest } = approval
    socket.send(
      JSON.stringify({ type: 'decide', approval: id, choice: 'approve', reason: 'looked at the account', digest }),
    )
  })
  await once(socket, 'open')
  socket.send(JSON.stringify({ type: 'subscribe', approvals: true }))
  return asked
}

it('answers three customers at once, and pays each refund once, when finance agrees', async () => {
  const { muster, url, bankFile } = await serveDesk()
  const asked = await seatMaria(url)
  const ask = async (customer: string, content: string) => {
    const client = new OpenAI({ baseURL: `${url}/v1`, apiKey: tokenOf(customer) })
    const stream = await client.chat.completions.create({
      model: 'muster',
      messages: [{ role: 'user', content }],
      stream: true,
    })
    let said = ''
    for await (const chunk of stream) said += chunk.choices[0]?.delta.content ?? ''
    return said
  }
  const [ana, jonas, tomas] = await Promise.all([
    ask('c-1001', 'Where is my refund and why was my payment declined?'),
    ask('c-1002', 'Why was my payment to Seidel Furniture charged twice?'),
    ask('c-1004', 'Why was my payment to Cinema Apollo charged twice?'),
  ])

  expect(ana).toContain('Hello Ana')
  expect(ana).toContain('declined')
  expect(jonas).toMatch(/waiting for finance to approve: a refund above €100\.00 needs the approval of finance/)
  expect(jonas).toMatch(/finance approved[\s\S]*Hello Jonas[\s\S]*We have sent €249\.00 back/)
  expect(tomas).toContain('We have sent €18.50 back')
  expect(tomas).not.toContain('waiting for')
  expect(asked).toMatchObject([{ askedBy: ['c-1002'] }])

  using bank = openBank(bankFile, { now: Date.now() })
  expect(bank.refundsPaid('c-1001')).toEqual({ count: 0, amountCents: 0 })
  expect(bank.refundsPaid('c-1002')).toEqual({ count: 1, amountCents: 24_900 })
  expect(bank.refundsPaid('c-1004')).toEqual({ count: 1, amountCents: 1850 })
  expect((await muster.audit()).findings).toEqual([])
})

it('keeps each customer’s questions from the others, and lets no customer approve', async () => {
  const { muster, url } = await serveDesk()
  const as = (id: string) => ({ authorization: `Bearer ${tokenOf(id)}`, 'content-type': 'application/json' })
  const declared = await fetch(`${url}/v1/goals`, {
    method: 'POST',
    headers: as('c-1002'),
    body: JSON.stringify({ text: 'Why was my payment to Seidel Furniture charged twice?' }),
  })
  const { run } = z.object({ run: z.string() }).parse(await declared.json())
  expect(await (await muster.run(run)).idle()).toBe('waiting')
  const read = async (id: string, path: string) => fetch(`${url}${path}`, { headers: as(id) })
  expect((await read('c-1001', `/v1/runs/${run}`)).status).toBe(404)
  expect((await read('c-1002', `/v1/runs/${run}`)).status).toBe(200)
  expect(await (await read('c-1001', '/v1/runs')).json()).toEqual({ runs: [] })
  expect(await (await read('c-1001', '/v1/approvals')).json()).toEqual({ approvals: [] })

  const [approval] = await muster.approvals.list()
  const decide = async (id: string) =>
    (
      await fetch(`${url}/v1/approvals/${approval?.id}/decision`, {
        method: 'POST',
        headers: as(id),
        body: JSON.stringify({ choice: 'approve', reason: 'please', digest: approval?.digest }),
      })
    ).status
  expect([await decide('c-1001'), await decide('c-1002'), await decide('dora')]).toEqual([403, 403, 403])
  await (await muster.run(run)).cancel('the test is over')
})
