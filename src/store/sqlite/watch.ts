/** Notices that another process has changed the store: one cheap question, asked again and again while somebody watches. */
import type { DatabaseSync, StatementSync } from 'node:sqlite'
import type { Clock } from '../../core/index.ts'

// Milliseconds between two questions.
const pace = 200

/** The watchers of one connection. */
export class Watch {
  readonly #version: StatementSync
  readonly #clock: Clock
  readonly #wakes = new Set<{ readonly wake: () => void }>()
  #seen: unknown
  #cancel = () => {}

  constructor(db: DatabaseSync, clock: Clock) {
    this.#version = db.prepare('PRAGMA data_version')
    this.#clock = clock
  }

  /** Calls `wake` after each change of another process, until the returned function is called. */
  add(wake: () => void): () => void {
    const watcher = { wake }
    if (this.#wakes.size === 0) this.#begin()
    this.#wakes.add(watcher)
    return () => {
      if (this.#wakes.delete(watcher) && this.#wakes.size === 0) this.#cancel()
    }
  }

  /** Ends all watching. */
  stop(): void {
    this.#wakes.clear()
    this.#cancel()
  }

  #begin(): void {
    this.#seen = this.#read()
    this.#cancel = this.#clock.after(pace, () => this.#ask())
  }

  #ask(): void {
    const before = this.#seen
    this.#begin()
    if (this.#seen !== before) for (const { wake } of this.#wakes) wake()
  }

  // A file that cannot be read is told by whoever reads it next; a timer has nobody to tell.
  #read(): unknown {
    try {
      return this.#version.get()?.['data_version']
    } catch {
      return this.#seen
    }
  }
}
