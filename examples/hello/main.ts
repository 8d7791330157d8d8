/** The smallest whole Muster: two capabilities, two agents, one goal. Nobody writes the workflow. */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { concept, createMuster, defineAgent, defineCapability, defineConfig, defineGoal } from 'muster'
import { z } from 'zod'

const Question = concept('Question', z.string().min(1))
const Topics = concept('Topics', z.array(z.string()))
const Answer = concept('Answer', z.object({ text: z.string(), topics: z.array(z.string()) }))

const classify = defineCapability({
  name: 'ticket.classify',
  takes: { question: Question },
  gives: { topics: Topics },
  effect: 'pure',
  needs: { cpu: 0.1 },
})
const write = defineCapability({
  name: 'answer.write',
  takes: { question: Question, topics: Topics },
  gives: { answer: Answer },
  effect: 'pure',
})

const desk = defineAgent({
  id: 'desk',
  offers: [classify],
  perform: {
    'ticket.classify': ({ question }) => ({
      topics: ['refund', 'card', 'delivery'].filter(topic => question.toLowerCase().includes(topic)),
    }),
  },
})
const writer = defineAgent({
  id: 'writer',
  offers: [write],
  bid: ({ load }) => ({ price: { usd: 0.001 }, time: `${50 * (load + 1)}ms`, confidence: 0.95 }),
  perform: {
    'answer.write': ({ question, topics }) => ({
      answer: {
        text: `You asked: ${question} I understand that it is about ${topics.join(' and ') || 'something new'}.`,
        topics,
      },
    }),
  },
})

const data = await mkdtemp(path.join(tmpdir(), 'muster-hello-'))
{
  await using muster = await createMuster(
    defineConfig({ agents: [desk, writer], policies: './policies', root: import.meta.dirname, data }),
  )
  const run = await muster.declare(
    defineGoal({
      objective: 'Answer a customer',
      given: { question: 'Where is my refund for the card payment?' },
      wanted: [Answer],
      limits: { deadline: '60s', budget: { usd: 0.5 } },
      tradeoff: { cost: 0.3, latency: 0.2, quality: 0.5 },
    }),
  )
  for await (const event of run.events())
    console.log(`${event.seq}`.padStart(3), event.type, 'step' in event ? event.step : '')
  const { status, outputs, spent } = await run.result
  console.log(`${status}, for ${spent / 1e6} dollars: ${outputs.Answer?.text}`)
}
await rm(data, { recursive: true })
