/** The network as an ONNX file: rows as bytes with one scale a hidden unit, the rest as floats. */
import onnxProto from 'onnx-proto'
import type { Network } from './network.ts'

const { onnx } = onnxProto
const { DataType } = onnx.TensorProto
type Tensor = InstanceType<typeof onnx.TensorProto>

/**
 * The bytes of a model with inputs `rows` (int64 [batch, n]) and `weights` (float [batch, n], 0 where padded), and the
 * output `probabilities` (float [batch, classes]). Scores are divided by `temperature` before the softmax.
 */
export function onnxFile(network: Network, temperature: number): Uint8Array {
  const { hidden, classes } = network
  const features = network.rows.length / hidden
  const scale = new Float32Array(hidden)
  for (const [at, value] of network.rows.entries())
    scale[at % hidden] = Math.max(scale[at % hidden] ?? 0, Math.abs(value) / 127)
  const bytes = Int8Array.from(network.rows, (value, at) => Math.round(value / (scale[at % hidden] ?? 1)))
  const node = (opType: string, input: string[], output: string, attribute: object[] = []) =>
    onnx.NodeProto.fromObject({ opType, input, output: [output], attribute })
  const graph = onnx.GraphProto.fromObject({
    name: 'intents',
    node: [
      node('Gather', ['row_bytes', 'rows'], 'picked_bytes'),
      node('Cast', ['picked_bytes'], 'picked', [{ name: 'to', type: 2, i: DataType.FLOAT }]),
      node('Unsqueeze', ['weights', 'last'], 'weight_rows'),
      node('Mul', ['picked', 'weight_rows'], 'weighted'),
      node('ReduceSum', ['weighted', 'middle'], 'sum', [{ name: 'keepdims', type: 2, i: 0 }]),
      node('Mul', ['sum', 'row_scale'], 'scaled'),
      node('Relu', ['scaled'], 'active'),
      node('MatMul', ['active', 'heads'], 'raw_scores'),
      node('Add', ['raw_scores', 'head_bias'], 'scores'),
      node('Softmax', ['scores'], 'probabilities', [{ name: 'axis', type: 2, i: 1 }]),
    ],
    initializer: [
      tensor('row_bytes', DataType.INT8, [features, hidden], bytes),
      tensor('row_scale', DataType.FLOAT, [hidden], scale),
      tensor(
        'heads',
        DataType.FLOAT,
        [hidden, classes],
        network.heads.map(value => value / temperature),
      ),
      tensor(
        'head_bias',
        DataType.FLOAT,
        [classes],
        network.headBias.map(value => value / temperature),
      ),
      tensor('last', DataType.INT64, [1], BigInt64Array.of(2n)),
      tensor('middle', DataType.INT64, [1], BigInt64Array.of(1n)),
    ],
    input: [port('rows', DataType.INT64, ['batch', 'n']), port('weights', DataType.FLOAT, ['batch', 'n'])],
    output: [port('probabilities', DataType.FLOAT, ['batch', classes])],
  })
  const model = onnx.ModelProto.fromObject({
    irVersion: 8,
    producerName: 'muster',
    opsetImport: [{ domain: '', version: 13 }],
    graph,
  })
  return onnx.ModelProto.encode(model).finish()
}

function tensor(name: string, dataType: number, dims: readonly number[], data: NodeJS.TypedArray): Tensor {
  const rawData = new Uint8Array(data.buffer, data.byteOffset, data.byteLength)
  return onnx.TensorProto.fromObject({ name, dataType, dims, rawData })
}

function port(name: string, elemType: number, dims: readonly (string | number)[]) {
  const dim = dims.map(size => (typeof size === 'string' ? { dimParam: size } : { dimValue: size }))
  return onnx.ValueInfoProto.fromObject({ name, type: { tensorType: { elemType, shape: { dim } } } })
}
