/**
 * One WebSocket of one principal.
 *
 * 1. Every message is answered once, by `done` or `problem`, with the `id` that it came with.
 * 2. Messages are taken one after another; subscriptions push beside them.
 * 3. A client that does not read, or does not answer pings, is dropped: it must not fill this process's memory.
 */
import type { WebSocket } from 'ws'
import { type MusterError, parse, type Principal } from '../../core/index.ts'
import type { Declaration } from '../../runtime/index.ts'
import { decisionOf } from '../approvals.ts'
import { declareRun } from '../goals.ts'
import { describeProblem } from '../problem.ts'
import { largestBody, readJson } from '../read.ts'
import type { Gatehouse } from '../route.ts'
import { type Message, messageSchema } from './messages.ts'

/** Bytes that may wait for a client to read them. */
const mostUnread = 4 * largestBody

/** Serves an open socket until either side closes it. */
export function serveSocket(gatehouse: Gatehouse, socket: WebSocket, principal: Principal): void {
  const { clock, closing, heartbeat, holdStream, log, muster, takeTurn } = gatehouse
  const caller = `${principal.tenant}/${principal.id}`
  const gone = new AbortController()
  const signal = AbortSignal.any([gone.signal, closing])
  let alive = true
  let turn = Promise.resolve()

  const send = (message: object) => {
    if (socket.bufferedAmount > mostUnread) return socket.terminate()
    if (socket.readyState === socket.OPEN) socket.send(JSON.stringify(message))
  }
  const push = async (source: AsyncIterable<object>, release: () => void) => {
    try {
      for await (const message of source) send(message)
    } catch (error) {
      if (!signal.aborted) send({ type: 'problem', problem: describeProblem(error, log) })
    } finally {
      release()
    }
  }
  const act = async (message: Message): Promise<unknown> => {
    switch (message.type) {
      case 'declare': {
        const { idempotencyKey } = message
        return declareRun(muster, declarationOf(message), {
          as: principal,
          ...(idempotencyKey === undefined ? {} : { idempotencyKey }),
        })
      }
      case 'subscribe': {
        const run = await muster.run(message.run, principal)
        void push(eventsOf(run.events({ after: message.after, signal }), run.id), holdStream(caller))
        return { run: run.id }
      }
      case 'subscribe-approvals':
        void push(approvalsOf(muster.approvals.follow(principal, signal)), holdStream(caller))
        return {}
      case 'decide': {
        const { type: _, id: __, approval, ...decision } = message
        return muster.approvals.decide(approval, decisionOf(decision), principal)
      }
      case 'answer': {
        const run = await muster.run(message.run, principal)
        await run.answer(message.question, message.choice)
        return { run: run.id }
      }
    }
  }
  const take = async (text: string) => {
    let id: unknown
    try {
      takeTurn(caller)
      const value = readJson(text, 'the message')
      id = typeof value === 'object' && value !== null && 'id' in value ? value.id : undefined
      const result = await act(await parse(messageSchema, value, 'the message'))
      send({ type: 'done', id, result })
    } catch (error) {
      send({ type: 'problem', id, problem: describeProblem(error, log) })
    }
  }

  const beat = () => {
    if (!alive) return socket.terminate()
    alive = false
    socket.ping()
    stopBeat = clock.after(heartbeat, beat)
  }
  let stopBeat = clock.after(heartbeat, beat)
  const close = () => socket.close(1001, 'the server is shutting down')
  closing.addEventListener('abort', close, { once: true })
  socket.on('pong', () => {
    alive = true
  })
  socket.on('message', (data: Buffer, binary) => {
    if (binary) return socket.close(1003, 'send text')
    turn = turn.then(() => take(data.toString('utf8')))
  })
  socket.on('error', (error: Error | MusterError) => log.debug({ err: error }, 'a socket broke'))
  socket.on('close', () => {
    stopBeat()
    closing.removeEventListener('abort', close)
    gone.abort()
  })
}

// Both or neither is told by the border of the runtime, like anything else that is wrong with a goal.
function declarationOf({ text, goal }: Extract<Message, { type: 'declare' }>): Declaration {
  return text === undefined ? { goal: goal ?? {} } : { text }
}

async function* eventsOf(events: AsyncIterable<object>, run: string): AsyncGenerator<object> {
  for await (const event of events) yield { type: 'event', run, event }
}

async function* approvalsOf(approvals: AsyncIterable<object>): AsyncGenerator<object> {
  for await (const approval of approvals) yield { type: 'approval', approval }
}
