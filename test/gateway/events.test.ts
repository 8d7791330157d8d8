import { expect, it } from 'vitest'
import { z } from 'zod'
import { createManualClock } from '../support/manual-clock.ts'
import { declare, declareMuch, openShop, type Shop } from './shop.ts'

const eventSchema = z.looseObject({ seq: z.number(), type: z.string() })

/** Reads blocks of a stream, and comes back from the last id that it saw. */
async function* blocksOf(response: Response): AsyncGenerator<string> {
  let rest = ''
  for await (const part of response.body?.pipeThrough(new TextDecoderStream()) ?? []) {
    const blocks = `${rest}${part}`.split('\n\n')
    rest = blocks.pop() ?? ''
    yield* blocks
  }
  expect(rest).toBe('')
}

function eventOf(block: string) {
  const fields = new Map(
    block.split('\n').map(line => [line.slice(0, line.indexOf(':')), line.slice(line.indexOf(':') + 2)]),
  )
  const event = eventSchema.parse(JSON.parse(fields.get('data') ?? ''))
  expect(fields.get('id')).toBe(String(event.seq))
  return event
}

async function read(shop: Shop, run: string, after: number, most: number) {
  const gone = new AbortController()
  const response = await shop.ask('GET', `/v1/runs/${run}/events`, {
    headers: { 'last-event-id': String(after) },
    signal: gone.signal,
  })
  const events = []
  for await (const block of blocksOf(response)) {
    events.push(eventOf(block))
    if (events.length === most) break
  }
  gone.abort()
  return events
}

it('gives every event exactly once to a reader that loses the connection again and again', async () => {
  const shop = await openShop()
  const run = await declare(shop, 'pay 50')
  const { status } = await (await shop.muster.run(run)).result
  expect(status).toBe('succeeded')
  const events = []
  for (let last = 0; events.at(-1)?.type !== 'run.concluded'; last = events.at(-1)?.seq ?? 0)
    events.push(...(await read(shop, run, last, 3)))
  const whole = await Array.fromAsync((await shop.muster.run(run)).events())
  expect(events).toEqual(JSON.parse(JSON.stringify(whole)))
})

it('follows a run that goes on, and ends when it has ended', async () => {
  const shop = await openShop()
  const { run, approval } = await declareMuch(shop)
  const response = await shop.ask('GET', `/v1/runs/${run}/events?after=1`)
  expect(response.headers.get('content-type')).toContain('text/event-stream')
  const types: string[] = []
  for await (const block of blocksOf(response)) {
    const { type } = eventOf(block)
    types.push(type)
    if (type !== 'approval.requested') continue
    const decision = { choice: 'approve', reason: 'fine', digest: approval.digest }
    const decided = await shop.ask('POST', `/v1/approvals/${approval.id}/decision`, { as: 'maria', body: decision })
    expect(decided.status).toBe(200)
  }
  expect(types).not.toContain('goal.declared')
  expect(types.at(-1)).toBe('run.concluded')
})

it('tells a reader that has seen the end not to come back', async () => {
  const shop = await openShop()
  const run = await declare(shop, 'advise me')
  await (await shop.muster.run(run)).result
  const { state } = await shop.muster.state(run)
  const response = await shop.ask('GET', `/v1/runs/${run}/events`, { headers: { 'last-event-id': String(state.seq) } })
  expect(response.status).toBe(204)
})

it.each(['x', '-1', '1.5', '1e400'])('refuses `%s` as the number of an event', async last => {
  const shop = await openShop()
  const run = await declare(shop, 'advise me')
  const header = await shop.ask('GET', `/v1/runs/${run}/events`, { headers: { 'last-event-id': last } })
  const query = await shop.ask('GET', `/v1/runs/${run}/events?after=${last}`)
  expect([header.status, query.status]).toEqual([400, 400])
})

it('shows a sign of life on a quiet stream', async () => {
  const clock = createManualClock()
  const shop = await openShop({ clock, heartbeat: 1000 })
  const { run } = await declareMuch(shop)
  await (await shop.muster.run(run)).idle()
  const { state } = await shop.muster.state(run)
  const response = await shop.ask('GET', `/v1/runs/${run}/events?after=${state.seq}`)
  const blocks = blocksOf(response)
  const first = blocks.next()
  await clock.advance(1000)
  expect(await first).toEqual({ done: false, value: ': still here' })
})

it('holds only so many streams for one person, and takes back those that are left', async () => {
  const shop = await openShop({ streams: 2 })
  const { run } = await declareMuch(shop)
  const readers = [new AbortController(), new AbortController(), new AbortController()]
  const open = ({ signal }: AbortController) => shop.ask('GET', `/v1/runs/${run}/events`, { signal })
  const [first, second, third] = readers
  if (!first || !second || !third) throw new Error('three are needed')
  const opened = [await open(first), await open(second), await open(third)]
  expect(opened.map(({ status }) => status)).toEqual([200, 200, 429])
  first.abort()
  const status = async () => (await open(third)).status
  await expect.poll(status).toBe(200)
})

it('ends streams when the server closes, and the run goes on', async () => {
  const shop = await openShop()
  const { run } = await declareMuch(shop)
  const response = await shop.ask('GET', `/v1/runs/${run}/events`)
  const reading = Array.fromAsync(blocksOf(response))
  await shop.close()
  expect((await reading).length).toBeGreaterThan(0)
  expect((await shop.muster.state(run)).state.concluded).toBeUndefined()
})
