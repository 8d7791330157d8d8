/** From words to work: a few ways to ask for a thing are learnt, the goal is made, the plan is composed. No model is asked. */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { concept, createInterpreter, createMuster, defineAgent, defineCapability, defineConfig } from 'muster'
import { z } from 'zod'

const Message = concept('Message', z.string().min(1))
const Refund = concept('Refund', z.string(), { description: 'the state of a refund' })
const Parcel = concept('Parcel', z.string(), { description: 'the place of a parcel' })

const findRefund = defineCapability({
  name: 'refund.find',
  takes: { message: Message },
  gives: { refund: Refund },
  effect: 'reads',
})
const findParcel = defineCapability({
  name: 'parcel.find',
  takes: { message: Message },
  gives: { parcel: Parcel },
  effect: 'reads',
})
const shop = defineAgent({
  id: 'shop',
  offers: [findRefund, findParcel],
  perform: {
    'refund.find': () => ({ refund: 'your money comes on Monday' }),
    'parcel.find': () => ({ parcel: 'your parcel is in Rome' }),
  },
})

const { agent, interpreter } = createInterpreter({
  id: 'reader',
  text: Message,
  agents: [shop],
  examples: {
    Refund: ['where is my refund', 'I want my money back', 'when do I get the money', 'has it been paid back'],
    Parcel: ['where is my parcel', 'track my delivery', 'my order has not come', 'has it been sent'],
  },
  outside: ['who was the first king of Spain', 'sing me a song', 'will it rain tomorrow', 'tell me a joke'],
})

const data = await mkdtemp(path.join(tmpdir(), 'muster-ask-'))
{
  await using muster = await createMuster(
    defineConfig({ agents: [shop, agent], interpreter, policies: './policies', root: import.meta.dirname, data }),
  )
  for (const text of ['Where is my money?', 'My parcel has not come. I want my refund.', 'Who was the king of Rome?']) {
    const { status, outputs, reason } = await (await muster.declare({ text })).result
    console.log(`${text}\n  ${status}: ${Object.values(outputs).join(', ') || reason}`)
  }
}
await rm(data, { recursive: true })
