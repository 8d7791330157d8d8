/**
 * Trains the reader and writes its model, vocabulary and labels beside the agent. From the root of the repository:
 *
 *   node examples/support-desk/intents/train.ts BANKING77.json.gz CLINC150.json.gz
 *
 * Every choice below was made by cross-validation of the train part alone; the test part is looked at once, at the end.
 */
import { writeFileSync } from 'node:fs'
import { InferenceSession, Tensor } from 'onnxruntime-node'
import { encodeText, type Vocabulary } from './features.ts'
import { writeVocabulary } from './vocabulary.ts'
import { type Corpus, type Example, readCorpus } from './training/data.ts'
import { learnVocabulary } from './training/learn-vocabulary.ts'
import { type Network, type Recipe, scoresOf, softmax, trainNetwork } from './training/network.ts'
import { onnxFile } from './training/onnx-file.ts'
import { seeded, shuffled } from './training/random.ts'

const recipe: Recipe = {
  hidden: 128,
  epochs: 20,
  rate: 0.3,
  headRate: 0.1,
  dropFeatures: 0.5,
  dropHidden: 0.3,
  seed: 1,
}
const otherPerIntent = 15
const heldBack = 0.1

interface Trained {
  readonly vocabulary: Vocabulary
  readonly network: Network
}

const [banking77, clinc150] = process.argv.slice(2)
if (banking77 === undefined || clinc150 === undefined)
  throw new Error('name the files of BANKING77 and CLINC150, such as banking77.json.gz clinc150_full.json.gz')
await main(readCorpus(banking77, clinc150, otherPerIntent))

async function main(corpus: Corpus): Promise<void> {
  const { labels, train, test, otherTrain, otherValidation } = corpus
  const order = shuffled(train, seeded(recipe.seed))
  const held = order.slice(0, Math.round(heldBack * order.length))
  const trial = fit([...order.slice(held.length), ...otherTrain], labels.length)
  const temperature = calibrate(trial, [...held, ...shuffled(otherValidation, seeded(1)).slice(0, held.length / 8)])
  report('validation accuracy', accuracy(trial, held))
  report('validation, other than banking, told apart', accuracy(trial, otherValidation))
  report('temperature', temperature)

  const final = fit([...train, ...otherTrain], labels.length)
  report('train accuracy', accuracy(final, train))
  const model = onnxFile(final.network, temperature)
  report('test accuracy, of the model as written', await modelAccuracy(model, final.vocabulary, test))
  write('intents.onnx', model)
  write('vocabulary.bin', writeVocabulary(final.vocabulary))
  write('labels.json', Buffer.from(`${JSON.stringify(labels, undefined, 2)}\n`))
}

function fit(examples: readonly Example[], classes: number): Trained {
  const vocabulary = learnVocabulary(examples.map(example => example.text))
  const samples = examples.map(({ text, label }) => ({ ...encodeText(text, vocabulary), label }))
  return { vocabulary, network: trainNetwork(samples, vocabulary.idf.length, classes, recipe) }
}

function accuracy({ vocabulary, network }: Trained, examples: readonly Example[]): number {
  const right = examples.filter(({ text, label }) => best(scoresOf(network, encodeText(text, vocabulary))) === label)
  return right.length / examples.length
}

/** The temperature (Guo et al. 2017) that makes the confidences on held-back examples most likely. */
function calibrate({ vocabulary, network }: Trained, examples: readonly Example[]): number {
  const scored = examples.map(({ text, label }) => ({ scores: scoresOf(network, encodeText(text, vocabulary)), label }))
  const surprise = (temperature: number) =>
    scored.reduce((sum, { scores, label }) => sum - Math.log(softmax(scores, temperature)[label] ?? 0), 0)
  const temperatures = Array.from({ length: 31 }, (_, i) => 0.5 + i * 0.05)
  return temperatures.reduce((a, b) => (surprise(b) < surprise(a) ? b : a))
}

/** The accuracy of the written file, run as it is run in service, one text at a time. */
async function modelAccuracy(model: Uint8Array, vocabulary: Vocabulary, examples: readonly Example[]): Promise<number> {
  const session = await InferenceSession.create(model, { intraOpNumThreads: 1 })
  let right = 0
  for (const { text, label } of examples) {
    const { rows, weights } = encodeText(text, vocabulary)
    const { probabilities } = await session.run({
      rows: new Tensor('int64', BigInt64Array.from(rows, BigInt), [1, rows.length]),
      weights: new Tensor('float32', Float32Array.from(weights), [1, weights.length]),
    })
    if (probabilities?.data instanceof Float32Array && best(probabilities.data) === label) right++
  }
  return right / examples.length
}

function best(scores: Float32Array): number {
  return scores.reduce((top, score, k) => (score > (scores[top] ?? 0) ? k : top), 0)
}

function report(what: string, value: number): void {
  console.log(`${what}: ${value.toFixed(4)}`)
}

function write(name: string, bytes: Uint8Array): void {
  writeFileSync(new URL(`./${name}`, import.meta.url), bytes)
  console.log(`wrote ${name}: ${bytes.length} bytes`)
}
