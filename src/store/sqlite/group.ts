/**
 * Group commit: what is asked for while the disk is busy shares the next transaction and the next sync.
 *
 * 1. Changes are applied in the order in which they were asked for, each whole or not at all.
 * 2. A change is told as done only when its group is on disk.
 * 3. A look never sees what may still be lost: while a group is on its way to disk it waits, and what another process
 *    has changed is synced before it is shown.
 * 4. A change that is refused, or that the engine cannot make, fails alone.
 * 5. After a failed sync everything is refused.
 */
import { MusterError } from '../../core/index.ts'

/** Why a change was not made. */
export interface Refusal {
  readonly error: unknown
}

/** What a group needs from the engine below. */
export interface Engine {
  /** Applies changes in one transaction, each whole or not at all; says which were refused. Never throws. */
  transact(changes: readonly (() => void)[]): readonly (Refusal | undefined)[]
  /** Whether something was committed, here or by another process, that may not be on disk. */
  unsynced(): boolean
  sync(): Promise<void>
}

interface Change {
  readonly apply: () => void
  settle(refusal: Refusal | undefined): void
}

// Bounds how long one transaction keeps the event loop.
const largestGroup = 256

/** Runs the changes and looks of one store. */
export class GroupCommit {
  readonly #engine: Engine
  #changes: Change[] = []
  #looks: (() => void)[] = []
  #scheduled = false
  #flushing = false
  #closed: MusterError | undefined
  #failed: MusterError | undefined
  #drained = () => {}

  constructor(engine: Engine) {
    this.#engine = engine
  }

  /** Applies `apply` in the next group; resolves with what it returned once it is on disk, rejects with what it threw. */
  change<T>(apply: () => T): Promise<T> {
    return this.#open((resolve, reject) => {
      let value: T
      this.#changes.push({
        apply: () => {
          value = apply()
        },
        settle: refusal => (refusal ? reject(refusal.error) : resolve(value)),
      })
      this.#schedule()
    })
  }

  /** Resolves with what `look` returns, which is on disk. */
  look<T>(look: () => T): Promise<T> {
    return this.#open((resolve, reject) => {
      const run = () => {
        try {
          const value = look()
          if (this.#engine.unsynced()) this.#sync().then(() => resolve(value), reject)
          else resolve(value)
        } catch (thrown) {
          reject(thrown)
        }
      }
      if (this.#flushing) this.#looks.push(run)
      else run()
    })
  }

  /** Does `work` at once, apart from every group: for what need not be on disk. */
  apart<T>(work: () => T): Promise<T> {
    return this.#open(resolve => resolve(work()))
  }

  /** Refuses new work and resolves when what was accepted has ended. */
  async close(): Promise<void> {
    this.#closed ??= new MusterError('closed', 'the store is closed')
    if (this.#scheduled) await new Promise<void>(resolve => (this.#drained = resolve))
  }

  #open<T>(work: (resolve: (value: T) => void, reject: (error: unknown) => void) => void): Promise<T> {
    const refusal = this.#closed ?? this.#failed
    return refusal ? Promise.reject(refusal) : new Promise(work)
  }

  // The next turn of the event loop, so that everything this turn asks for is in one group.
  #schedule(): void {
    if (this.#scheduled) return
    this.#scheduled = true
    setImmediate(() => void this.#flush())
  }

  async #flush(): Promise<void> {
    const group = this.#changes.splice(0, largestGroup)
    this.#flushing = true
    const refusals = await this.#carryOut(group)
    this.#flushing = false
    for (const [index, change] of group.entries()) change.settle(refusals[index])
    for (const look of this.#looks.splice(0)) look()
    this.#scheduled = false
    if (this.#changes.length > 0) this.#schedule()
    else this.#drained()
  }

  async #carryOut(group: readonly Change[]): Promise<readonly (Refusal | undefined)[]> {
    if (this.#failed) return group.map(() => ({ error: this.#failed }))
    const refusals = this.#engine.transact(group.map(change => change.apply))
    try {
      if (this.#engine.unsynced()) await this.#sync()
      return refusals
    } catch (error) {
      return refusals.map(refusal => refusal ?? { error })
    }
  }

  async #sync(): Promise<void> {
    try {
      await this.#engine.sync()
    } catch (cause) {
      this.#failed = new MusterError('store-failed', 'the disk did not take what was written; the store has stopped', {
        hint: 'see to the disk, then start again',
        cause,
      })
      throw this.#failed
    }
  }
}
