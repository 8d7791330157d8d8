/** Reading runs, and intervening in them. */
import { z } from 'zod'
import type { Muster } from '../coordinator.ts'
import { MusterError, type Principal } from '../core/index.ts'
import { goalChangeSchema } from '../intent/index.ts'
import { drawPlan } from '../planner/index.ts'
import { outturnOf, runPicture, runWords, stepWords } from '../runtime/index.ts'
import { nextOf, pageQuery } from './page.ts'
import { callerOf } from './rate.ts'
import { type Asked, defineAct, defineRead, nothing, type Route } from './route.ts'
import { linksOf, runView, statusOf } from './run-view.ts'
import { streamEvents } from './sse.ts'

/** An answer to the question of a run. */
export const answerSchema = z.strictObject({
  question: z.string().min(1).max(200),
  choice: z.string().min(1).max(200),
})

const reasonSchema = z.strictObject({ reason: z.string().min(1).max(2000).default('no reason was given') })

const eventsQuery = z.object({ after: z.coerce.number().int().min(0).default(0) })

const lastEventId = z.coerce.number().int().min(0)

export const runRoutes: readonly Route[] = [
  defineRead('/v1/runs', 'runs, newest first', pageQuery, async ({ c, muster, principal, input }) => {
    const { after, limit } = input
    const runs = await muster.runs({ limit, ...(after === undefined ? {} : { after }) }, principal)
    const ids = runs.map(({ run }) => run)
    return c.json({ runs: runs.map(({ head: _, ...shown }) => shown), ...nextOf(ids, limit) })
  }),
  defineRead('/v1/runs/:id', 'where a run stands', nothing, async ({ c, muster, principal }) =>
    c.json(runView(await muster.state(idOf(c), principal))),
  ),
  defineRead(
    '/v1/runs/:id/plan',
    'the plan, its forecast against what came, and a picture of it; as a drawing with `Accept: image/svg+xml`',
    nothing,
    async ({ c, muster, principal }) => {
      const { state } = await muster.state(idOf(c), principal)
      if (state.plan === undefined)
        throw new MusterError('not-found', `run \`${state.run}\` has no plan`, { hint: 'look at where the run stands' })
      if (wantsPicture(c.req.header('accept'))) return pictureResponse(c, runPicture(state) ?? '')
      const { plan, revision, forecast, planRuling: ruling } = state
      return c.json({ revision, plan, forecast, actual: outturnOf(state), ruling, picture: drawPlan(plan) })
    },
  ),
  defineRead(
    '/v1/runs/:id/result',
    'how a run came out; 202 while it has not',
    nothing,
    async ({ c, muster, principal }) => {
      const id = idOf(c)
      const { summary, state } = await muster.state(id, principal)
      if (state.concluded === undefined)
        return c.json({ run: id, status: statusOf(summary, state), links: linksOf(id) }, 202)
      const run = await muster.run(id, principal)
      return c.json(await run.result)
    },
  ),
  defineRead(
    '/v1/runs/:id/why',
    'why it went so: candidates, scores, rules, people; as data and in words',
    z.object({ step: z.string().min(1).max(200).optional() }),
    async ({ c, muster, principal, input }) => {
      const why = await muster.why(idOf(c), principal)
      if (input.step === undefined) return c.json({ ...why, words: runWords(why) })
      const step = why.steps.find(({ step }) => step === input.step)
      if (step !== undefined) return c.json({ ...step, words: stepWords(step) })
      throw new MusterError('not-found', `there is no step \`${input.step}\``, {
        hint: `this run has: ${why.steps.map(({ step }) => step).join(', ')}`,
      })
    },
  ),
  defineRead(
    '/v1/runs/:id/events',
    'server-sent events, each once; `Last-Event-ID` goes on',
    eventsQuery,
    async asked => {
      const { c, muster, principal, input } = asked
      const id = idOf(c)
      const run = await muster.run(id, principal)
      const after = afterOf(c.req.header('last-event-id')) ?? input.after
      const { state } = await muster.state(id, principal)
      // This status is how a browser is told that there is nothing left to come back for.
      if (state.concluded !== undefined && after >= state.seq) return c.body(null, 204)
      return streamEvents(asked, asked.holdStream(callerOf(principal)), async function* (signal) {
        for await (const event of run.events({ after, signal })) yield { id: event.seq, data: JSON.stringify(event) }
      })
    },
  ),
  defineAct('/v1/runs/:id/answers', 'answer the question of a run', { input: answerSchema, status: 202 }, asked =>
    intervene(asked, run => run.answer(asked.input.question, asked.input.choice)),
  ),
  defineAct('/v1/runs/:id/cancel', 'cancel a run', { input: reasonSchema, status: 202 }, asked =>
    intervene(asked, run => run.cancel(asked.input.reason)),
  ),
  defineAct('/v1/runs/:id/pause', 'begin no further step', { input: reasonSchema, status: 202 }, asked =>
    intervene(asked, run => run.pause(asked.input.reason)),
  ),
  defineAct(
    '/v1/runs/:id/change',
    'change budget or deadline, or give more; what is left is planned anew where it must',
    { input: goalChangeSchema, status: 202 },
    asked => intervene(asked, run => run.change(asked.input)),
  ),
  defineAct('/v1/runs/:id/resume', 'go on after a pause', { input: nothing, status: 202 }, asked =>
    intervene(asked, run => run.resume()),
  ),
]

/** Whether a request asks for a drawing before JSON. */
function wantsPicture(accept = ''): boolean {
  const kinds = accept.split(',').map(kind => kind.split(';')[0]?.trim())
  const [svg, json] = [kinds.indexOf('image/svg+xml'), kinds.indexOf('application/json')]
  return svg >= 0 && (json < 0 || svg < json)
}

// A drawing holds names that others chose: whatever they are, nothing in it runs or is fetched.
function pictureResponse(c: Asked<unknown>['c'], svg: string): Response {
  return c.body(svg, 200, {
    'content-type': 'image/svg+xml; charset=utf-8',
    'content-security-policy': "default-src 'none'; style-src 'unsafe-inline'",
    vary: 'accept',
  })
}

function idOf(c: Asked<unknown>['c']): string {
  return c.req.param('id') ?? ''
}

function afterOf(header: string | undefined): number | undefined {
  if (header === undefined || header === '') return undefined
  const after = lastEventId.safeParse(header)
  if (after.success) return after.data
  throw new MusterError('bad-input', 'the `Last-Event-ID` is not the number of an event', {
    hint: 'send the `id` of the last event that was read',
  })
}

async function intervene<Input>(
  { c, muster, principal }: Asked<Input>,
  act: (run: Awaited<ReturnType<Muster['run']>>) => Promise<void>,
): Promise<Response> {
  const id = idOf(c)
  await act(await muster.run(id, principal))
  return c.json(await standing(muster, id, principal), 202)
}

async function standing(muster: Muster, id: string, principal: Principal) {
  const { summary, state } = await muster.state(id, principal)
  return { run: id, status: statusOf(summary, state), links: linksOf(id) }
}
