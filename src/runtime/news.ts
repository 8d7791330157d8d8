/** Waiting for news: what is told on a subject in this process, and whatever another process does to the store. */
import type { Hall } from './hall.ts'

/** Where one waits for news until it is disposed of. */
export interface News extends Disposable {
  /**
   * What resolves at the next news from now on: ask for it, look at the store, then wait. Throws `closed` when this
   * Muster is closed.
   */
  next(): Promise<void>
}

/** Listens on a subject; an abort of `signal` is news too. Throws `closed` when this Muster is closed. */
export function listen(
  { bus, store, closing }: Pick<Hall, 'bus' | 'store' | 'closing'>,
  subject: string,
  signal?: AbortSignal,
): News {
  closing.throwIfAborted()
  let fresh = Promise.withResolvers<void>()
  const tell = () => fresh.resolve()
  const stops = [bus.subscribe(subject, tell), store.queue.watch(tell)]
  const signals = [closing, ...(signal === undefined ? [] : [signal])]
  for (const one of signals) one.addEventListener('abort', tell)
  return {
    next() {
      closing.throwIfAborted()
      fresh = Promise.withResolvers()
      return fresh.promise
    },
    [Symbol.dispose]() {
      for (const stop of stops) stop()
      for (const one of signals) one.removeEventListener('abort', tell)
    },
  }
}
