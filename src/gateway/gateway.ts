/** Muster behind HTTP and WebSocket. */
import { createServer } from 'node:http'
import { getRequestListener } from '@hono/node-server'
import pino, { type Logger } from 'pino'
import type { Person } from '../config.ts'
import type { Muster } from '../coordinator.ts'
import { type Clock, MusterError, type Principal, systemClock } from '../core/index.ts'
import { createApp } from './app.ts'
import { createIdentify } from './identify.ts'
import { limitRate, limitStreams, type Rate } from './rate.ts'
import type { Gatehouse } from './route.ts'
import { acceptSockets } from './socket/accept.ts'

/** How a gateway is opened. */
export interface GatewayOptions {
  /** 0 takes any free one. */
  readonly port: number
  /** Default: `127.0.0.1`, this machine only. */
  readonly host?: string
  /** Those who may come in, by their tokens. */
  readonly people: readonly Person[]
  /** Who comes in from this machine without a token. Default: nobody. */
  readonly open?: Principal
  /** Requests and messages of each caller. Default: 50 a second, 100 at once. */
  readonly rate?: Rate
  /** Streams, sockets and chats that wait for their answer that each caller may hold open. Default: 32. */
  readonly streams?: number
  /** Milliseconds between signs of life on quiet streams. Default: 15,000. */
  readonly heartbeat?: number
  readonly clock?: Clock
  readonly log?: Logger
}

// Milliseconds that those who are being answered have to take their answer when the gateway closes.
const grace = 1000

/**
 * An open gateway. Disposing of it takes no more requests, ends streams and sockets, lets answers that are under way go
 * out, and leaves runs as they are.
 */
export interface Gateway extends AsyncDisposable {
  /** Such as `http://127.0.0.1:7420`. */
  readonly url: string
}

/** Opens a gateway. Throws `bad-config` for tokens that cannot be told apart, and when the port cannot be listened on. */
export async function startGateway(muster: Muster, options: GatewayOptions): Promise<Gateway> {
  const { port, host = '127.0.0.1', people, open, streams = 32, heartbeat = 15_000, clock = systemClock } = options
  const log =
    options.log ?? pino({ name: 'muster-gateway', level: process.env['MUSTER_LOG'] ?? 'warn' }, pino.destination(2))
  const closing = new AbortController()
  const identify = createIdentify(people, muster.people, open)
  const gatehouse: Gatehouse = {
    muster,
    clock,
    log,
    takeTurn: limitRate(options.rate ?? { perSecond: 50, burst: 100 }, clock),
    holdStream: limitStreams(streams),
    heartbeat,
    closing: closing.signal,
  }

  const app = createApp(gatehouse, identify)
  const listener = getRequestListener(app.fetch, { overrideGlobalObjects: false })
  const server = createServer({ requestTimeout: 60_000, headersTimeout: 20_000 }, (incoming, outgoing) => {
    void listener(incoming, outgoing)
  })
  const endSockets = acceptSockets(server, gatehouse, identify)
  const listening = Promise.withResolvers<void>()
  server.once('error', listening.reject).listen(port, host, () => listening.resolve())
  await listening.promise.catch(error => {
    throw new MusterError(
      'bad-config',
      `port ${port} of ${host} cannot be listened on: ${error instanceof Error ? error.message : error}`,
      {
        hint: 'choose another port with `--port`',
        cause: error,
      },
    )
  })
  const address = server.address()
  const actual = typeof address === 'object' && address !== null ? address.port : port
  return {
    url: `http://${host.includes(':') ? `[${host}]` : host}:${actual}`,
    async [Symbol.asyncDispose]() {
      closing.abort(new MusterError('closed', 'the gateway is closing'))
      const closed = Promise.withResolvers<void>()
      server.close(() => closed.resolve())
      const stopWaiting = clock.after(grace, () => {
        endSockets()
        server.closeAllConnections()
      })
      await closed.promise
      stopWaiting()
    },
  }
}
