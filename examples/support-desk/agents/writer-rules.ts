/** Writes answers by rules: it costs nothing, needs nothing, and says honestly that others may write better. */
import { type Agent, defineAgent } from 'muster'
import { writeAnswer } from '../capabilities.ts'
import { writePlainly } from '../writing/plain.ts'

/** Needs nothing and always bids. */
export function createWriterByRules(): Agent {
  return defineAgent({
    id: 'writer-rules',
    description: 'writes answers by rules',
    offers: [writeAnswer],
    bid: () => ({ time: '5ms', confidence: 0.6 }),
    perform: { 'answer.write': (input, { missing }) => ({ answer: writePlainly({ ...input, missing }) }) },
  })
}
