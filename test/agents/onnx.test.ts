import { describe, expect, expectTypeOf, it } from 'vitest'
import { z } from 'zod'
import { defineCapability, onnxAgent, type Tensor } from '../../src/agents/index.ts'
import { concept } from '../../src/core/index.ts'
import { workContext } from '../../src/testing/index.ts'
import { offerOf } from '../support/auction.ts'

const Text = concept('Text', z.string())
const Intent = concept('Intent', z.object({ label: z.enum(['refund', 'other']), score: z.number() }))
const classify = defineCapability({
  name: 'text.classify',
  takes: { text: Text },
  gives: { intent: Intent },
  effect: 'pure',
  needs: { work: 'inference' },
})
const tensor = (...values: readonly number[]): Tensor => ({
  type: 'float32',
  data: Float32Array.from(values),
  dims: [1, values.length],
})
const model = { name: 'intents', file: 'intents.onnx', memory: 2_000_000 }

describe('an ONNX agent', () => {
  it('encodes the input, runs its model where the work was placed, and decodes what it answers', async () => {
    const agent = onnxAgent({
      id: 'classifier',
      capability: classify,
      model,
      encode: input => {
        expectTypeOf(input).toEqualTypeOf<{ readonly text: string }>()
        return { features: tensor(input.text.length) }
      },
      decode: ({ scores }, input) => {
        const score = Number(scores?.data[0])
        return { intent: { label: input.text === 'money back' ? 'refund' : 'other', score } }
      },
    })
    const asked: unknown[] = []
    const context = workContext({
      infer: async (spec, feeds) => {
        asked.push(spec, feeds)
        return { scores: tensor(0.75) }
      },
    })
    expect(await agent.perform('text.classify', { text: 'money back' }, context)).toEqual({
      intent: { label: 'refund', score: 0.75 },
    })
    expect(asked).toEqual([model, { features: tensor(10) }])
    expect(agent).toMatchObject({ kind: 'onnx', models: [model], offers: [classify] })
  })

  it('bids by its terms', () => {
    const agent = onnxAgent({
      id: 'classifier',
      capability: classify,
      model,
      encode: () => ({}),
      decode: (_, { text }) => ({ intent: { label: text === '' ? 'other' : 'refund', score: 1 } }),
      time: '2ms',
      confidence: 0.95,
    })
    expect(offerOf(agent)).toEqual({ time: '2ms', confidence: 0.95 })
  })
})
