/** From an HTTP request to a WebSocket: only for those who are known, and only at its one place. */
import { type IncomingMessage, type Server, STATUS_CODES } from 'node:http'
import type { Duplex } from 'node:stream'
import { WebSocketServer } from 'ws'
import { bearerToken, type Identify } from '../identify.ts'
import { describeProblem, headersOf } from '../problem.ts'
import { largestBody } from '../read.ts'
import type { Gatehouse } from '../route.ts'
import { serveSocket } from './socket.ts'

/** Where sockets are opened. */
const place = '/v1/socket'

/** Lets `server` upgrade to WebSockets; the returned function ends them. */
export function acceptSockets(server: Server, gatehouse: Gatehouse, identify: Identify): () => void {
  const sockets = new WebSocketServer({
    noServer: true,
    maxPayload: largestBody,
    // The token that a browser sends as a protocol must not be sent back.
    handleProtocols: offered => (offered.has('muster') ? 'muster' : false),
  })
  server.on('upgrade', (request: IncomingMessage, stream: Duplex, head: Buffer) => {
    stream.on('error', () => stream.destroy())
    try {
      if (new URL(request.url ?? '/', 'http://host').pathname !== place) return refuse(stream, 404, {})
      const principal = identify(request, bearerToken(request.headers.authorization) ?? protocolToken(request))
      gatehouse.takeTurn(`${principal.tenant}/${principal.id}`)
      sockets.handleUpgrade(request, stream, head, socket => serveSocket(gatehouse, socket, principal))
    } catch (error) {
      const problem = describeProblem(error, gatehouse.log)
      refuse(stream, problem.status, headersOf(problem, 'application/problem+json'), JSON.stringify(problem))
    }
  })
  return () => {
    for (const socket of sockets.clients) socket.terminate()
    sockets.close()
  }
}

// A page cannot set headers for a socket; it offers `bearer.<token>` beside the protocol `muster`.
function protocolToken({ headers }: IncomingMessage): string | undefined {
  const offered = (headers['sec-websocket-protocol'] ?? '').split(',').map(one => one.trim())
  return offered.find(one => one.startsWith('bearer.'))?.slice('bearer.'.length)
}

function refuse(stream: Duplex, status: number, headers: Readonly<Record<string, string>>, body = ''): void {
  const lines = Object.entries({ ...headers, connection: 'close', 'content-length': String(Buffer.byteLength(body)) })
  stream.end(
    [`HTTP/1.1 ${status} ${STATUS_CODES[status]}`, ...lines.map(([name, value]) => `${name}: ${value}`), '', body].join(
      '\r\n',
    ),
  )
}
