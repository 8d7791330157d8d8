/** The agent that reads what a customer asks, with a small model that came with the desk. */
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { type Agent, defineCapability, MusterError, onnxAgent, Reading } from 'muster'
import { z } from 'zod'
import { Question } from '../concepts.ts'
import { feedsOf, readingOf } from './reader.ts'
import { readVocabulary } from './vocabulary.ts'

export const readIntents = defineCapability({
  name: 'question.read',
  takes: { question: Question },
  gives: { reading: Reading },
  effect: 'pure',
  needs: { work: 'inference', cpu: 0.5 },
  description: 'tells the questions in a message apart and what each is about',
})

/** The reader, with its model, vocabulary and labels read from this folder. */
export function createIntentReader(): Agent {
  const labels = z.array(z.string()).parse(JSON.parse(readFileSync(beside('labels.json'), 'utf8')))
  const vocabulary = readVocabulary(readFileSync(beside('vocabulary.bin')))
  return onnxAgent({
    id: 'intent-reader',
    capability: readIntents,
    model: { name: 'support-intents', file: beside('intents.onnx') },
    time: '15ms',
    confidence: 0.92,
    encode: ({ question }) => feedsOf(question, vocabulary),
    decode({ probabilities }, { question }) {
      if (!probabilities) throw new MusterError('model-failed', 'the model gave no `probabilities`')
      return { reading: readingOf(question, probabilities, labels) }
    },
  })
}

function beside(name: string): string {
  return fileURLToPath(new URL(name, import.meta.url))
}
