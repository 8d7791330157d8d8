import { existsSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { InferenceSession, Tensor } from 'onnxruntime-node'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createIntentReader, readIntents } from '../../examples/support-desk/intents/agent.ts'
import { feedsOf, readingOf } from '../../examples/support-desk/intents/reader.ts'
import { readCorpus } from '../../examples/support-desk/intents/training/data.ts'
import { readVocabulary } from '../../examples/support-desk/intents/vocabulary.ts'
import type { ModelSpec, WorkContext } from '../../src/agents/index.ts'
import { parse } from '../../src/core/index.ts'
import { Reading } from '../../src/intent/index.ts'
import { double, inside, outside } from './intents-questions.ts'
import { work } from './support-desk.ts'

const reader = createIntentReader()
const support: ModelSpec = reader.models[0] ?? { name: '', file: '' }
const vocabulary = readVocabulary(readFileSync(path.join(path.dirname(support.file), 'vocabulary.bin')))
const data = (name: string) => fileURLToPath(new URL(`../../../shared/bench/matching/${name}.json.gz`, import.meta.url))
let session: InferenceSession

beforeAll(async () => {
  session = await InferenceSession.create(support.file, { intraOpNumThreads: 1 })
})
afterAll(() => session.release())

const infer: WorkContext['infer'] = async (_, { rows, weights }) => {
  if (!(rows?.data instanceof BigInt64Array) || !(weights?.data instanceof Float32Array)) throw new Error('wrong feeds')
  const outputs = await session.run({
    rows: new Tensor('int64', rows.data, rows.dims),
    weights: new Tensor('float32', weights.data, weights.dims),
  })
  const { probabilities } = outputs
  if (!(probabilities?.data instanceof Float32Array)) throw new Error('wrong outputs')
  return { probabilities: { type: 'float32', data: probabilities.data, dims: probabilities.dims } }
}

async function read(question: string): Promise<Reading> {
  const { reading } = await work(reader, readIntents, { question }, { infer })
  return parse(Reading.schema, reading, 'the reading')
}

/** What each part of `question` is taken for. */
async function intentsOf(question: string): Promise<readonly string[]> {
  return (await read(question)).parts.map(part => part.candidates[0]?.intent ?? '')
}

describe('the reader of the support desk', () => {
  test('knows what most questions ask that it has never seen, and rarely loses what they ask', async () => {
    const missed: string[] = []
    const lost: string[] = []
    for (const [question, intent] of inside) {
      const [part, ...more] = (await read(question)).parts
      const best = part?.candidates[0]
      if (more.length === 0 && best?.intent === intent) continue
      missed.push(`${question}: ${best?.intent} ${best?.confidence.toFixed(2)}`)
      const asked = (best?.confidence ?? 0) < 0.7 && part?.candidates.some(candidate => candidate.intent === intent)
      if (!asked) lost.push(question)
    }
    expect(missed.slice(inside.length * 0.2)).toEqual([])
    expect(lost.slice(inside.length * 0.1)).toEqual([])
  })

  test('takes nothing for a question to a bank that is none', async () => {
    for (const question of outside) {
      const candidates = (await read(question)).parts.flatMap(part => part.candidates)
      const taken = candidates.filter(({ intent, confidence }) => intent !== '' && confidence >= 0.7)
      expect({ question, taken }).toEqual({ question, taken: [] })
    }
  })

  test('tells two questions in one message apart, also when only one is for a bank', async () => {
    const missed: string[] = []
    for (const [question, ...intents] of double)
      if ((await intentsOf(question)).join() !== intents.join()) missed.push(question)
    expect(missed.slice(double.length * 0.3)).toEqual([])
  })

  test.each([
    ['Hello! Where is my refund?', ['Refund_not_showing_up']],
    ['Please help. My card was stolen. What are my next steps?', ['lost_or_stolen_card']],
    [' \n ', ['']],
    ['?!', ['']],
    ['lorem '.repeat(600), ['']],
  ])('does not tear apart what belongs together, nor stumble over %j', async (question, intents) => {
    expect(await intentsOf(question)).toEqual(intents)
  })

  test('keeps every part in the words of the customer', async () => {
    const [question] = double[0] ?? ['']
    const parts = (await read(question)).parts.map(part => part.text)
    expect(parts).toEqual(['Where is my refund', 'why was my payment declined?'])
  })

  test('is right about 91 % of the test part of BANKING77, and cuts hardly any of it in two', async ({ skip }) => {
    skip(!existsSync(data('banking77')) || !existsSync(data('clinc150_full')), 'the data sets are not on this machine')
    const { labels, test } = readCorpus(data('banking77'), data('clinc150_full'), 0)
    let right = 0
    let cut = 0
    for (const { text, label } of test) {
      const { probabilities } = await infer(support, feedsOf(text, vocabulary))
      // The first row is that of the whole text.
      const [best] = labels
        .map((_, column) => ({ column, confidence: Number(probabilities?.data[column]) }))
        .sort((a, b) => b.confidence - a.confidence)
      if (best?.column === label) right++
      if (probabilities && readingOf(text, probabilities, labels).parts.length > 1) cut++
    }
    expect(right / test.length).toBeGreaterThanOrEqual(0.91)
    expect(cut / test.length).toBeLessThan(0.05)
    console.info(`BANKING77: ${((100 * right) / test.length).toFixed(2)} % right, ${cut} of ${test.length} cut in two`)
  })
})
