import { concept, defineCapability, defineGoal, type Run } from 'muster'
import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { explainRun, type RunEvent } from '../../src/runtime/index.ts'
import { stepWords } from '../../src/runtime/explain-words.ts'
import { carryOut, first, from, given, planOf, step } from '../support/hand-made-plan.ts'
import { eventsOf, maria, Text, worker } from '../support/world.ts'

const Draft = concept('Draft', z.object({ text: z.string(), good: z.boolean() }))
const Note = concept('Note', z.string())
const Notes = concept('Notes', z.array(z.string()), { listOf: Note })
const Words = concept('Words', z.array(z.string()), { listOf: Text })
const Count = concept('Count', z.int())

const draft = defineCapability({ name: 'draft', takes: { text: Text }, gives: { draft: Draft }, effect: 'pure' })
const quick = defineCapability({ name: 'quick', takes: { text: Text }, gives: { note: Note }, effect: 'pure' })
const slow = defineCapability({ name: 'slow', takes: { text: Text }, gives: { note: Note }, effect: 'pure' })
const count = defineCapability({ name: 'count', takes: { notes: Notes }, gives: { count: Count }, effect: 'pure' })
const known = defineCapability({
  name: 'known',
  takes: { text: Text },
  gives: { note: Note },
  effect: 'pure',
  when: 'text != "unknown"',
})

const said: string[] = []
const note = (how: string) => (input: Readonly<Record<string, unknown>>) => {
  said.push(`${how} ${String(input['text'])}`)
  if (how === 'quick' && input['text'] === 'bad') throw new Error('cannot do that')
  return { note: `${how} ${String(input['text'])}` }
}
const agents = [
  worker('drafter', draft, ({ text }) => ({ draft: { text, good: text !== 'poor' } })),
  worker('quick-one', quick, note('quick')),
  worker('slow-one', slow, note('slow')),
  worker('knower', known, note('known')),
  worker('counter', count, ({ notes }) => ({ count: Array.isArray(notes) ? notes.length : -1 })),
]

const goal = (text: string, wanted = Note) => defineGoal({ objective: 'a note', given: { text }, wanted: [wanted] })
const whenGood = { condition: 'draft.good', over: { draft: from('s1', 'draft') } }

const ends = (events: readonly RunEvent[]) =>
  events.flatMap(event =>
    event.type === 'step.succeeded'
      ? [`${event.step} succeeded`]
      : event.type === 'step.dropped'
        ? [`${event.step} ${event.cause}`]
        : [],
  )

describe('a step with a condition', () => {
  const steps = [
    step('s1', 'draft', { text: given('text') }),
    step('s2', 'quick', { text: given('text') }, { when: whenGood }),
  ]
  const plan = planOf(steps, { Note: from('s2', 'note') })

  it('runs when it holds', async () => {
    const { run } = await carryOut({ agents }, goal('fine'), plan)
    expect(await run.result).toMatchObject({ status: 'succeeded', outputs: { Note: 'quick fine' } })
  })

  it('is skipped when it does not, which is no failure', async () => {
    const { run } = await carryOut({ agents }, goal('poor'), plan)
    expect(await run.result).toMatchObject({ status: 'succeeded', outputs: {} })
    expect(ends(await eventsOf(run))).toEqual(['s1 succeeded', 's2 condition'])
  })
})

describe('an alternative', () => {
  const plan = planOf(
    [
      step('s1', 'draft', { text: given('text') }),
      step('s2', 'quick', { text: given('text') }, { when: whenGood }),
      step('s3', 'slow', { text: given('text') }, { unless: ['s2'] }),
    ],
    { Note: first(from('s2', 'note'), from('s3', 'note')) },
  )

  it('is not needed when what it stands in for has delivered, and why says so', async () => {
    const { run } = await carryOut({ agents }, goal('fine'), plan)
    expect(await run.result).toMatchObject({ status: 'succeeded', outputs: { Note: 'quick fine' } })
    const steps = explainRun(run.id, await eventsOf(run))?.steps ?? []
    expect(steps.map(one => stepWords(one)[0])).toContain('s3 slow@1: not needed: `s2` has delivered')
  })

  it.for(['poor', 'bad'])('runs when what it stands in for is skipped or fails: %s', async text => {
    const { run } = await carryOut({ agents }, goal(text), plan)
    expect(await run.result).toMatchObject({ status: 'succeeded', outputs: { Note: `slow ${text}` } })
  })
})

/** Why a step did not deliver; the run may then have found another way. */
async function whyDropped(run: Run, id: string): Promise<string | undefined> {
  const events = await eventsOf(run)
  return events.flatMap(event => (event.type === 'step.dropped' && event.step === id ? [event.reason] : []))[0]
}

describe('a loop', () => {
  const loop = (most = 10, capability = 'quick') =>
    planOf(
      [
        step('s1', capability, { text: given('words') }, { each: { port: 'text', most, gives: { note: 'Notes' } } }),
        step('s2', 'count', { notes: from('s1', 'note') }),
      ],
      { Count: from('s2', 'count'), Notes: from('s1', 'note') },
    )
  const wants = (words: readonly string[], usd = 1) =>
    defineGoal({ objective: 'x', given: { words }, wanted: [Count, Notes], limits: { budget: { usd } } })
  // Without a second giver of notes, so that there is no other way.
  const listing = [
    ...agents.filter(({ id }) => !['slow-one', 'knower'].includes(id)),
    worker(
      'lister',
      defineCapability({ name: 'list', takes: { words: Words }, gives: { text: Text }, effect: 'pure' }),
      () => ({ text: '' }),
    ),
  ]

  it('runs once for every item, and gives the list in their order', async () => {
    const { run } = await carryOut({ agents: listing }, wants(['a', 'b', 'c']), loop())
    expect(await run.result).toMatchObject({
      status: 'succeeded',
      outputs: { Count: 3, Notes: ['quick a', 'quick b', 'quick c'] },
    })
    const called = (await eventsOf(run)).flatMap(event => (event.type === 'step.called' ? [event.step.id] : []))
    expect(called).toEqual(['s1/1', 's1/2', 's1/3'])
  })

  it('over no item gives an empty list', async () => {
    const { run } = await carryOut({ agents: listing }, wants([]), loop())
    expect(await run.result).toMatchObject({ status: 'succeeded', outputs: { Count: 0, Notes: [] } })
  })

  it('over more items than it may is refused before any runs', async () => {
    said.length = 0
    const { run } = await carryOut({ agents: listing }, wants(['a', 'b', 'c']), loop(2))
    await run.result
    expect(await whyDropped(run, 's1')).toContain('its list has 3 items, and it may run for 2 at most')
    expect(said.filter(words => words.startsWith('quick'))).toEqual([])
  })

  it('leaves out the items of which the condition does not hold', async () => {
    const { run } = await carryOut(
      { agents: [...agents, ...listing.slice(-1)] },
      wants(['a', 'unknown', 'c']),
      loop(10, 'known'),
    )
    expect(await run.result).toMatchObject({ outputs: { Count: 2, Notes: ['known a', 'known c'] } })
  })

  it('fails with an item that fails, when the others have ended', async () => {
    said.length = 0
    const { run } = await carryOut({ agents: listing }, wants(['a', 'bad', 'c']), loop())
    await run.result
    expect(await whyDropped(run, 's1')).toContain('item 2: agent `quick-one` failed at `quick`: cannot do that')
    expect(said).toContain('quick c')
  })

  it('over more than the budget can pay is refused before any runs', async () => {
    said.length = 0
    const dear = worker('quick-one', quick, note('quick'), () => ({
      price: { usd: 0.4 },
      time: '5ms',
      confidence: 0.9,
    }))
    const two = planOf(
      [
        step('s1', 'quick', { text: given('text') }),
        step(
          's2',
          'quick',
          { text: given('words') },
          {
            after: ['s1'],
            each: { port: 'text', most: 10, gives: { note: 'Notes' } },
          },
        ),
      ],
      { Note: from('s1', 'note'), Notes: from('s2', 'note') },
    )
    const asked = defineGoal({
      objective: 'x',
      given: { words: ['a', 'b', 'c'], text: 'x' },
      wanted: [Note, Notes],
      limits: { budget: { usd: 1 } },
    })
    const { run } = await carryOut({ agents: [dear, ...listing.filter(({ id }) => id !== 'quick-one')] }, asked, two)
    const result = await run.result
    expect(await whyDropped(run, 's2')).toContain('3 items are expected to cost $1.2')
    expect(said.filter(words => words.startsWith('quick'))).toEqual(['quick x'])
    expect(result.spent).toBe(400_000)
  })

  it('goes on when people have let one of its items go on, and the others do not wait', async () => {
    const policies = [
      {
        file: 'a.cedar',
        text: `@id("all")
permit (principal, action, resource);
@id("ask-b") @reason("b is delicate") @escalate("finance") @within("30m")
forbid (principal, action == Muster::Action::"quick", resource)
when { context.phase == "before" && context.input.text == "b" };`,
      },
    ]
    const { run, muster } = await carryOut({ agents: listing, policies }, wants(['a', 'b', 'c']), loop())
    expect(await run.idle()).toBe('waiting')
    const [asked] = await muster.approvals.list()
    if (asked === undefined) throw new Error('nobody was asked')
    expect(asked.step).toBe('s1/2')
    await muster.approvals.decide(asked.id, { choice: 'approve', digest: asked.digest, reason: 'fine' }, maria)
    expect(await run.result).toMatchObject({ outputs: { Notes: ['quick a', 'quick b', 'quick c'] } })
  })
})

describe('when a plan is made anew', () => {
  it('a skipped alternative is not taken for a sign that there is nothing to do', async () => {
    const plan = planOf(
      [
        step('s1', 'known', { text: given('text') }),
        step('s2', 'quick', { text: given('text') }, { unless: ['s1'] }),
        step('s3', 'join', { note: first(from('s1', 'note'), from('s2', 'note')) }),
      ],
      { Joined: from('s3', 'joined') },
    )
    const Joined = concept('Joined', z.string())
    const join = defineCapability({ name: 'join', takes: { note: Note }, gives: { joined: Joined }, effect: 'pure' })
    const failing = worker('quick-one', quick, () => {
      throw new Error('cannot do that')
    })
    const { run } = await carryOut(
      {
        agents: [
          failing,
          ...agents.filter(({ id }) => id !== 'quick-one'),
          worker('joiner', join, ({ note: text }) => ({ joined: `joined ${String(text)}` })),
        ],
      },
      defineGoal({ objective: 'a note', given: { text: 'unknown' }, wanted: [Joined] }),
      plan,
    )
    expect(await run.result).toMatchObject({ status: 'succeeded', outputs: { Joined: 'joined slow unknown' } })
  })
})
