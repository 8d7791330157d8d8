import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { defineCapability, learnIntents, loadIntents } from '../../src/agents/index.ts'
import { concept } from '../../src/core/index.ts'
import { createInterpreter, defineInterpreter, intentAgent, Reading } from '../../src/intent/index.ts'
import { firstEvent, permitAll, worker, world } from '../support/world.ts'

const Question = concept('Question', z.string().min(1))
const Refund = concept('RefundState', z.object({ text: z.string() }), { description: 'the state of a refund' })
const Parcel = concept('ParcelPlace', z.object({ text: z.string() }), { description: 'where a parcel is' })

const read = defineCapability({
  name: 'question.read',
  takes: { question: Question },
  gives: { reading: Reading },
  effect: 'pure',
})
const findRefund = defineCapability({
  name: 'refund.find',
  takes: { question: Question },
  gives: { refund: Refund },
  effect: 'reads',
  description: 'tells when money that was sent back arrives',
})
const findParcel = defineCapability({
  name: 'parcel.find',
  takes: { question: Question },
  gives: { parcel: Parcel },
  effect: 'reads',
  description: 'tracks the delivery of an order',
})
const desks = [
  worker('refund-desk', findRefund, () => ({ refund: { text: 'on Monday' } })),
  worker('parcel-desk', findParcel, () => ({ parcel: { text: 'in Rome' } })),
]
const examples = {
  refund: [
    'where is my refund',
    'I want my money back',
    'has the refund been paid',
    'when do I get my money back',
    'refund my payment please',
    'you still owe me a refund',
  ],
  parcel: [
    'where is my parcel',
    'track my delivery',
    'my parcel has not come',
    'when will the order be delivered',
    'the package is late',
    'has my order been sent',
  ],
}
const outside = [
  'who was the first king of Spain',
  'how tall is the tower',
  'sing me a song',
  'what is nine times nine',
  'is it going to rain tomorrow',
  'tell me a joke',
]
const reader = intentAgent({ id: 'reader', capability: read, examples, outside })
const interpreter = defineInterpreter({
  capability: read,
  intents: {
    refund: { wants: [Refund], says: 'a refund' },
    parcel: { wants: [Parcel], says: 'a parcel' },
  },
  always: [],
  covers: 'refunds and parcels',
})
const learnt = () => world({ agents: [reader, ...desks], interpreter, policies: permitAll })

describe('an agent that learnt ways to ask', () => {
  it('makes a text a goal that wants what the text is about', async () => {
    const run = await (await learnt()).declare({ text: 'when will I get my money back?' })
    const { status, outputs } = await run.result
    expect(status).toBe('succeeded')
    expect(outputs).toEqual({ RefundState: { text: 'on Monday' } })
  })

  it('finds two wishes in one text', async () => {
    const run = await (await learnt()).declare({ text: 'Where is my refund? My parcel has not come.' })
    const { status, outputs } = await run.result
    expect(status).toBe('succeeded')
    expect(Object.keys(outputs).sort()).toEqual(['ParcelPlace', 'RefundState'])
  })

  it('lets the person choose when two readings are close', async () => {
    const run = await (await learnt()).declare({ text: 'has it been sent, has it been paid' })
    const { question } = await firstEvent(run, 'question.asked')
    expect(question.choices.map(({ id }) => id).toSorted()).toEqual(['none', 'parcel', 'refund'])
    await run.answer(question.id, 'parcel')
    expect((await run.result).outputs).toEqual({ ParcelPlace: { text: 'in Rome' } })
  })

  it('says that a text is outside', async () => {
    const run = await (await learnt()).declare({ text: 'who was the tallest king' })
    const { status, reason } = await run.result
    expect(status).toBe('outside')
    expect(reason).toContain('refunds and parcels')
  })

  it('reads with a model that was learnt before and loaded', async () => {
    const said = Object.entries(examples).flatMap(([intent, texts]) => texts.map(request => ({ request, intent })))
    const model = loadIntents(learnIntents(said).save())
    const shipped = intentAgent({ id: 'reader', capability: read, model })
    const muster = await world({ agents: [shipped, ...desks], interpreter, policies: permitAll })
    const run = await muster.declare({ text: 'is my parcel late?' })
    expect((await run.result).outputs).toEqual({ ParcelPlace: { text: 'in Rome' } })
  })

  it('is refused with nothing to read by, or a capability that does not read', () => {
    expect(() => intentAgent({ id: 'reader', capability: read })).toThrow('has nothing to read texts by')
    expect(() => intentAgent({ id: 'reader', capability: findRefund, examples })).toThrow('cannot read texts')
  })
})

describe('an interpreter made from what agents say of themselves', () => {
  const { interpreter, agent } = createInterpreter({ id: 'reader', text: Question, agents: desks })
  const described = () => world({ agents: [agent, ...desks], interpreter, policies: permitAll })

  it('knows what can be wanted', () => {
    expect([...interpreter.intents.keys()]).toEqual(['ParcelPlace', 'RefundState'])
    expect(interpreter.covers).toBe('where a parcel is and the state of a refund')
  })

  it('makes a text a goal by the words of names and descriptions', async () => {
    const run = await (await described()).declare({ text: 'Can you track the parcel?' })
    expect((await run.result).outputs).toEqual({ ParcelPlace: { text: 'in Rome' } })
  })

  it('asks when two things that can be wanted are as close', async () => {
    const run = await (await described()).declare({ text: 'the delivery of my money' })
    const { question } = await firstEvent(run, 'question.asked')
    expect(question.choices.map(({ says }) => says)).toContain('the state of a refund')
    await run.answer(question.id, 'RefundState')
    expect((await run.result).outputs).toEqual({ RefundState: { text: 'on Monday' } })
  })

  it('says that a text of which nothing is known is outside', async () => {
    const run = await (await described()).declare({ text: 'Who was the first king of Spain?' })
    expect((await run.result).status).toBe('outside')
  })

  it('learns ways to ask where there are examples', async () => {
    const { interpreter, agent } = createInterpreter({
      id: 'reader',
      text: Question,
      agents: desks,
      examples: { RefundState: examples.refund, ParcelPlace: examples.parcel },
      outside,
    })
    const muster = await world({ agents: [agent, ...desks], interpreter, policies: permitAll })
    const run = await muster.declare({ text: 'the package has not come' })
    expect((await run.result).outputs).toEqual({ ParcelPlace: { text: 'in Rome' } })
  })

  it('is refused when nothing can be wanted, or an example is of something else', () => {
    expect(() => createInterpreter({ id: 'reader', text: Question, agents: [] })).toThrow('nothing can be wanted')
    expect(() =>
      createInterpreter({ id: 'reader', text: Question, agents: desks, examples: { Invoice: ['send my invoice'] } }),
    ).toThrow('there are examples of `Invoice`, which cannot be wanted')
  })
})
