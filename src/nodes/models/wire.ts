/** What passes between a block and its worker thread. Tensors travel as bare buffers: those are handed over, not copied. */
import type { Device } from '../node.ts'
import type { Tensor } from '../../agents/index.ts'

/** A tensor on its way; `bytes` changes hands with the message. */
export interface WireTensor {
  readonly type: Tensor['type']
  readonly dims: readonly number[]
  readonly bytes: ArrayBuffer
}

export type WireTensors = Readonly<Record<string, WireTensor>>

/** What a worker is started with. */
export interface WorkerTask {
  /** Path of the `.onnx` file. */
  readonly file: string
  readonly provider: Device['provider']
  /** Which of the GPUs that the provider reaches. */
  readonly ordinal: number
}

/** One inference, asked of the worker. */
export interface WireRequest {
  readonly id: number
  readonly feeds: WireTensors
}

/** What the worker says. `refused`: the model could not be loaded, and the worker ends. */
export type WireReply =
  | { readonly kind: 'loaded' }
  | { readonly kind: 'refused'; readonly message: string }
  | { readonly kind: 'done'; readonly id: number; readonly outputs: WireTensors }
  | { readonly kind: 'failed'; readonly id: number; readonly message: string }

const views: Readonly<Record<Tensor['type'], (bytes: ArrayBuffer) => Tensor['data']>> = {
  float32: bytes => new Float32Array(bytes),
  int32: bytes => new Int32Array(bytes),
  int64: bytes => new BigInt64Array(bytes),
  int8: bytes => new Int8Array(bytes),
  uint8: bytes => new Uint8Array(bytes),
  bool: bytes => new Uint8Array(bytes),
}

/** Whether tensors of this type can travel. */
export function isTensorType(type: string): type is Tensor['type'] {
  return Object.hasOwn(views, type)
}

/** The tensor in a message. */
export function unpackTensor({ type, dims, bytes }: WireTensor): Tensor {
  return { type, dims, data: views[type](bytes) }
}

/** A copy of a tensor's own bytes, ready to be handed over: the sender keeps its array, whatever buffer that is part of. */
export function packTensor({ type, dims, data }: Tensor): WireTensor {
  const bytes = new ArrayBuffer(data.byteLength)
  new Uint8Array(bytes).set(new Uint8Array(data.buffer, data.byteOffset, data.byteLength))
  return { type, dims, bytes }
}

/** The buffers that change hands with `tensors`. */
export function buffersOf(tensors: WireTensors): ArrayBuffer[] {
  return Object.values(tensors).map(tensor => tensor.bytes)
}
