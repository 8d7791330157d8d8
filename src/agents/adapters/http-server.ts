/** The other side of an agent over HTTP: serves an agent to a Muster that knows its token. */
import { createHash, timingSafeEqual } from 'node:crypto'
import { once } from 'node:events'
import { createServer } from 'node:http'
import { getRequestListener } from '@hono/node-server'
import { type Context, Hono } from 'hono'
import { bodyLimit } from 'hono/body-limit'
import {
  type Clock,
  digestOf,
  errorTable,
  MusterError,
  parse,
  problemOf,
  type Schema,
  systemClock,
  withDeadline,
} from '../../core/index.ts'
import type { Agent, WorkContext } from '../agent.ts'
import { checkInput, checkOutput } from '../work.ts'
import { rememberAnswers } from './answers.ts'
import { bidRequestSchema, largestRequest, performRequestSchema } from './http-protocol.ts'

/** An agent that is being served. Disposing of it ends its work and closes the port. */
interface ServedAgent extends AsyncDisposable {
  /** What an `httpAgent` names as its `url`. */
  readonly url: string
}

/** Where and to whom an agent is served. */
interface ServeSettings {
  /** 0 for any that is free. */
  readonly port: number
  /** What callers must know; at least 16 characters. */
  readonly token: string
  /** Default `127.0.0.1`: this machine only. */
  readonly host?: string
  readonly clock?: Clock
}

// Enough for every work that may be repeated soon.
const rememberedAnswers = 1000

/**
 * Serves `agent` over HTTP. Inputs and outputs are checked here too. A request that is repeated with its idempotency key
 * gets the first answer; work goes on to its deadline when the caller has gone. The agent cannot call other agents or run
 * models from here. Throws `bad-config` for a short token and rejects when the port is taken.
 */
export async function serveAgent(agent: Agent, settings: ServeSettings): Promise<ServedAgent> {
  const { port, token, host = '127.0.0.1', clock = systemClock } = settings
  if (token.length < 16) {
    throw new MusterError('bad-config', `the token of agent \`${agent.id}\` is too short`, {
      hint: 'use at least 16 characters that nobody can guess',
    })
  }
  const closing = new AbortController()
  const app = agentApp(agent, token, clock, closing.signal)
  const listener = getRequestListener(app.fetch)
  const server = createServer((incoming, outgoing) => void listener(incoming, outgoing))
  server.listen(port, host)
  await once(server, 'listening')
  const address = server.address()
  const bound = typeof address === 'object' && address !== null ? address.port : port
  return {
    url: `http://${host.includes(':') ? `[${host}]` : host}:${bound}`,
    async [Symbol.asyncDispose]() {
      closing.abort(new MusterError('closed', `agent \`${agent.id}\` is no longer served`))
      server.close()
      server.closeAllConnections()
      await once(server, 'close')
    },
  }
}

function agentApp(agent: Agent, token: string, clock: Clock, closing: AbortSignal): Hono {
  const answers = rememberAnswers(rememberedAnswers)
  const app = new Hono()
  app.onError(answerError)
  app.use(async (c, next) => {
    if (!sameSecret(c.req.header('authorization') ?? '', `Bearer ${token}`)) {
      throw new MusterError('unauthenticated', 'the token is missing or wrong', {
        hint: 'send `Authorization: Bearer <token>`',
      })
    }
    await next()
  })
  app.use(
    bodyLimit({
      maxSize: largestRequest,
      onError: () => answerError(new MusterError('too-large', `a request may take ${largestRequest} bytes`)),
    }),
  )
  app.post('/bid', async c => {
    const request = await readBody(c, bidRequestSchema)
    const ask = (signal: AbortSignal) => agent.bid(request, signal)
    return c.json(await withDeadline(clock, request.announcement.closesAt, ask, { signal: closing }))
  })
  app.post('/perform', async c => {
    const request = await readBody(c, performRequestSchema)
    const { capability: name, deadline } = request
    const capability = agent.offers.find(offered => offered.name === name)
    if (capability === undefined) throw new MusterError('not-found', `agent \`${agent.id}\` does not offer \`${name}\``)
    const idempotencyKey = c.req.header('idempotency-key')
    if (!idempotencyKey) throw new MusterError('bad-input', 'the `Idempotency-Key` header is missing')
    const input = await checkInput(capability, request.input)
    const work = async (signal: AbortSignal) => {
      const context = remoteContext(agent, { ...request, idempotencyKey, clock, signal })
      const output = await checkOutput(capability, await agent.perform(name, input, context))
      return JSON.stringify({ output })
    }
    const digest = digestOf({ name, input: request.input })
    const answer = await answers.once(idempotencyKey, digest, () =>
      withDeadline(clock, deadline, work, { signal: closing }),
    )
    return c.body(answer, 200, { 'content-type': 'application/json' })
  })
  return app
}

function remoteContext(agent: Agent, known: Omit<WorkContext, 'call' | 'infer'>): WorkContext {
  const refuse = (what: string) => {
    throw new MusterError('bad-config', `agent \`${agent.id}\` is served over HTTP and cannot ${what} from there`, {
      hint: 'let an agent inside Muster do that, and give this one the result as an input',
    })
  }
  return {
    signal: known.signal,
    idempotencyKey: known.idempotencyKey,
    deadline: known.deadline,
    clock: known.clock,
    principal: known.principal,
    missing: known.missing,
    inputs: known.inputs,
    call: async () => refuse('call other agents'),
    infer: async () => refuse('run a model'),
  }
}

async function readBody<T>(c: Context, schema: Schema<T>): Promise<T> {
  const body: unknown = await c.req.json().catch(() => {
    throw new MusterError('bad-input', 'the body is not JSON')
  })
  return parse(schema, body, 'the body')
}

function answerError(thrown: unknown): Response {
  const error = problemOf(thrown, 'agent-failed')
  return Response.json({ error }, { status: errorTable[error.code].status })
}

// Digests have one length, so the comparison takes the same time whatever was sent.
function sameSecret(given: string, expected: string): boolean {
  const digest = (text: string) => createHash('sha256').update(text).digest()
  return timingSafeEqual(digest(given), digest(expected))
}
