import * as fc from 'fast-check'
import type { Agent, Capability, Muster, Run } from 'muster'
import { describe, expect, test } from 'vitest'
import { boardOf } from '../../src/cli/view/board.ts'
import { foldView, startView } from '../../src/cli/view/model.ts'
import { eventLines } from '../../src/cli/view/plain.ts'
import type { Clock } from '../../src/core/index.ts'
import { drawPlan, plan } from '../../src/planner/index.ts'
import { explainRun, outturnOf, type RunEvent, runPicture, runWords } from '../../src/runtime/index.ts'
import { wrongIn } from '../support/judge.ts'
import { anyMixed, concepts, type Mixed, problemOf } from '../support/mixed.ts'
import { eventsOf, maria, permitAll, world } from '../support/world.ts'

/** How agents for one capability behave. */
type Manner = 'well' | 'never' | 'not at first' | 'after it was done' | 'declines'

const anyManners = fc.array(
  fc.constantFrom<Manner>(
    'well',
    'well',
    'well',
    'well',
    'well',
    'well',
    'never',
    'not at first',
    'after it was done',
    'declines',
  ),
  { minLength: 8, maxLength: 8 },
)

const anyRules = fc.array(
  fc.record({
    capability: fc.nat(8),
    phase: fc.constantFrom('before', 'before', 'after'),
    escalate: fc.boolean(),
  }),
  { maxLength: 2 },
)

/** A tenth of a second is a millisecond: work is done at once here, and only pauses between attempts take time. */
function fastClock(): Clock {
  const begin = performance.now()
  return {
    now: () => 1_767_225_600_000 + Math.floor((performance.now() - begin) * 100),
    after(ms, wake) {
      const timer = setTimeout(wake, Math.max(0, Math.ceil(ms / 100)))
      timer.unref()
      return () => clearTimeout(timer)
    },
  }
}

const sum = (value: unknown): number =>
  typeof value === 'number'
    ? value
    : Array.isArray(value)
      ? value.reduce((all: number, one) => all * 7 + sum(one), 3)
      : 0

function agentOf(capability: Capability, price: number, manner: Manner, place: number): Agent {
  const seen = new Set<string>()
  let offers = 0
  return {
    id: capability.name.replaceAll('.', '-'),
    kind: 'function',
    domain: 'home',
    description: capability.name,
    offers: [capability],
    models: [],
    bid() {
      if (manner === 'declines' && offers++ > 0) return { decline: 'not again' }
      return { price: { usd: price / 1000 }, time: '10ms', confidence: 0.9 }
    },
    async perform(_, input, { idempotencyKey }) {
      const again = seen.has(idempotencyKey)
      seen.add(idempotencyKey)
      if (manner === 'never' || (manner === 'not at first' && !again)) throw new Error('it is out of order')
      if (manner === 'after it was done') throw new Error('it is done, and nobody hears of it')
      const base = Object.values(input).reduce((all: number, one) => all * 5 + sum(one), place)
      return Object.fromEntries(
        Object.entries(capability.gives).map(([port, { listOf }], at) => {
          const value = (base + at) % 1009
          return [port, listOf ? Array.from({ length: value % 4 }, (_, one) => value + one) : value]
        }),
      )
    },
  }
}

interface Rule {
  readonly capability: number
  readonly phase: string
  readonly escalate: boolean
}

function policiesOf({ capabilities }: Mixed, rules: readonly Rule[]) {
  const text = rules.map(({ capability, phase, escalate }, at) => {
    const { name } = capabilities[capability % capabilities.length] ?? {}
    const lift = escalate ? '@escalate("finance") @within("30m")' : ''
    return `@id("rule-${at}") @reason("nobody does that") ${lift}
forbid (principal, action == Muster::Action::"${name}", resource) when { context.phase == "${phase}" };`
  })
  return [...permitAll, { file: 'rules.cedar', text: text.join('\n') }]
}

/** Answers what people are asked, in turn as `yes` says and then no more with yes, until the run has ended. */
async function answerAll(muster: Muster, run: Run, yes: readonly boolean[]): Promise<void> {
  const operator = muster.people.find(({ id }) => id === 'operator')
  for (let asked = 0; (await run.idle()) === 'waiting'; asked++) {
    const [approval] = await muster.approvals.list()
    if (approval === undefined || operator === undefined) continue
    const by = approval.to === 'operator' ? operator : maria
    const choice = yes[asked] ? 'approve' : 'reject'
    await muster.approvals.decide(approval.id, { choice, reason: 'because', digest: approval.digest }, by)
  }
}

function lookAt(run: Run, events: readonly RunEvent[]): void {
  const [first] = events
  let view = first && startView({ id: run.id, objective: 'x' }, first)
  for (const event of events.slice(1)) {
    if (view === undefined) throw new Error('there is no view')
    view = foldView(view, event)
    eventLines(event, view)
    boardOf(view, { width: 100, height: 40, now: event.at })
    if (event.type === 'plan.adopted') drawPlan(event.plan)
  }
  const why = explainRun(run.id, events)
  expect(why).toBeDefined()
  if (why) runWords(why)
}

const anyRun = fc
  .record({
    mixed: anyMixed,
    manners: anyManners,
    rules: anyRules,
    yes: fc.array(fc.boolean(), { minLength: 3, maxLength: 3 }),
  })
  .filter(({ mixed }) => {
    const answer = plan({ ...problemOf(mixed), estimate: () => ({ price: 0, time: 50, reliability: 0.98 }) })
    return answer.kind === 'planned' && answer.plan.steps.length > 2
  })

describe('runs in which everything is mixed', () => {
  test('keep every promise, by an independent reading of their events', { timeout: 120_000 }, async () => {
    await fc.assert(
      fc.asyncProperty(anyRun, async ({ mixed, manners, rules, yes }) => {
        const agents = mixed.capabilities.map((one, at) =>
          agentOf(one, mixed.prices[one.name] ?? 0, manners[at] ?? 'well', at),
        )
        const { methods, goal } = mixed
        const muster = await world(
          { agents, methods, concepts, policies: policiesOf(mixed, rules), lease: '1h' },
          { clock: fastClock() },
        )
        const run = await muster.declare({ goal })
        await answerAll(muster, run, yes)
        await run.result
        const events = await eventsOf(run)
        const { state } = await muster.state(run.id)
        await muster[Symbol.asyncDispose]()
        expect(wrongIn(events, mixed)).toEqual([])
        lookAt(run, events)
        outturnOf(state)
        runPicture(state)
      }),
      { endOnFailure: true, numRuns: 80 },
    )
  })
})
