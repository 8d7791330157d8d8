/** How often a request is read as what it means, and how often one that means none of the intents is told apart. Reads CLINC150 and BANKING77. */
import { z } from 'zod'
import { type IntentExample, learnIntents } from '../src/agents/index.ts'
import { MusterError } from '../src/core/index.ts'
import { readFlags } from './flags.ts'
import { readJson } from './read-json.ts'
import { round } from './spread.ts'

const rows = z.array(z.tuple([z.string(), z.string()]))
const dataSchema = z.record(z.string(), rows)
type Data = z.output<typeof dataSchema>

const usage = '--data FILE [--train-part PART,PART] [--test-part PART]'
// The parts that hold what is out of scope are named after those that they belong to.
const outsidePrefix = 'oos_'

/**
 * Learns from `--train-part` (default `train`, several joined by commas) and is judged on `--test-part` (default `test`); with
 * a part `x` goes the part `oos_x`, where there is one. Throws `bad-input` for flags or files that it does not know.
 */
export async function intents(flags: readonly string[]): Promise<object> {
  const names = ['data', 'train-part', 'test-part'] as const
  const settings = readFlags(flags, names, usage, { 'train-part': 'train', 'test-part': 'test' })
  const data = await readJson(settings.data, dataSchema)
  const train = settings['train-part'].split(',').flatMap(part => examplesOf(data, part))
  const test = examplesOf(data, settings['test-part'])
  const started = performance.now()
  const { read } = learnIntents(train)
  const learnt = performance.now()
  const judged = test.map(({ request, intent }) => ({ intent, reading: read(request) }))
  const ms = performance.now() - learnt
  const inside = judged.filter(one => one.intent !== undefined)
  const outside = judged.filter(one => one.intent === undefined)
  const share = (of: typeof judged, right: (one: (typeof judged)[number]) => boolean) =>
    of.length === 0 ? undefined : round(of.filter(right).length / of.length)
  return {
    train: train.length,
    test: test.length,
    accuracy: share(inside, one => one.reading.intent === one.intent),
    outOfScopeRecall: share(outside, one => one.reading.intent === undefined),
    // Before anything is turned away.
    accuracyOfBestGuess: share(inside, one => one.reading.ranking[0]?.intent === one.intent),
    msPerQuery: round(ms / test.length),
    msToLearn: round(learnt - started),
  }
}

function examplesOf(data: Data, part: string): readonly IntentExample[] {
  const inside = data[part]
  if (inside === undefined)
    throw new MusterError('bad-input', `there is no part \`${part}\``, {
      hint: `name one of ${Object.keys(data).join(', ')}`,
    })
  const outside = data[outsidePrefix + part] ?? []
  return [
    ...inside.map(([request, intent]) => ({ request, intent })),
    ...outside.map(([request]) => ({ request, intent: undefined })),
  ]
}
