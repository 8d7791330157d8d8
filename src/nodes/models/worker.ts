/**
 * The worker thread of one block: loads a model and answers inferences one after the other.
 * ONNX Runtime blocks its thread while it runs, which is why it has one of its own.
 */
import { parentPort, workerData } from 'node:worker_threads'
import { InferenceSession, Tensor as OrtTensor } from 'onnxruntime-node'
import {
  buffersOf,
  isTensorType,
  packTensor,
  unpackTensor,
  type WireReply,
  type WireRequest,
  type WireTensor,
  type WorkerTask,
} from './wire.ts'

function pack(name: string, { type, dims, data }: OrtTensor): WireTensor {
  if (!isTensorType(type) || Array.isArray(data)) {
    throw new Error(`output \`${name}\` is of type \`${type}\`, which tensors here cannot be`)
  }
  const { buffer, byteLength } = data
  // ONNX Runtime gives every output a buffer of its own, which can go as it is; a view of something larger cannot.
  if (buffer instanceof ArrayBuffer && buffer.byteLength === byteLength) return { type, dims, bytes: buffer }
  return packTensor({ type, dims, data: new Uint8Array(buffer, data.byteOffset, byteLength) })
}

async function answer(session: InferenceSession, { id, feeds }: WireRequest): Promise<WireReply> {
  try {
    const inputs: Record<string, OrtTensor> = {}
    for (const [name, tensor] of Object.entries(feeds)) {
      const { type, data, dims } = unpackTensor(tensor)
      inputs[name] = new OrtTensor(type, data, dims)
    }
    const results = await session.run(inputs)
    return {
      kind: 'done',
      id,
      outputs: Object.fromEntries(Object.entries(results).map(([name, tensor]) => [name, pack(name, tensor)])),
    }
  } catch (error) {
    return { kind: 'failed', id, message: wordsOf(error) }
  }
}

function wordsOf(error: unknown): string {
  return error instanceof Error ? error.message.trim() : String(error)
}

const task: WorkerTask = workerData
const port = parentPort
if (!port) throw new Error('this file is the start of a worker thread')
try {
  const session = await InferenceSession.create(task.file, {
    executionProviders: [task.provider === 'cuda' ? { name: 'cuda', deviceId: task.ordinal } : task.provider],
    // More threads a session are slower as soon as two blocks, or anything else, are busy at once.
    intraOpNumThreads: 1,
    interOpNumThreads: 1,
    // Errors come back as errors; warnings about the shape of somebody's model are no business of a log.
    logSeverityLevel: 4,
  })
  const serve = async (request: WireRequest) => {
    const reply = await answer(session, request)
    port.postMessage(reply, reply.kind === 'done' ? buffersOf(reply.outputs) : [])
  }
  port.on('message', (request: WireRequest) => void serve(request))
  port.postMessage({ kind: 'loaded' } satisfies WireReply)
} catch (error) {
  port.postMessage({ kind: 'refused', message: wordsOf(error) } satisfies WireReply)
}
