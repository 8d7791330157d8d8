import { type Agent, concept, defineCapability, defineGoal, type Muster, type Principal, type Run } from 'muster'
import { createManualClock } from 'muster/testing'
import pino from 'pino'
import { describe, expect, it, onTestFinished } from 'vitest'
import { z } from 'zod'
import { MusterError } from '../../src/core/index.ts'
import { runWords } from '../../src/runtime/index.ts'
import { openSqliteStore, type Store, type Write } from '../../src/store/index.ts'
import { carryOut, from, given, planOf, step } from '../support/hand-made-plan.ts'
import {
  eventsOf,
  firstEvent,
  goodAgents,
  makeNoteA,
  maria,
  NoteA,
  Order,
  pay,
  payLimits,
  permitAll,
  Receipt,
  scratch,
  Text,
  worker,
  world,
} from '../support/world.ts'

const log = pino({ level: 'silent' })

const Summary = concept('Summary', z.string())
const summarise = defineCapability({
  name: 'summarise',
  takes: { note: NoteA, receipt: Receipt },
  gives: { summary: Summary },
  effect: 'pure',
})
const noteOther = defineCapability({
  name: 'note.other',
  takes: { text: Text },
  gives: { other: NoteA },
  effect: 'pure',
})
const payOther = defineCapability({
  name: 'pay.other',
  takes: { order: Order },
  gives: { receipt: Receipt },
  effect: 'acts',
  idempotent: true,
})

const goal = defineGoal({
  objective: 'pay and summarise',
  given: { text: 'hello', order: { amount: 50 } },
  wanted: [Summary],
})

const summariser = worker('summariser', summarise, ({ note, receipt }) => ({
  summary: `${JSON.stringify(note)} ${JSON.stringify(receipt)}`,
}))
const receipt = (order: unknown, key: string) => {
  const { amount } = z.object({ amount: z.int() }).parse(order)
  return { receipt: { text: `paid ${amount}`, amount, key } }
}

/** An agent whose offer is always better than that of another. */
const eager = () => ({ time: '1ms', confidence: 0.99 })

function payer(paid: string[], offers: Agent['offers'][number] = pay): Agent {
  return worker(`payer of ${offers.name}`, offers, ({ order }, { idempotencyKey }) => {
    paid.push(`${offers.name} ${idempotencyKey}`)
    return receipt(order, idempotencyKey)
  })
}

const fails = (id: string, offers: Agent['offers'][number]) =>
  worker(
    id,
    offers,
    () => {
      throw new Error('it is out of order')
    },
    eager,
  )
const noter = worker(
  'other noter',
  noteOther,
  ({ text }) => ({ other: { text } }),
  () => ({
    time: '10ms',
    confidence: 0.9,
  }),
)

const revisionsOf = async (run: Run) =>
  (await eventsOf(run)).flatMap(event => (event.type === 'plan.adopted' && event.revised ? [event.revised] : []))

/** Refuses paying, or asks finance about it. */
const ruling = (how: '' | '@escalate("finance")') => [
  ...permitAll,
  {
    file: 'no-pay.cedar',
    text: `@id("no-pay") @reason("nobody pays") ${how} forbid (principal, action == Muster::Action::"pay", resource)
when { context.phase == "before" };`,
  },
]

async function say(muster: Muster, run: Run, by: Principal, choice: 'approve' | 'reject') {
  expect(await run.idle()).toBe('waiting')
  const [approval] = await muster.approvals.list()
  if (approval === undefined) throw new Error('nothing waits')
  await muster.approvals.decide(approval.id, { choice, reason: 'because', digest: approval.digest }, by)
}

describe('a step that is given up', () => {
  it('is done by another way; what is finished stays, and effects happen once', async () => {
    const paid: string[] = []
    const muster = await world({ agents: [summariser, payer(paid), fails('noter', makeNoteA), noter] }, { log })
    const run = await muster.declare(goal)
    expect(await run.result).toMatchObject({
      status: 'succeeded',
      outputs: { Summary: expect.stringContaining('hello') },
    })
    const [revised, ...more] = await revisionsOf(run)
    expect(more).toEqual([])
    expect(revised?.because).toContain('it is out of order')
    expect(revised?.difference.added.map(({ capability }) => capability)).toEqual(['note.other@1'])
    expect(revised?.difference.dropped.map(({ capability }) => capability)).toEqual(['note.a@1'])
    expect(revised?.review.kind).toBe('stands')
    expect(paid).toHaveLength(1)
    const events = await eventsOf(run)
    expect(events.filter(({ type }) => type === 'plan.ruled')).toHaveLength(1)
    const why = await muster.why(run.id)
    expect(why.steps.filter(({ end }) => end.kind === 'succeeded')).toHaveLength(3)
    expect(why.revisions).toMatchObject([{ kind: 'adopted', revision: 2 }])
    expect(runWords(why)).toContainEqual(expect.stringMatching(/^ {2}`s\d` \(`note\.other@1`\) is added$/))
    expect(runWords(why)).toContainEqual(expect.stringContaining('what was permitted still stands'))
    const added = why.steps.find(({ capability }) => capability === 'note.other@1')
    expect(added?.reason?.for).toEqual([expect.stringMatching(/takes it as `note`$/)])
    expect((await muster.audit()).findings).toEqual([])
  })

  it('ends its run as ever when there is no other way, and says that there was none', async () => {
    const muster = await world({ agents: [summariser, payer([]), fails('noter', makeNoteA)] }, { log })
    const run = await muster.declare(goal)
    expect(await run.result).toMatchObject({ status: 'failed', reason: expect.stringContaining('it is out of order') })
    expect((await firstEvent(run, 'plan.kept')).reason).toContain('there is no other way')
    expect(await revisionsOf(run)).toEqual([])
  })

  it('has its plan changed so and so often, and not for ever', async () => {
    const ways = Array.from({ length: 9 }, (_, n) =>
      defineCapability({ name: `note.w${n}`, takes: { text: Text }, gives: { [`out${n}`]: NoteA }, effect: 'pure' }),
    )
    const muster = await world({ agents: ways.map((way, n) => fails(`noter-${n}`, way)) }, { log })
    const run = await muster.declare(defineGoal({ objective: 'x', given: { text: 'x' }, wanted: [NoteA] }))
    expect((await run.result).status).toBe('failed')
    expect(await revisionsOf(run)).toHaveLength(5)
    expect((await firstEvent(run, 'plan.kept')).reason).toContain('5 times already')
  })

  it('is done no other way when it may have changed the world', async () => {
    const paid: string[] = []
    const agents = [
      summariser,
      worker('noter', makeNoteA, ({ text }) => ({ a: { text } })),
      fails('payer', { ...pay, idempotent: false }),
      payer(paid, payOther),
    ]
    const muster = await world({ agents }, { log })
    const operator = muster.people.find(({ id }) => id === 'operator')
    if (operator === undefined) throw new Error('there is an operator')
    const run = await muster.declare(goal)
    const first = (await firstEvent(run, 'plan.adopted')).plan.steps.map(({ capability }) => capability)
    expect(first).toContain('pay@1')
    await say(muster, run, operator, 'reject')
    expect((await run.result).status).toBe('failed')
    expect((await firstEvent(run, 'plan.kept')).reason).toContain('may have changed something')
    expect(paid).toEqual([])
  })
})

describe('a step of which people are to say what came', () => {
  const other = defineCapability({
    name: 'summarise.other',
    takes: { text: Text },
    gives: { summary: Summary },
    effect: 'pure',
  })

  it('is not left aside for another way when a step beside it is given up', async () => {
    const agents = [
      summariser,
      fails('payer', { ...pay, idempotent: false }),
      fails('noter', makeNoteA),
      worker('other', other, () => ({ summary: 'without paying' })),
    ]
    const steps = [
      step('s1', 'pay', { order: given('order') }),
      step('s2', 'note.a', { text: given('text') }, { after: [] }),
      step('s3', 'summarise', { note: from('s2', 'a'), receipt: from('s1', 'receipt') }),
    ]
    const { run, muster } = await carryOut({ agents }, goal, planOf(steps, { Summary: from('s3', 'summary') }), { log })
    expect(await run.idle()).toBe('waiting')
    expect((await firstEvent(run, 'plan.kept')).reason).toContain('`pay@1` may have changed something')
    const [approval] = await muster.approvals.list()
    expect(approval).toMatchObject({ step: 's1', rule: 'outcome-unknown' })
    await run.cancel('enough')
    await run.result
    expect(await revisionsOf(run)).toEqual([])
  })
})

describe('a step that is refused', () => {
  it('by a rule is done by another way, which is ruled on like any other', async () => {
    const paid: string[] = []
    const agents = [
      summariser,
      payer(paid),
      payer(paid, payOther),
      worker('n', makeNoteA, ({ text }) => ({ a: { text } })),
    ]
    const muster = await world({ agents, policies: ruling('') })
    const run = await muster.declare(goal)
    expect((await run.result).status).toBe('succeeded')
    expect(paid).toEqual([expect.stringMatching(/^pay\.other /)])
    const [revised] = await revisionsOf(run)
    expect(revised?.because).toContain('nobody pays')
    // What changes the world and was not in the plan before is a risk that nobody has taken yet.
    expect(revised?.review).toMatchObject({ kind: 'anew', because: expect.stringContaining('pay.other@1') })
    const events = await eventsOf(run)
    const ruled = events.filter(({ type }) => type === 'plan.ruled')
    expect(ruled).toHaveLength(2)
    const added = revised?.difference.added.map(({ id }) => id)
    expect(events.some(event => event.type === 'step.ruled' && added?.includes(event.step))).toBe(true)
  })

  it('by a person is done by another way, or its run is denied', async () => {
    const paid: string[] = []
    const agents = [summariser, payer(paid), worker('n', makeNoteA, ({ text }) => ({ a: { text } }))]
    const denied = await world({ agents, policies: ruling('@escalate("finance")') })
    const run = await denied.declare(goal)
    await say(denied, run, maria, 'reject')
    expect(await run.result).toMatchObject({ status: 'denied', reason: expect.stringContaining('maria') })

    const muster = await world({ agents: [...agents, payer(paid, payOther)], policies: ruling('@escalate("finance")') })
    const other = await muster.declare(goal)
    await say(muster, other, maria, 'reject')
    expect((await other.result).status).toBe('succeeded')
    expect(paid).toEqual([expect.stringMatching(/^pay\.other /)])
  })

  it('is not asked about again under another name', async () => {
    const copy = defineCapability({ name: 'copy', takes: { text: Text }, gives: { order: Order }, effect: 'pure' })
    const agents = [
      summariser,
      payer([]),
      worker('n', makeNoteA, ({ text }) => ({ a: { text } })),
      worker('copier', copy, () => ({ order: { amount: 50 } })),
    ]
    const muster = await world({ agents, policies: ruling('@escalate("finance")') })
    const run = await muster.declare(goal)
    await say(muster, run, maria, 'reject')
    expect((await run.result).status).toBe('denied')
    expect((await eventsOf(run)).filter(({ type }) => type === 'approval.requested')).toHaveLength(1)
  })
})

describe('steps beside one that is given up', () => {
  it('go on, and one that waits for people goes on waiting, and is asked about once', async () => {
    const paid: string[] = []
    const agents = [summariser, payer(paid), fails('noter', makeNoteA), noter]
    const muster = await world({ agents, policies: payLimits }, { log })
    const run = await muster.declare(
      defineGoal({ objective: 'x', given: { text: 'x', order: { amount: 500 } }, wanted: [Summary] }),
    )
    await firstEvent(run, 'plan.adopted', (await firstEvent(run, 'plan.adopted')).seq)
    await say(muster, run, maria, 'approve')
    expect((await run.result).status).toBe('succeeded')
    expect(paid).toHaveLength(1)
    expect((await eventsOf(run)).filter(({ type }) => type === 'approval.requested')).toHaveLength(1)
  })
})

describe('a step that requires a fact', () => {
  const Proof = concept('Proof', z.string())
  const verified = { fact: 'verified', about: ['order'] }
  const verify = defineCapability({
    name: 'verify',
    takes: { order: Order },
    gives: { proof: Proof },
    brings: [verified],
    effect: 'pure',
  })
  const verifyOther = { ...verify, name: 'verify.other' }
  const paySure = { ...pay, requires: [verified] }
  const order = defineGoal({ objective: 'x', given: { order: { amount: 1 } }, wanted: [Receipt] })

  it('does not run when what should have brought it about has failed', async () => {
    const paid: string[] = []
    const muster = await world({ agents: [fails('verifier', verify), payer(paid, paySure)] }, { log })
    const run = await muster.declare(order)
    expect(await run.result).toMatchObject({ status: 'failed', reason: expect.stringContaining('verified(order)') })
    expect(paid).toEqual([])
  })

  it('runs when another way has brought it about', async () => {
    const paid: string[] = []
    const agents = [
      fails('verifier', verify),
      worker('other', verifyOther, () => ({ proof: 'ok' })),
      payer(paid, paySure),
    ]
    const muster = await world({ agents }, { log })
    const run = await muster.declare(order)
    expect((await run.result).status).toBe('succeeded')
    expect(paid).toHaveLength(1)
    const done = (await eventsOf(run)).flatMap(event => (event.type === 'step.succeeded' ? [event.agent] : []))
    expect(done).toEqual(['other', 'payer of pay'])
  })

  it('is not asked about again on the same data, wherever they come from', async () => {
    const Copy = concept('Copy', z.object({ amount: z.int() }), { isA: Order })
    const copy = defineCapability({ name: 'copy', takes: { text: Text }, gives: { copy: Copy }, effect: 'pure' })
    const agents = [
      worker('verifier', verify, () => ({ proof: 'ok' })),
      worker('copier', copy, () => ({ copy: { amount: 1 } })),
      payer([], paySure),
    ]
    const muster = await world({ agents, policies: ruling('@escalate("finance")') })
    const run = await muster.declare(
      defineGoal({ objective: 'x', given: { order: { amount: 1 }, text: 'x' }, wanted: [Receipt] }),
    )
    await say(muster, run, maria, 'reject')
    expect(await run.result).toMatchObject({ status: 'denied', reason: expect.stringContaining('because') })
    const events = await eventsOf(run)
    expect(events.filter(({ type }) => type === 'approval.requested')).toHaveLength(1)
    expect((await revisionsOf(run)).length).toBeGreaterThan(0)
  })
})

describe('a person who changes a run', () => {
  const dear = worker(
    'noter',
    makeNoteA,
    ({ text }) => ({ a: { text } }),
    () => ({
      price: { usd: 3 },
      time: '1ms',
      confidence: 0.9,
    }),
  )
  const asked = defineGoal({
    objective: 'x',
    given: { text: 'x', order: { amount: 500 } },
    wanted: [Summary],
    limits: { budget: { usd: 1 }, deadline: '1h' },
  })

  it('lets one go on that lacked money, by raising its budget', async () => {
    const muster = await world({ agents: [summariser, payer([]), dear], policies: payLimits }, { log })
    const run = await muster.declare(asked)
    await firstEvent(run, 'plan.kept')
    await run.change({ limits: { budget: { usd: 5 } }, reason: 'it is worth that much' })
    await firstEvent(run, 'plan.adopted', (await firstEvent(run, 'run.changed')).seq)
    await say(muster, run, maria, 'approve')
    expect((await run.result).status).toBe('succeeded')
    const { state } = await muster.state(run.id)
    expect(state).toMatchObject({ budget: 5_000_000, spent: 3_000_000 })
    expect(await firstEvent(run, 'run.changed')).toMatchObject({ by: 'operator', reason: 'it is worth that much' })
  })

  it('is refused what would go below what is spent, speaks of data twice, or says nothing', async () => {
    const muster = await world({ agents: [summariser, payer([]), dear], policies: payLimits }, { log })
    const run = await muster.declare({ goal: { ...asked.goal, limits: { budget: { usd: 9 } } } })
    await firstEvent(run, 'step.succeeded')
    await expect(run.change({ limits: { budget: { usd: 2 } } })).rejects.toThrow('spent or promised')
    await expect(run.change({ given: { text: 'y' } })).rejects.toThrow('given already')
    await expect(run.change({ given: { nothing: 'y' } })).rejects.toThrow('no concept')
    await expect(run.change({})).rejects.toThrow('change is not valid')
    const stranger = await muster.run(run.id, maria).catch((error: unknown) => error)
    expect(stranger).toBeInstanceOf(MusterError)
    await run.change({ limits: { budget: { usd: 4 } } })
    expect(await firstEvent(run, 'run.changed')).toMatchObject({ budget: 4_000_000 })
    await run.cancel('enough')
    await run.result
  })

  it('gives what was lacking', async () => {
    const read = defineCapability({ name: 'read', takes: { note: Summary }, gives: { a: NoteA }, effect: 'pure' })
    const Extra = concept('Extra', z.string(), { isA: Summary })
    const spare = defineCapability({ name: 'spare', takes: { extra: Extra }, gives: { b: Extra }, effect: 'pure' })
    const agents = [
      payer([]),
      fails('noter', makeNoteA),
      worker('reader', read, ({ note }) => ({ a: { text: String(note) } })),
      worker('sparer', spare, ({ extra }) => ({ b: extra })),
    ]
    const muster = await world({ agents, policies: payLimits }, { log })
    const run = await muster.declare(
      defineGoal({ objective: 'x', given: { text: 'x', order: { amount: 500 } }, wanted: [NoteA, Receipt] }),
    )
    await firstEvent(run, 'plan.kept')
    await run.change({ given: { extra: 'from elsewhere' }, reason: 'I found it' })
    await firstEvent(run, 'plan.adopted', (await firstEvent(run, 'run.changed')).seq)
    await say(muster, run, maria, 'approve')
    expect(await run.result).toMatchObject({ status: 'succeeded', outputs: { NoteA: { text: 'from elsewhere' } } })
    const [revised] = await revisionsOf(run)
    expect(revised?.review).toMatchObject({ kind: 'anew', because: expect.stringContaining('extra') })
  })

  it('changes nothing else when the plan holds as it is', async () => {
    const muster = await world({ agents: [...goodAgents(), summariser], policies: payLimits })
    const run = await muster.declare(asked)
    expect(await run.idle()).toBe('waiting')
    await run.change({ limits: { deadline: '2h' } })
    expect((await firstEvent(run, 'plan.kept')).reason).toContain('holds as it is')
    await say(muster, run, maria, 'approve')
    expect((await run.result).status).toBe('succeeded')
    expect(await revisionsOf(run)).toEqual([])
  })
})

describe('what is left of a plan', () => {
  const Draft = concept('Draft', z.string())
  const Final = concept('Final', z.string())
  const draft = defineCapability({ name: 'draft', takes: { text: Text }, gives: { draft: Draft }, effect: 'pure' })
  const finish = defineCapability({ name: 'finish', takes: { draft: Draft }, gives: { final: Final }, effect: 'pure' })
  const hurry = defineCapability({ name: 'hurry', takes: { draft: Draft }, gives: { hurried: Final }, effect: 'pure' })
  const agents = (clock: ReturnType<typeof createManualClock>) => [
    worker(
      'drafter',
      draft,
      async ({ text }) => {
        await clock.advance(55_000)
        return { draft: text }
      },
      () => ({ time: '6s', confidence: 0.9 }),
    ),
    worker(
      'finisher',
      finish,
      () => ({ final: 'finished' }),
      () => ({ time: '20s', confidence: 0.9 }),
    ),
    worker(
      'runner',
      hurry,
      () => ({ hurried: 'hurried' }),
      () => ({ price: { usd: 0.1 }, time: '1s', confidence: 0.9 }),
    ),
  ]
  const asked = defineGoal({ objective: 'x', given: { text: 'x' }, wanted: [Final], limits: { deadline: '60s' } })

  it('is planned anew when it would be late', async () => {
    const clock = createManualClock()
    const muster = await world({ agents: agents(clock) }, { clock, log })
    // What each way takes is known by asking for it once.
    const known = defineGoal({ objective: 'x', given: { draft: 'x' }, wanted: [Final] })
    await muster.plan(known)
    await muster.plan(known)
    const run = await muster.declare(asked)
    expect(await run.result).toMatchObject({ status: 'succeeded', outputs: { Final: 'hurried' } })
    expect((await firstEvent(run, 'plan.doubted')).reason).toContain('expected to take 20000 ms')
    expect(await revisionsOf(run)).toHaveLength(1)
  })

  it('is tried as it is when nothing is faster', async () => {
    const clock = createManualClock()
    const muster = await world({ agents: agents(clock).filter(({ id }) => id !== 'runner') }, { clock, log })
    const run = await muster.declare(asked)
    expect(await run.result).toMatchObject({ status: 'failed', reason: expect.stringContaining('finisher') })
    expect((await firstEvent(run, 'plan.kept')).reason).toContain('expected to take')
    expect(await revisionsOf(run)).toEqual([])
  })
})

describe('what was permitted', () => {
  const askAboutPlans = [
    ...permitAll,
    {
      file: 'plan.cedar',
      text: '@id("plans") @reason("finance looks at plans") @escalate("finance") @within("30m") forbid (principal, action == Muster::Action::"plan", resource);',
    },
  ]
  const plans = (usd: number) => [
    fails('noter', makeNoteA),
    worker(
      'other noter',
      noteOther,
      ({ text }) => ({ other: { text } }),
      () => ({ price: { usd }, time: '2ms', confidence: 0.9 }),
    ),
  ]
  const notes = defineGoal({ objective: 'x', given: { text: 'x' }, wanted: [NoteA], limits: { budget: { usd: 1 } } })

  it('covers a revision that costs and risks no more', async () => {
    const muster = await world({ agents: plans(0), policies: askAboutPlans }, { log })
    const run = await muster.declare(notes)
    await say(muster, run, maria, 'approve')
    expect((await run.result).status).toBe('succeeded')
    expect((await eventsOf(run)).filter(({ type }) => type === 'approval.requested')).toHaveLength(1)
  })

  it('does not cover one that costs more: people are asked again', async () => {
    const muster = await world({ agents: plans(0.2), policies: askAboutPlans }, { log })
    const run = await muster.declare(notes)
    await say(muster, run, maria, 'approve')
    await firstEvent(run, 'approval.requested', (await firstEvent(run, 'approval.voted')).seq)
    await say(muster, run, maria, 'approve')
    expect((await run.result).status).toBe('succeeded')
    const [revised] = await revisionsOf(run)
    expect(revised?.review).toMatchObject({ kind: 'anew', because: 'at worst it costs more than what was permitted' })
  })

  it('is not asked for again when limits change and the plan holds', async () => {
    const muster = await world({ agents: goodAgents(), policies: askAboutPlans })
    const run = await muster.declare(notes)
    expect(await run.idle()).toBe('waiting')
    await run.change({ limits: { budget: { usd: 2 } } })
    await firstEvent(run, 'plan.kept')
    await say(muster, run, maria, 'approve')
    expect((await run.result).status).toBe('succeeded')
    expect((await eventsOf(run)).filter(({ type }) => type === 'approval.requested')).toHaveLength(1)
  })

  it('is asked for again and refused: then the run is denied', async () => {
    const muster = await world({ agents: plans(0.2), policies: askAboutPlans }, { log })
    const run = await muster.declare(notes)
    await say(muster, run, maria, 'approve')
    await firstEvent(run, 'approval.requested', (await firstEvent(run, 'approval.voted')).seq)
    await say(muster, run, maria, 'reject')
    expect((await run.result).status).toBe('denied')
  })
})

/** A store that does not take a commit of which `refuses` says so. */
async function failingStore(refuses: (writes: readonly Write[]) => boolean): Promise<Store> {
  const store = await openSqliteStore({ file: `${scratch()}/muster.db`, durability: 'normal' })
  onTestFinished(() => store[Symbol.asyncDispose]())
  return {
    ...store,
    commit: async writes => {
      if (refuses(writes)) throw new MusterError('store-failed', 'the disk is full')
      await store.commit(writes)
    },
  }
}

it('a revision that the disk takes the second time is made anew, and adopted once', async () => {
  let failures = 0
  const store = await failingStore(writes =>
    writes.some(
      write =>
        write.kind === 'append' &&
        write.events.some(({ type, body }) => type === 'plan.adopted' && body.includes('"revised"')) &&
        ++failures === 1,
    ),
  )
  const paid: string[] = []
  const muster = await world({ agents: [summariser, payer(paid), fails('noter', makeNoteA), noter] }, { log, store })
  const run = await muster.declare(goal)
  expect((await run.result).status).toBe('succeeded')
  expect(failures).toBe(2)
  expect(await revisionsOf(run)).toHaveLength(1)
  expect(paid).toHaveLength(1)
})
