/**
 * One model in one worker thread, seen from outside.
 *
 * 1. The calling thread never computes: it hands buffers over and waits for the answer.
 * 2. Every request is answered once: by its outputs, by its own error, or by the end of the worker.
 * 3. The worker keeps the process alive only while it owes an answer.
 */
import { Worker } from 'node:worker_threads'
import type { ModelSpec, Tensor } from '../../agents/index.ts'
import { MusterError } from '../../core/index.ts'
import type { Device } from '../node.ts'
import { buffersOf, packTensor, unpackTensor, type WireReply, type WireRequest, type WorkerTask } from './wire.ts'

type Tensors = Readonly<Record<string, Tensor>>

/** A model that stands loaded in a worker thread. */
export class ModelSession {
  readonly #model: ModelSpec
  readonly #provider: Device['provider']
  readonly #worker: Worker
  readonly #loaded = Promise.withResolvers<void>()
  readonly #ended = Promise.withResolvers<MusterError>()
  readonly #waiting = new Map<number, PromiseWithResolvers<Tensors>>()
  #lastId = 0
  #end: MusterError | undefined

  /** Starts the worker and the loading; `loaded` says how that went. */
  constructor(model: ModelSpec, device: Device) {
    this.#model = model
    this.#provider = device.provider
    // ONNX Runtime sends usage data over the network unless it is told not to before its library loads.
    process.env['ORT_DISABLE_TELEMETRY'] = '1'
    const task: WorkerTask = {
      file: model.file,
      provider: device.provider,
      ordinal: Number(device.id.replace(/\D/g, '')),
    }
    this.#worker = new Worker(new URL('./worker.ts', import.meta.url), {
      workerData: task,
      name: `model ${model.name}`,
      // Flags of the program (a test runner's, an inspector's) are not for this thread.
      execArgv: [],
    })
    this.#loaded.promise.catch(() => {})
    this.#worker.on('message', (reply: WireReply) => this.#receive(reply))
    this.#worker.on('error', error => this.#finish(this.#error(`crashed: ${error.message}`, error)))
    this.#worker.on('exit', code => this.#finish(this.#error(`crashed: its worker ended with code ${code}`)))
  }

  /** Resolves when the model can be used; rejects with `model-failed` when it cannot be loaded. */
  get loaded(): Promise<void> {
    return this.#loaded.promise
  }

  /** Resolves with the reason when the worker has ended, by a crash or by `close`. */
  get ended(): Promise<MusterError> {
    return this.#ended.promise
  }

  /** Runs the model; rejects with `model-failed` when it refuses the feeds or its worker ends. */
  async run(feeds: Tensors): Promise<Tensors> {
    if (this.#end) throw this.#end
    const id = ++this.#lastId
    const request: WireRequest = {
      id,
      feeds: Object.fromEntries(Object.entries(feeds).map(([name, tensor]) => [name, packTensor(tensor)])),
    }
    const waiting = Promise.withResolvers<Tensors>()
    this.#waiting.set(id, waiting)
    this.#worker.ref()
    this.#worker.postMessage(request, buffersOf(request.feeds))
    return waiting.promise
  }

  /** Ends the worker; whoever still waits is told `closed`. */
  async close(): Promise<void> {
    this.#finish(new MusterError('closed', `model \`${this.#model.name}\` was unloaded`))
    await this.#worker.terminate()
  }

  #receive(reply: WireReply): void {
    switch (reply.kind) {
      case 'loaded':
        this.#loaded.resolve()
        break
      case 'refused':
        this.#finish(this.#error(`could not be loaded: ${reply.message}`))
        break
      case 'done':
        this.#waiting
          .get(reply.id)
          ?.resolve(
            Object.fromEntries(Object.entries(reply.outputs).map(([name, tensor]) => [name, unpackTensor(tensor)])),
          )
        this.#waiting.delete(reply.id)
        break
      case 'failed':
        this.#waiting.get(reply.id)?.reject(this.#error(`failed: ${reply.message}`))
        this.#waiting.delete(reply.id)
        break
    }
    if (this.#waiting.size === 0) this.#worker.unref()
  }

  #finish(reason: MusterError): void {
    if (this.#end) return
    this.#end = reason
    this.#loaded.reject(reason)
    for (const waiting of this.#waiting.values()) waiting.reject(reason)
    this.#waiting.clear()
    this.#ended.resolve(reason)
  }

  #error(what: string, cause?: unknown): MusterError {
    const { name, file } = this.#model
    return new MusterError('model-failed', `model \`${name}\` (\`${file}\`) ${what}`, {
      hint: `check that the file is a whole ONNX model, that it can run on \`${this.#provider}\`, and that the feeds match its inputs`,
      cause,
    })
  }
}
