/**
 * A plan that a language model drafts. The model here is a script, so that this runs without a key: it drafts badly, and what
 * it drafts is repaired. For a real one write `model: openaiModel({ model: 'gpt-5.2-mini' })`.
 */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import {
  all,
  concept,
  createMuster,
  defineAgent,
  defineCapability,
  defineConfig,
  defineGoal,
  languageModelPlanner,
} from 'muster'
import { scriptedModel } from 'muster/testing'
import { z } from 'zod'

const Question = concept('Question', z.string().min(1))
const Finding = concept('Finding', z.string())
const Weather = concept('Weather', z.string(), { isA: Finding })
const Traffic = concept('Traffic', z.string(), { isA: Finding })
const Answer = concept('Answer', z.string())

const lookOutside = defineCapability({
  name: 'weather.look-up',
  takes: { question: Question },
  gives: { weather: Weather },
  effect: 'reads',
})
const lookAtRoads = defineCapability({
  name: 'traffic.look-up',
  takes: { question: Question },
  gives: { traffic: Traffic },
  effect: 'reads',
})
const write = defineCapability({
  name: 'answer.write',
  takes: { question: Question, findings: all(Finding) },
  gives: { answer: Answer },
  effect: 'pure',
})

const desk = defineAgent({
  id: 'desk',
  offers: [lookOutside, lookAtRoads, write],
  perform: {
    'weather.look-up': () => ({ weather: 'it rains' }),
    'traffic.look-up': () => ({ traffic: 'the roads are free' }),
    'answer.write': ({ findings }) => ({ answer: findings.join(', and ') || 'nobody has looked' }),
  },
})

// Composition would look up nothing, for nothing has to be looked up. The draft does, but forgets an input of `w`.
const always = { after: [], when: null, unless: [], each: null }
const draft = {
  steps: [
    { id: 'r', capability: 'traffic.look-up@1', inputs: [{ port: 'question', from: ['given.question'] }], ...always },
    { id: 'o', capability: 'weather.look-up@1', inputs: [{ port: 'question', from: ['given.question'] }], ...always },
    {
      id: 'w',
      capability: 'answer.write@1',
      inputs: [{ port: 'findings', from: ['r.traffic', 'o.weather'] }],
      ...always,
    },
  ],
  wanted: [{ concept: 'Answer', from: 'w.answer' }],
}
const planner = languageModelPlanner({ id: 'planner', model: scriptedModel([{ json: { draft } }]) })

const policies = [{ file: 'all.cedar', text: '@id("all")\npermit (principal, action, resource);' }]
const data = await mkdtemp(path.join(tmpdir(), 'muster-drafted-'))
{
  await using muster = await createMuster(
    defineConfig({ agents: [desk, planner], planner: { drafter: 'plan.draft' }, policies, data }),
  )
  const run = await muster.declare(
    defineGoal({
      objective: 'Say how to get to work; look at weather and traffic',
      given: { question: 'By bike or by car?' },
      wanted: [Answer],
    }),
  )
  const { status, outputs } = await run.result
  const { plan } = await muster.why(run.id)
  console.log('the model is a script')
  if (plan?.origin?.kind === 'drafted') {
    for (const { step, reason } of plan.origin.issues) console.log(`wrong with the draft: ${step}: ${reason}`)
    for (const change of plan.origin.changes) console.log(`repaired: ${change}`)
  }
  console.log(`${status}: ${outputs.Answer}`)
}
await rm(data, { recursive: true })
