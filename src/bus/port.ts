/**
 * The bus carries messages and keeps nothing: losing every message costs time, not truth.
 * Subjects are words joined by dots (`run.<id>.events`); in a subscription `*` stands for one word, a last `>` for the rest.
 */

/** What was said, and on which subject. `body` is JSON. */
export interface BusMessage {
  readonly subject: string
  readonly body: unknown
}

export interface Bus extends AsyncDisposable {
  /** Tells everyone who listens now. Never waits for them, and an error of one does not reach the others. */
  publish(subject: string, body: unknown): void
  /** Listens until the returned function is called. Messages of one publisher come in order. */
  subscribe(pattern: string, listener: (message: BusMessage) => void): () => void
}
