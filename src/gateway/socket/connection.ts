/**
 * One open WebSocket.
 *
 * 1. Every message is checked before anything is done; a bad one is answered and changes nothing.
 * 2. A subscription sends its next event only when the one before has gone out: a slow client slows only itself.
 * 3. A client that does not answer pings, or lets answers pile up, is dropped; so is one that never reads.
 * 4. When the socket closes, everything it listened to ends. Runs go on.
 */
import { WebSocket } from 'ws'
import { MusterError, parse, type Principal } from '../../core/index.ts'
import { describeProblem } from '../problem.ts'
import { callerOf } from '../rate.ts'
import { readJson } from '../read.ts'
import type { Gatehouse } from '../route.ts'
import { messageSchema } from './message.ts'
import { type Subscriptions, talk } from './talk.ts'

/** Bytes that may wait to be read by the client. */
const mostWaiting = 4 * 1024 * 1024

const mostSubscriptions = 100

/** Serves an accepted socket until it closes. */
export function serveConnection(socket: WebSocket, gatehouse: Gatehouse, principal: Principal): void {
  const { clock, log, takeTurn, heartbeat, closing } = gatehouse
  const closed = new AbortController()
  const send = (message: object) => sendTo(socket, JSON.stringify(message))
  const subscriptions = listen(send, AbortSignal.any([closed.signal, closing]), error =>
    send({ type: 'error', problem: describeProblem(error, log) }),
  )

  const answer = async (text: string) => {
    let id: unknown
    try {
      takeTurn(callerOf(principal))
      const value = readJson(text, 'the message')
      id = idOf(value)
      const message = await parse(messageSchema, value, 'the message')
      const { answer, begin } = await talk(gatehouse, principal, subscriptions, message)
      await send({ id, ...answer })
      begin?.()
    } catch (error) {
      await send({ type: 'error', id, problem: describeProblem(error, log) })
    }
  }

  let alive = true
  const beat = () => {
    if (!alive) return socket.terminate()
    alive = false
    socket.ping()
    stopBeating = clock.after(heartbeat, beat)
  }
  let stopBeating = clock.after(heartbeat, beat)
  const close = () => socket.close(1001, 'the server is shutting down')
  closing.addEventListener('abort', close, { once: true })

  socket.on('pong', () => {
    alive = true
  })
  socket.on('message', (data, isBinary) => {
    const text = isBinary || !Buffer.isBuffer(data) ? '' : data.toString('utf8')
    void answer(text)
  })
  socket.on('error', error => log.debug({ err: error }, 'a socket broke'))
  socket.on('close', () => {
    closing.removeEventListener('abort', close)
    stopBeating()
    closed.abort()
  })
}

/** Sends when it can; resolves when it is out or the socket is gone. Drops a client that has let too much pile up. */
function sendTo(socket: WebSocket, text: string): Promise<void> {
  if (socket.bufferedAmount > mostWaiting) socket.terminate()
  if (socket.readyState !== WebSocket.OPEN) return Promise.resolve()
  return new Promise(resolve => socket.send(text, () => resolve()))
}

function listen(
  send: (message: object) => Promise<void>,
  ended: AbortSignal,
  failed: (error: unknown) => Promise<void>,
): Subscriptions {
  const open = new Map<string, AbortController>()
  return {
    open(name, source) {
      if (open.has(name))
        throw new MusterError('conflict', `\`${name}\` is subscribed to`, { hint: 'unsubscribe first' })
      if (open.size >= mostSubscriptions)
        throw new MusterError('too-many-requests', `${open.size} subscriptions are open`, { hint: 'unsubscribe some' })
      const stop = new AbortController()
      open.set(name, stop)
      const pump = async () => {
        const signal = AbortSignal.any([stop.signal, ended])
        for await (const message of source(signal)) {
          if (signal.aborted) break
          await send(message)
        }
      }
      const end = () => {
        if (open.get(name) === stop) open.delete(name)
      }
      return () => void pump().catch(failed).finally(end)
    },
    close(name) {
      open.get(name)?.abort()
      open.delete(name)
    },
  }
}

function idOf(message: unknown): unknown {
  return typeof message === 'object' && message !== null && 'id' in message ? message.id : undefined
}
