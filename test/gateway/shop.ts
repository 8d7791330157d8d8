/** A shop behind a real gateway: it advises, and pays; paying much needs finance, and unclear words are asked about. */
import {
  concept,
  createMuster,
  defineAgent,
  defineCapability,
  defineInterpreter,
  type Muster,
  type MusterParts,
  type Person,
  Reading,
} from 'muster'
import { onTestFinished } from 'vitest'
import WebSocket from 'ws'
import { z } from 'zod'
import { type GatewayOptions, startGateway } from '../../src/gateway/index.ts'
import { scratch } from '../support/world.ts'

const Words = concept('Words', z.string())
export const Advice = concept('Advice', z.object({ text: z.string() }))
const Order = concept('Order', z.object({ amount: z.int() }))
const Receipt = concept('Receipt', z.object({ text: z.string(), amount: z.int() }))

const read = defineCapability({
  name: 'words.read',
  takes: { words: Words },
  gives: { reading: Reading },
  effect: 'pure',
})
const readOrder = defineCapability({
  name: 'order.read',
  takes: { words: Words },
  gives: { order: Order },
  effect: 'pure',
})
const pay = defineCapability({
  name: 'pay',
  description: 'sends money',
  takes: { order: Order },
  gives: { receipt: Receipt },
  effect: 'acts',
  idempotent: true,
})
const advise = defineCapability({
  name: 'advise',
  takes: { words: Words },
  gives: { advice: Advice },
  effect: 'pure',
})

const interpreter = defineInterpreter({
  capability: read,
  intents: {
    pay: { wants: [Receipt], says: 'paying somebody' },
    advise: { wants: [Advice], says: 'some advice' },
  },
  always: [],
  covers: 'payments and advice',
})

function candidatesOf(words: string) {
  if (words.includes('pay')) return [{ intent: 'pay', confidence: 0.9 }]
  if (words.includes('advise')) return [{ intent: 'advise', confidence: 0.9 }]
  if (words.includes('weather')) return []
  return [
    { intent: 'pay', confidence: 0.5 },
    { intent: 'advise', confidence: 0.4 },
  ]
}

const policies = [
  {
    file: 'shop.cedar',
    text: `
@id("all") permit (principal, action, resource);
@id("much") @reason("more than 100 needs finance") @escalate("finance") @within("30m")
forbid (principal, action == Muster::Action::"pay", resource)
when { context.phase == "before" && context.input.order.amount > 100 && context.input.order.amount < 1000000 };
@id("never") @reason("nobody pays a million")
forbid (principal, action == Muster::Action::"pay", resource)
when { context.input.order.amount >= 1000000 };`,
  },
]

/** Whoever comes to the shop; `omar` is of another tenant. */
export const tokens = {
  carla: 'carla-0123456789abcdef',
  maria: 'maria-0123456789abcdef',
  paul: 'paul-0123456789abcdef',
  omar: 'omar-0123456789abcdef',
} as const
export type Somebody = keyof typeof tokens

const people: readonly Person[] = [
  { id: 'carla', token: tokens.carla },
  { id: 'maria', roles: ['finance'], token: tokens.maria },
  { id: 'paul', roles: ['finance'], token: tokens.paul },
  { id: 'omar', roles: ['finance'], tenant: 'elsewhere', token: tokens.omar },
]

/** Sends a request as somebody; `body` is sent as JSON unless it is a string. */
export type Ask = (
  method: string,
  path: string,
  known?: { as?: Somebody; body?: unknown; headers?: Record<string, string>; signal?: AbortSignal },
) => Promise<Response>

/** The shop, open until the test has ended. */
export interface Shop {
  readonly muster: Muster
  readonly url: string
  readonly paid: readonly number[]
  readonly ask: Ask
  /** Closes the gateway; the shop itself goes on. */
  readonly close: () => Promise<void>
}

/** Opens the shop. */
export async function openShop(options: Partial<GatewayOptions> = {}, parts: MusterParts = {}): Promise<Shop> {
  const paid: number[] = []
  const agents = [
    defineAgent({
      id: 'clerk',
      offers: [read, readOrder, advise],
      perform: {
        'words.read': ({ words }) => ({
          reading: { parts: [{ text: words.slice(0, 40), candidates: candidatesOf(words) }] },
        }),
        'order.read': ({ words }) => ({ order: { amount: Number(/\d+/.exec(words)?.[0] ?? 1) } }),
        advise: ({ words }) => ({ advice: { text: `Think about “${words}” again.` } }),
      },
    }),
    defineAgent({
      id: 'till',
      offers: [pay],
      perform: {
        pay: ({ order }) => {
          paid.push(order.amount)
          return { receipt: { text: `Paid ${order.amount}.`, amount: order.amount } }
        },
      },
    }),
  ]
  const muster = await createMuster(
    { agents, interpreter, policies, people, data: scratch(), durability: 'normal' },
    parts,
  )
  onTestFinished(() => muster[Symbol.asyncDispose]())
  const gateway = await startGateway(muster, { port: 0, people, ...options })
  onTestFinished(() => gateway[Symbol.asyncDispose]())
  const { url } = gateway
  const ask: Ask = (method, path, { as = 'carla', body, headers, signal } = {}) =>
    fetch(`${url}${path}`, {
      method,
      headers: {
        authorization: `Bearer ${tokens[as]}`,
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...headers,
      },
      ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
      ...(signal === undefined ? {} : { signal }),
    })
  return { muster, url, paid, ask, close: async () => gateway[Symbol.asyncDispose]() }
}

/** The JSON body of a response, as `shape` has it. */
export async function bodyOf<Shape extends z.ZodRawShape>(response: Response, shape: Shape) {
  return z.looseObject(shape).parse(await response.json())
}

/** Declares words as somebody and gives the run's id. */
export async function declare({ ask }: Shop, text: string, as: Somebody = 'carla'): Promise<string> {
  return (await bodyOf(await ask('POST', '/v1/goals', { as, body: { text } }), { run: z.string() })).run
}

/** Declares a payment that finance must approve, and waits until it is asked. */
export async function declareMuch(shop: Shop, amount = 500) {
  const run = await declare(shop, `pay ${amount}`)
  for await (const event of (await shop.muster.run(run)).events())
    if (event.type === 'approval.requested') return { run, approval: event.approval }
  throw new Error('nobody was asked')
}

/** A WebSocket client that keeps what it is sent. */
export interface Client {
  say(message: unknown): void
  /** The next message that fits, of those that were not yet taken. */
  next(fits?: (message: Message) => boolean): Promise<Message>
  readonly closed: Promise<number>
  readonly socket: WebSocket
}
const messageSchema = z.looseObject({ type: z.string() })
export type Message = z.output<typeof messageSchema>

/** Opens a WebSocket as somebody. */
export async function connect({ url }: Pick<Shop, 'url'>, as: Somebody): Promise<Client> {
  const socket = new WebSocket(`${url.replace('http', 'ws')}/v1/socket`, {
    headers: { authorization: `Bearer ${tokens[as]}` },
  })
  onTestFinished(() => socket.terminate())
  const received: Message[] = []
  let news = Promise.withResolvers<void>()
  socket.on('message', (data: Buffer) => {
    received.push(messageSchema.parse(JSON.parse(data.toString('utf8'))))
    news.resolve()
  })
  const closed = Promise.withResolvers<number>()
  socket.on('close', code => closed.resolve(code))
  await new Promise((resolve, reject) => socket.once('open', resolve).once('error', reject))
  return {
    socket,
    closed: closed.promise,
    say: message => socket.send(typeof message === 'string' ? message : JSON.stringify(message)),
    async next(fits = () => true) {
      for (;;) {
        const found = received.findIndex(fits)
        const [message] = found < 0 ? [] : received.splice(found, 1)
        if (message !== undefined) return message
        news = Promise.withResolvers()
        await news.promise
      }
    },
  }
}
