import onnxProto from 'onnx-proto'
import { InferenceSession, Tensor } from 'onnxruntime-node'
import { describe, expect, it } from 'vitest'
import { createEmbeddingMatcher, type Embedder } from '../../../src/agents/index.ts'
import { capability } from './builders.ts'

const { onnx } = onnxProto

// The words of the tiny model, and what they mean: something about money, something about weather.
const meanings: Readonly<Record<string, readonly [number, number]>> = {
  refund: [1, 0],
  reimburse: [1, 0.1],
  forecast: [0, 1],
  sunshine: [0.1, 1],
}
const words = Object.keys(meanings)

/** A model that multiplies counts of words with what they mean. */
function modelBytes(): Uint8Array {
  const port = (name: string, size: number) => ({
    name,
    type: { tensorType: { elemType: 1, shape: { dim: [{ dimParam: 'batch' }, { dimValue: size }] } } },
  })
  const graph = {
    name: 'meaning',
    node: [{ opType: 'MatMul', input: ['counts', 'meanings'], output: ['vector'] }],
    initializer: [
      { name: 'meanings', dataType: 1, dims: [words.length, 2], floatData: Object.values(meanings).flat() },
    ],
    input: [port('counts', words.length)],
    output: [port('vector', 2)],
  }
  const model = { irVersion: 8, opsetImport: [{ domain: '', version: 13 }], graph }
  return onnx.ModelProto.encode(onnx.ModelProto.fromObject(model)).finish()
}

/** An embedder over whatever runs the model: it never sees a session. */
function embedderOver(infer: (counts: Float32Array, rows: number) => Promise<Float32Array>): Embedder {
  return {
    async embed(texts) {
      const counts = texts.flatMap(text => words.map(word => (text.toLowerCase().includes(word) ? 1 : 0)))
      const vectors = await infer(Float32Array.from(counts), texts.length)
      return texts.map((_, at) => vectors.slice(2 * at, 2 * at + 2))
    },
  }
}

const desk = [
  capability('refund.issue', 'Pay money back'),
  capability('weather.tell', 'The forecast of a city'),
  capability('card.block', 'Block a bank card'),
]

describe('the matcher with an embedder', () => {
  it('finds by an ONNX model what no word says', async () => {
    const session = await InferenceSession.create(modelBytes())
    const embedder = embedderOver(async (counts, rows) => {
      const { vector } = await session.run({ counts: new Tensor('float32', counts, [rows, words.length]) })
      return Float32Array.from(vector?.data ?? [], Number)
    })
    const matcher = await createEmbeddingMatcher(desk, embedder)
    const [first] = await matcher.match('please reimburse me')
    expect(first?.capability.name).toBe('refund.issue')
    expect(first?.because).toMatchObject([{ kind: 'meaning' }])
    expect((await matcher.match('sunshine'))[0]?.capability.name).toBe('weather.tell')
    await session.release()
  })

  it('lets words decide where the model has nothing to say', async () => {
    const mute = embedderOver(async (_, rows) => new Float32Array(2 * rows))
    const matcher = await createEmbeddingMatcher(desk, mute)
    expect((await matcher.match('block my card')).map(match => match.capability.name)).toEqual(['card.block'])
  })

  it('asks the model for capabilities in batches, and once a request', async () => {
    const asked: number[] = []
    const counting: Embedder = {
      async embed(texts) {
        asked.push(texts.length)
        return texts.map(() => Float32Array.of(1))
      },
    }
    const many = Array.from({ length: 130 }, (_, at) => capability(`one.n${at}`, 'One of many'))
    const matcher = await createEmbeddingMatcher(many, counting)
    await matcher.match('one', { limit: 1 })
    expect(asked).toEqual([64, 64, 2, 1])
  })

  it('refuses vectors of different lengths', async () => {
    let length = 0
    const growing: Embedder = { embed: async texts => texts.map(() => new Float32Array(++length)) }
    const matcher = await createEmbeddingMatcher(desk, growing)
    await expect(matcher.match('anything')).rejects.toMatchObject({ code: 'bad-config' })
  })
})
