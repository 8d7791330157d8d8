/**
 * Which models stand loaded on a node.
 *
 * 1. A model stands at most once on a device.
 * 2. What stands on the CPU takes no more than the memory that the node lends, on the GPUs no more than their vram.
 * 3. Room is made by unloading what has been idle longest; what is loading or busy stays. What is on its way out counts
 *    no more: ending a worker is faster than starting one.
 */
import { stat } from 'node:fs/promises'
import type { ModelSpec, Tensor } from '../../agents/index.ts'
import { type Clock, MusterError, type Resources } from '../../core/index.ts'
import type { BlockView, Device } from '../node.ts'
import { Block } from './block.ts'

/** The blocks of one node. */
export class Residency implements AsyncDisposable {
  readonly #clock: Clock
  readonly #capacity: Resources
  readonly #idleMs: number
  readonly #blocks = new Set<Block>()
  readonly #leaving = new Set<Promise<void>>()
  #closed = false

  constructor(options: { clock: Clock; capacity: Resources; idleMs: number }) {
    this.#clock = options.clock
    this.#capacity = options.capacity
    this.#idleMs = options.idleMs
  }

  view(): readonly BlockView[] {
    return [...this.#blocks].map(block => block.view)
  }

  /**
   * Runs `model` on `device`, loading it when it does not stand there. Rejects with `model-failed`, with `over-capacity`
   * when there is no room for it beside what is in use, with `closed` after the end.
   */
  async infer(
    model: ModelSpec,
    device: Device,
    feeds: Readonly<Record<string, Tensor>>,
  ): Promise<Readonly<Record<string, Tensor>>> {
    const standing = this.#find(model, device)
    if (standing) return standing.infer(feeds)
    const size = await sizeOf(model)
    // Another request may have begun to load it while the file was looked at.
    const block = this.#find(model, device) ?? this.#load(model, device, model.memory ?? size)
    return block.infer(feeds)
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#closed = true
    for (const block of this.#blocks) this.#unload(block)
    await Promise.all(this.#leaving)
  }

  #find(model: ModelSpec, device: Device): Block | undefined {
    for (const block of this.#blocks) {
      if (block.is(model, device) && block.state !== 'failed' && block.state !== 'unloading') return block
    }
    return undefined
  }

  #load(model: ModelSpec, device: Device, memory: number): Block {
    if (this.#closed) throw new MusterError('closed', 'the node is closed')
    for (const block of this.#blocks)
      if (block.state === 'failed' && block.is(model, device)) this.#blocks.delete(block)
    this.#makeRoom(model, device, memory)
    const block = new Block({
      model,
      device,
      memory,
      clock: this.#clock,
      idleMs: this.#idleMs,
      onIdle: idle => this.#unload(idle),
    })
    this.#blocks.add(block)
    return block
  }

  #makeRoom(model: ModelSpec, device: Device, memory: number): void {
    const kind = memoryKind(device)
    const beside = [...this.#blocks].filter(block => memoryKind(block.device) === kind && block.state !== 'unloading')
    let free = (this.#capacity[kind] ?? 0) - beside.reduce((sum, block) => sum + block.view.memory, 0)
    const going: Block[] = []
    const idle = beside.filter(block => block.state === 'ready').sort((a, b) => a.usedAt - b.usedAt)
    for (const block of idle) {
      if (free >= memory) break
      free += block.view.memory
      going.push(block)
    }
    if (free < memory) {
      throw new MusterError(
        'over-capacity',
        `model \`${model.name}\` takes ${memory} bytes of \`${kind}\`, and ${Math.max(0, free)} can be freed`,
        { hint: 'wait until other models are idle, lend the node more, or place the work elsewhere' },
      )
    }
    for (const block of going) this.#unload(block)
  }

  #unload(block: Block): void {
    const leaving = block.unload().finally(() => {
      this.#blocks.delete(block)
      this.#leaving.delete(leaving)
    })
    this.#leaving.add(leaving)
  }
}

/** Where a model on `device` lies; a GPU that is emulated lives in main memory. */
function memoryKind(device: Device): 'memory' | 'vram' {
  return device.kind === 'gpu' && !device.simulated ? 'vram' : 'memory'
}

async function sizeOf(model: ModelSpec): Promise<number> {
  try {
    return (await stat(model.file)).size
  } catch (cause) {
    throw new MusterError('model-failed', `the file of model \`${model.name}\` cannot be read: \`${model.file}\``, {
      hint: 'put the file there, or correct the path in the model of the agent',
      cause,
    })
  }
}
