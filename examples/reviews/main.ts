/**
 * Reviews of a shop, judged one by one and summed up in the language of whoever asks. The plan has a loop over the reviews
 * and a translation that runs only when it is needed. Nobody writes it down: it follows from what agents take and give.
 */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { concept, createMuster, defineAgent, defineCapability, defineConfig, defineGoal } from 'muster'
import { z } from 'zod'

const review = z.object({ text: z.string(), stars: z.int().min(1).max(5) })
const mood = z.enum(['glad', 'fair', 'cross'])

const Review = concept('Review', review)
const Reviews = concept('Reviews', z.array(review), { listOf: Review })
const Mood = concept('Mood', mood)
const Moods = concept('Moods', z.array(mood), { listOf: Mood })
const Reader = concept('Reader', z.object({ language: z.enum(['en', 'de']) }))
const Digest = concept('Digest', z.string())
const Summary = concept('Summary', z.string())

const judge = defineCapability({
  name: 'review.judge',
  takes: { review: Review },
  gives: { mood: Mood },
  effect: 'pure',
})
const digest = defineCapability({
  name: 'moods.digest',
  takes: { moods: Moods },
  gives: { digest: Digest },
  effect: 'pure',
})
const keep = defineCapability({
  name: 'digest.keep',
  takes: { digest: Digest, reader: Reader },
  gives: { summary: Summary },
  effect: 'pure',
  when: 'reader.language == "en"',
})
const translate = defineCapability({
  name: 'digest.translate',
  takes: { digest: Digest, reader: Reader },
  gives: { summary: Summary },
  effect: 'pure',
  when: 'reader.language != "en"',
})

const critic = defineAgent({
  id: 'critic',
  offers: [judge, digest],
  perform: {
    'review.judge': ({ review: { stars } }) => ({ mood: stars > 3 ? 'glad' : stars === 3 ? 'fair' : 'cross' }),
    'moods.digest': ({ moods }) => {
      const glad = moods.filter(one => one === 'glad').length
      return { digest: `${glad} of ${moods.length} are glad` }
    },
  },
})
const editor = defineAgent({
  id: 'editor',
  offers: [keep],
  perform: { 'digest.keep': ({ digest }) => ({ summary: digest }) },
})
const interpreter = defineAgent({
  id: 'interpreter',
  offers: [translate],
  bid: () => ({ price: { usd: 0.02 }, time: '50ms', confidence: 0.9 }),
  perform: {
    'digest.translate': ({ digest }) => ({
      summary: digest.replace('of', 'von').replace('are glad', 'sind zufrieden'),
    }),
  },
})

const data = await mkdtemp(path.join(tmpdir(), 'muster-reviews-'))
{
  const agents = [critic, editor, interpreter]
  await using muster = await createMuster(
    defineConfig({ agents, concepts: [Reviews], policies: './policies', root: import.meta.dirname, data }),
  )
  const reviews = [
    { text: 'Came on time.', stars: 5 },
    { text: 'The box was open.', stars: 1 },
    { text: 'Just what I wanted.', stars: 4 },
  ]
  for (const language of ['en', 'de'] as const) {
    const run = await muster.declare(
      defineGoal({
        objective: 'What do customers say?',
        given: { reviews, reader: { language } },
        wanted: [Summary],
        limits: { deadline: '60s', budget: { usd: 0.5 } },
      }),
    )
    const { status, outputs, spent } = await run.result
    console.log(`${language}: ${status}, for ${spent / 1e6} dollars: ${outputs.Summary}`)
    for (const { step, capability, end } of (await muster.why(run.id)).steps)
      console.log(`  ${step} ${capability}: ${end.kind === 'dropped' ? end.reason : end.kind}`)
    if (status !== 'succeeded') process.exitCode = 1
  }
}
await rm(data, { recursive: true })
