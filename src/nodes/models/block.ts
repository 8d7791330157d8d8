/**
 * A block: one model on one device, from loading to unloading.
 *
 * 1. It loads once, however many ask while it does.
 * 2. It is busy until everything that was asked of it is answered, also when nobody wants the answer any more.
 * 3. A block that failed or is unloading takes nothing new; another one takes its place.
 */
import type { ModelSpec, Tensor } from '../../agents/index.ts'
import type { Clock } from '../../core/index.ts'
import type { BlockState, BlockView, Device } from '../node.ts'
import { ModelSession } from './session.ts'

type Tensors = Readonly<Record<string, Tensor>>

/** What a block is made of. */
export interface BlockOptions {
  readonly model: ModelSpec
  readonly device: Device
  /** Bytes that it takes. */
  readonly memory: number
  readonly clock: Clock
  /** Milliseconds without work after which `onIdle` is called. */
  readonly idleMs: number
  readonly onIdle: (block: Block) => void
}

/** A model that stands loaded on a device, or is on its way in or out. */
export class Block {
  readonly #options: BlockOptions
  readonly #session: ModelSession
  #stage: 'loading' | 'loaded' | 'unloading' | 'failed' = 'loading'
  #asked = 0
  #usedAt: number
  #callOff = () => {}

  constructor(options: BlockOptions) {
    this.#options = options
    this.#usedAt = options.clock.now()
    this.#session = new ModelSession(options.model, options.device)
    void this.#follow()
  }

  get state(): BlockState {
    if (this.#stage !== 'loaded') return this.#stage
    return this.#asked > 0 ? 'busy' : 'ready'
  }

  get view(): BlockView {
    const { model, device, memory } = this.#options
    return { model: model.name, device: device.id, state: this.state, memory: this.#stage === 'failed' ? 0 : memory }
  }

  get device(): Device {
    return this.#options.device
  }

  /** When it last began or ended something, milliseconds since 1970. */
  get usedAt(): number {
    return this.#usedAt
  }

  /** Whether this is `model` on `device`, as the file that it is now known by. */
  is(model: ModelSpec, device: Device): boolean {
    const mine = this.#options
    return mine.model.name === model.name && mine.model.file === model.file && mine.device.id === device.id
  }

  /** Runs the model, after it is loaded. Rejects with `model-failed`, or `closed` when it is unloaded meanwhile. */
  async infer(feeds: Tensors): Promise<Tensors> {
    this.#asked += 1
    this.#callOff()
    try {
      await this.#session.loaded
      return await this.#session.run(feeds)
    } finally {
      this.#asked -= 1
      this.#rest()
    }
  }

  /** Takes the model out of memory. */
  async unload(): Promise<void> {
    this.#stage = 'unloading'
    this.#callOff()
    await this.#session.close()
  }

  async #follow(): Promise<void> {
    try {
      await this.#session.loaded
      if (this.#stage === 'loading') this.#stage = 'loaded'
      await this.#session.ended
    } catch {
      // Whoever asked is told why; here it only matters that it ended.
    }
    if (this.#stage !== 'unloading') this.#stage = 'failed'
    this.#callOff()
  }

  #rest(): void {
    const { clock, idleMs, onIdle } = this.#options
    this.#usedAt = clock.now()
    if (this.#asked === 0 && this.#stage === 'loaded') this.#callOff = clock.after(idleMs, () => onIdle(this))
  }
}
