/**
 * Server-sent events.
 *
 * 1. The source is read only as fast as the caller reads: nothing piles up here.
 * 2. A quiet stream shows a sign of life each heartbeat; a caller that takes nothing for several of them is dropped.
 * 3. However it ends (the source, the caller, the gateway), the source is told and the caller's place is free again.
 */
import { sleep } from '../core/index.ts'
import type { Asked } from './route.ts'

/** One event; `id` is what a caller comes back with. */
export interface Frame {
  readonly id?: number
  readonly data: string
}

/**
 * Answers with the events of `source`, until it ends, the caller goes or the gateway closes; then it calls `release`, which
 * gives back the caller's place.
 */
export function streamEvents<Input>(
  { c, clock, log, heartbeat, closing }: Asked<Input>,
  release: () => void,
  source: (signal: AbortSignal) => AsyncIterable<Frame>,
): Response {
  const gone = new AbortController()
  const signal = AbortSignal.any([gone.signal, closing, c.req.raw.signal])
  const frames = source(signal)[Symbol.asyncIterator]()
  const end = () => {
    gone.abort()
    release()
    // A source that stands between two events learns only by this that nobody listens any more.
    frames.return?.().catch((error: unknown) => log.debug({ err: error }, 'a stream could not be ended'))
  }
  signal.addEventListener('abort', release, { once: true })
  c.env.outgoing.setTimeout(4 * heartbeat)

  let coming: Promise<IteratorResult<Frame, unknown>> | undefined
  const nextText = async (): Promise<string | undefined> => {
    coming ??= frames.next()
    const quiet = new AbortController()
    const pause = sleep(clock, heartbeat, quiet.signal).catch(() => {})
    const first = await Promise.race([coming, pause])
    quiet.abort()
    if (first === undefined) return ': still here\n\n'
    coming = undefined
    return first.done === true ? undefined : frameText(first.value)
  }
  const encoder = new TextEncoder()
  const body = new ReadableStream<Uint8Array>({
    async pull(controller) {
      try {
        const text = await nextText()
        if (gone.signal.aborted) return
        if (text !== undefined) return controller.enqueue(encoder.encode(text))
        end()
        controller.close()
      } catch (error) {
        end()
        log.error({ err: error }, 'a stream broke')
        controller.error(error)
      }
    },
    cancel: end,
  })
  return new Response(body, {
    headers: {
      'content-type': 'text/event-stream; charset=utf-8',
      'cache-control': 'no-store',
      'x-accel-buffering': 'no',
      // Nothing comes after a stream: a connection kept for more would hold up a gateway that closes.
      connection: 'close',
    },
  })
}

function frameText({ id, data }: Frame): string {
  return `${id === undefined ? '' : `id: ${id}\n`}data: ${data}\n\n`
}
