/** Small ONNX models, written to a directory that is removed with the process's temporary files. */
import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { onnx } from 'onnx-proto'
import type { ModelSpec, Tensor } from '../../src/agents/index.ts'

const directory = mkdtempSync(join(tmpdir(), 'muster-models-'))
const float = onnx.TensorProto.DataType.FLOAT

function port(name: string, dims: readonly onnx.TensorShapeProto.IDimension[]): onnx.IValueInfoProto {
  return { name, type: { tensorType: { elemType: float, shape: { dim: [...dims] } } } }
}

function save(name: string, graph: onnx.IGraphProto): ModelSpec {
  const file = join(directory, `${name}.onnx`)
  writeFileSync(
    file,
    onnx.ModelProto.encode({
      irVersion: 8,
      opsetImport: [{ domain: '', version: 13 }],
      graph: { name, ...graph },
    }).finish(),
  )
  return { name, file }
}

/** A file in the same directory, with this content. */
export function fileOf(name: string, content: string): string {
  const file = join(directory, name)
  writeFileSync(file, content)
  return file
}

/** `y = x · weight + 1` for rows of one number. */
export function scalingModel(name: string, weight: number): ModelSpec {
  const rows = [{ dimParam: 'rows' }, { dimValue: 1 }]
  return save(name, {
    node: [
      { opType: 'MatMul', input: ['x', 'w'], output: ['h'] },
      { opType: 'Add', input: ['h', 'b'], output: ['y'] },
    ],
    initializer: [
      { name: 'w', dataType: float, dims: [1, 1], floatData: [weight] },
      { name: 'b', dataType: float, dims: [1], floatData: [1] },
    ],
    input: [port('x', rows)],
    output: [port('y', rows)],
  })
}

/** Multiplies a square matrix with itself `times` times: work that takes a processor a while. */
export function heavyModel(times: number): ModelSpec {
  const square = [{ dimParam: 'n' }, { dimParam: 'n' }]
  return save(`heavy-${times}`, {
    node: Array.from({ length: times }, (_, i) => ({
      opType: 'MatMul',
      input: [i === 0 ? 'x' : `h${i - 1}`, 'x'],
      output: [i === times - 1 ? 'y' : `h${i}`],
    })),
    input: [port('x', square)],
    output: [port('y', square)],
  })
}

/** A column of numbers. */
export function column(...values: number[]): Tensor {
  return { type: 'float32', data: Float32Array.from(values), dims: [values.length, 1] }
}

/** The unit matrix with `size` rows. */
export function unitMatrix(size: number): Tensor {
  const data = new Float32Array(size * size)
  for (let i = 0; i < size; i++) data[i * size + i] = 1
  return { type: 'float32', data, dims: [size, size] }
}
