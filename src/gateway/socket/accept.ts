/** Lets WebSockets in at `/v1/socket`: by the same tokens, for the same people, as requests. */
import type { IncomingMessage, Server } from 'node:http'
import type { Duplex } from 'node:stream'
import { WebSocketServer } from 'ws'
import { MusterError } from '../../core/index.ts'
import { bearerToken, type Identify } from '../identify.ts'
import { describeProblem, headersOf } from '../problem.ts'
import { callerOf } from '../rate.ts'
import { largestBody } from '../read.ts'
import type { Gatehouse } from '../route.ts'
import { serveConnection } from './connection.ts'

/** The path of the WebSocket. */
export const socketPath = '/v1/socket'

// Chosen in the answer when offered: browsers give up when they offer protocols and none is chosen.
const protocol = 'muster'

/** Starts accepting sockets on `server`; the returned function drops those that are still open. */
export function acceptSockets(server: Server, gatehouse: Gatehouse, identify: Identify): () => void {
  const { takeTurn, holdStream, log } = gatehouse
  const sockets = new WebSocketServer({
    noServer: true,
    maxPayload: largestBody,
    perMessageDeflate: false,
    handleProtocols: offered => (offered.has(protocol) ? protocol : false),
  })
  server.on('upgrade', (request: IncomingMessage, stream: Duplex, head: Buffer) => {
    stream.on('error', error => log.debug({ err: error }, 'a socket broke'))
    try {
      if (request.url?.split('?', 1)[0] !== socketPath)
        throw new MusterError('not-found', 'there is no socket here', { hint: `open ${socketPath}` })
      const principal = identify(request, tokenOf(request))
      const caller = callerOf(principal)
      takeTurn(caller)
      const release = holdStream(caller)
      stream.once('close', release)
      sockets.handleUpgrade(request, stream, head, socket => serveConnection(socket, gatehouse, principal))
    } catch (error) {
      refuse(stream, error, gatehouse)
    }
  })
  return () => {
    for (const socket of sockets.clients) socket.terminate()
  }
}

// Browsers cannot set headers on a WebSocket, but they can offer protocols.
function tokenOf({ headers }: IncomingMessage): string | undefined {
  const offered = (headers['sec-websocket-protocol'] ?? '').split(',').map(one => one.trim())
  const bearer = offered.find(one => one.startsWith('bearer.'))
  return bearerToken(headers.authorization) ?? bearer?.slice('bearer.'.length)
}

function refuse(stream: Duplex, error: unknown, { log }: Gatehouse): void {
  const problem = describeProblem(error, log)
  const body = JSON.stringify(problem)
  const headers = {
    ...headersOf(problem, 'application/problem+json'),
    'content-length': Buffer.byteLength(body),
    connection: 'close',
  }
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}`)
  stream.end(`HTTP/1.1 ${problem.status} ${problem.title}\r\n${lines.join('\r\n')}\r\n\r\n${body}`)
}
