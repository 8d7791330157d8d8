import type { ApprovalId, Digest, RunId } from '../../src/core/index.ts'
import { differenceOf } from '../../src/planner/index.ts'
import type { Approval } from '../../src/policy/index.ts'
import type { RunEvent, RunEventBody } from '../../src/runtime/index.ts'
import { describe, expect, it } from 'vitest'
import { boardOf } from '../../src/cli/view/board.ts'
import { foldView, type RunView, startView } from '../../src/cli/view/model.ts'
import { eventLines } from '../../src/cli/view/plain.ts'
import { answerersOf, type Key, press, type Prompt, promptFor, promptLines } from '../../src/cli/view/prompt.ts'
import {
  fit,
  type Line,
  line,
  linesIn,
  lineWidth,
  paintLine,
  styled,
  table,
  widthOf,
  wrap,
} from '../../src/cli/view/text.ts'
import { maria, paul } from '../support/world.ts'

const plainly = (lines: readonly Line[]) => lines.map(one => paintLine(one, (_, text) => text))
const digest = 'sha256:0' as Digest
const carl = { id: 'carl', kind: 'person', roles: ['finance'], tenant: 'home' } as const
const labels = { trusted: true, origins: [], sensitivity: 'internal' } as const

const approval: Approval = {
  id: 'approval-1' as ApprovalId,
  run: 'run-1' as RunId,
  tenant: 'home',
  step: 's1',
  scope: 'home',
  rule: 'above-100',
  to: 'finance',
  quorum: 1,
  digest,
  text: 'more than 100 needs finance',
  capability: 'pay@1',
  input: { order: { amount: 150 } },
  askedBy: ['carl'],
  askedAt: 1000,
  expiresAt: 1000 + 30 * 60_000,
  votes: [],
  outcome: { status: 'open' },
}
const range = { low: 1000, likely: 1000, high: 2000 }
const ruling = {
  phase: 'before',
  decision: 'permit',
  digest,
  policies: digest,
  reasons: [{ scope: 'home', rule: 'work', effect: 'permit', text: 'work is permitted' }],
} as const

const declared: RunEventBody = {
  type: 'goal.declared',
  principal: carl,
  declared: { kind: 'text', text: { digest, size: 1, concept: 'Question', labels } },
  given: {},
  deadline: 3_600_000,
  budget: 1_000_000,
  dryRun: false,
}
const planned: RunEventBody = {
  type: 'plan.adopted',
  revision: 1,
  origin: { kind: 'composed' },
  forecast: {
    cost: range,
    time: { low: 50, likely: 50, high: 100 },
    risk: 0.1,
    criticalPath: [],
    coverage: 0.9,
    width: 1,
    steps: [],
  },
  why: [],
  plan: {
    digest,
    wanted: {},
    steps: [
      { id: 's1', capability: 'pay@1', inputs: { order: { from: 'given', name: 'order' } }, after: [] },
      {
        id: 's2',
        capability: 'tell@2',
        inputs: { paid: [{ from: 'step', step: 's1', output: 'receipt' }] },
        after: ['s1'],
      },
    ],
  },
}
const drafted: RunEventBody = {
  ...planned,
  origin: {
    kind: 'drafted',
    step: 'draft-2',
    round: 2,
    issues: [{ kind: 'unbound-input', step: 's1', reason: 'nothing is bound to `order`' }],
    changes: ['`s1` takes `order` from what is given as `order`'],
  },
}
const assigned: RunEventBody = {
  type: 'step.assigned',
  step: 's1',
  attempt: 1,
  job: 'job-1',
  agent: 'payer',
  price: 4000,
  giveUpAt: 9000,
  idempotencyKey: digest,
  bids: {
    announcement: {
      id: 'call-1',
      run: 'run-1' as RunId,
      step: 's1',
      capability: 'pay@1',
      inputs: {},
      maxPrice: 1,
      closesAt: 1,
      finishBy: 1,
      tradeoff: { cost: 1, latency: 0, quality: 0 },
    },
    ranked: [
      {
        bid: { id: 'b1', agent: 'payer', announcement: 'call-1', price: 4000, time: 40, confidence: 0.9, expiresAt: 1 },
        score: 0.8,
        parts: { cost: 1, latency: 1, quality: 1, reliability: 1 },
      },
      {
        bid: { id: 'b2', agent: 'other', announcement: 'call-1', price: 0, time: 900, confidence: 0.3, expiresAt: 1 },
        score: 0.3,
        parts: { cost: 1, latency: 1, quality: 1, reliability: 1 },
      },
    ],
    declined: [{ agent: 'lazy', reason: 'not today' }],
    silent: [],
  },
  placement: {
    kind: 'placed',
    node: 'local',
    device: 'cpu',
    provider: 'cpu',
    hold: {},
    reason: 'the only place that fits',
    trace: [],
  },
}
const succeeded: RunEventBody = {
  type: 'step.succeeded',
  step: 's1',
  agent: 'payer',
  outputs: {},
  charged: 4000,
  took: 31,
}

function numbered(bodies: readonly RunEventBody[]): readonly RunEvent[] {
  return bodies.map((body, index) => ({ ...body, seq: index + 1, at: 1000 + index }))
}

/** The view after these events, the declaration first. */
function viewAfter(...bodies: readonly RunEventBody[]): RunView {
  const [first, ...rest] = numbered([declared, ...bodies])
  const view = first && startView({ id: 'run-1', objective: 'Pay an order' }, first)
  if (view === undefined) throw new Error('the run does not begin')
  return rest.reduce(foldView, view)
}

describe('the view of a run', () => {
  it('knows of each step what it needs, who bid, where it runs, what rules said and what came of it', () => {
    const view = viewAfter(planned, { type: 'step.ruled', step: 's1', agent: 'payer', ruling }, assigned, succeeded)
    const [s1, s2] = view.steps
    expect(s1).toMatchObject({
      needs: ['order'],
      agent: 'payer',
      before: { decision: 'permit' },
      standing: { kind: 'done', agent: 'payer', charged: 4000, took: 31 },
    })
    expect(s2).toMatchObject({ needs: ['s1.receipt', 's1'], standing: { kind: 'waiting' } })
  })

  it('keeps a step asking until the last of its approvals is closed', () => {
    const second = { ...approval, id: 'approval-2' as ApprovalId }
    const requested = [approval, second].map(one => ({ type: 'approval.requested', approval: one }) as const)
    const votedOn = (one: Approval) =>
      ({ type: 'approval.voted', approval: { ...one, outcome: { status: 'approved' } } }) as const
    expect(viewAfter(planned, ...requested, votedOn(approval)).steps[0]?.standing.kind).toBe('asking')
    expect(viewAfter(planned, ...requested, votedOn(approval), votedOn(second)).steps[0]?.standing.kind).toBe('waiting')
  })

  it('does not bring back a step that has ended when its question is withdrawn', () => {
    const closed = { ...approval, outcome: { status: 'withdrawn', reason: 'the run ended' } } as const
    const dropped = { type: 'step.dropped', step: 's1', cause: 'denied', reason: 'no' } as const
    const view = viewAfter(planned, dropped, { type: 'approval.closed', approval: closed })
    expect(view.steps[0]?.standing.kind).toBe('dropped')
  })
})

describe('a plan that is revised', () => {
  const before = planned.type === 'plan.adopted' ? planned : undefined
  if (before === undefined) throw new Error('the plan is adopted')
  const [s1] = before.plan.steps
  if (s1 === undefined) throw new Error('it has two steps')
  const other = { id: 's3', capability: 'tell.other@1', inputs: {}, after: [] }
  const plan = { ...before.plan, steps: [s1, other] }
  const revised = {
    because: 'it was out of order',
    difference: differenceOf(before.plan, plan),
    review: { kind: 'stands', because: 'it costs no more' },
  } as const
  const again: RunEventBody = { ...before, plan, revision: 2, revised }

  it('keeps what came of its steps, and says what has changed', () => {
    const view = viewAfter(
      planned,
      { type: 'step.ruled', step: 's1', agent: 'payer', ruling },
      assigned,
      succeeded,
      again,
    )
    expect(view.steps.find(({ id }) => id === 's1')?.standing.kind).toBe('done')
    expect(view.steps.find(({ id }) => id === 's3')?.standing.kind).toBe('waiting')
    const board = plainly(boardOf(view, { width: 100, height: undefined, now: 1000 })).join('\n')
    expect(board).toContain('it was out of order')
    expect(board).toContain('`s3` (`tell.other@1`) is added')
    const lines = plainly(eventLines({ ...again, seq: 9, at: 9 }, view)).join('\n')
    expect(lines).toContain('what was permitted still stands: it costs no more')
  })
})

describe('the board', () => {
  const frame = { width: 100, height: undefined, now: 1000 }

  it('shows the winner among the bids, the place with its reason, and the words of the rules', () => {
    const view = viewAfter(planned, { type: 'step.ruled', step: 's1', agent: 'payer', ruling }, assigned, succeeded)
    const text = plainly(boardOf(view, { ...frame, width: 200 })).join('\n')
    expect(text).toContain('✓ s1  pay     payer  31 ms  $0.004  local/cpu')
    expect(text).toContain('★ payer $0.004, 40 ms, sure 90 %, score 0.80 · other $0.00, 900 ms, sure 30 %, score 0.30')
    expect(text).toContain('lazy declined: not today')
    expect(text).toContain('local/cpu  the only place that fits')
    expect(text).toContain('permitted work: work is permitted')
    expect(text).toContain('· s2  tell@2  needs s1.receipt, s1')
  })

  it('says how the plan came about, and what was repaired in a draft', () => {
    const text = plainly(boardOf(viewAfter(drafted), frame)).join('\n')
    expect(text).toMatch(/made +drafted by `draft-2`, at attempt 2, and repaired\n/)
    expect(text).toContain('wrong with it: `s1`: nothing is bound to `order`')
    expect(text).toContain('changed: `s1` takes `order` from what is given as `order`')
    expect(plainly(boardOf(viewAfter(planned), frame)).join('\n')).toMatch(/made +composed\n/)
  })

  it('counts down while people are asked', () => {
    const view = viewAfter(planned, { type: 'approval.requested', approval })
    expect(plainly(boardOf(view, { ...frame, now: 61_000 })).join('\n')).toContain('waits for finance  29:00 left')
  })

  it('is never wider or higher than its frame, and gives up details of ended steps first', () => {
    const view = viewAfter(planned, { type: 'step.ruled', step: 's1', agent: 'payer', ruling }, assigned, succeeded)
    for (const width of [1, 20, 80]) {
      for (const height of [1, 2, 5, 6, 20]) {
        const lines = boardOf(view, { width, height, now: 1000 })
        expect(lines.length).toBeLessThanOrEqual(height)
        for (const one of lines) expect(lineWidth(one)).toBeLessThanOrEqual(width)
      }
    }
    const small = plainly(boardOf(view, { ...frame, height: 5 })).join('\n')
    expect(small).toContain('✓ s1')
    expect(small).not.toContain('bids')
  })
})

describe('the prompt', () => {
  const key = (text: string): Key => ({ name: text === '\r' ? 'return' : text === '\t' ? 'tab' : undefined, text })
  const type = (prompt: Prompt, text: string) =>
    Array.from(text).reduce<ReturnType<typeof press>>((at, one) => {
      if (at.kind === 'decision' || at.kind === 'answer') throw new Error('answered too early')
      return press(at, key(one))
    }, prompt)
  const asking = viewAfter(planned, { type: 'approval.requested', approval })
  const prompt = promptFor(asking, [carl, maria, paul])

  it('asks those who have the role, never the one who asked or has voted', () => {
    expect(answerersOf(approval, [carl, maria, paul]).map(({ id }) => id)).toEqual(['maria', 'paul'])
    const voted = { ...approval, votes: [{ by: 'maria', reason: 'fine', at: 1 }] }
    expect(answerersOf(voted, [carl, maria, paul]).map(({ id }) => id)).toEqual(['paul'])
    expect(promptFor(asking, [carl])).toBeUndefined()
  })

  it('approves with a key, a reason and return, as whoever is chosen', () => {
    if (prompt === undefined) throw new Error('nothing is asked')
    expect(plainly(promptLines(prompt, 1000)).join('\n')).toContain('[a]pprove  [r]eject  [e]dit  as maria')
    expect(type(prompt, 'x\tafine\r')).toMatchObject({
      kind: 'decision',
      choice: 'approve',
      reason: 'fine',
      by: { id: 'paul' },
    })
  })

  it('takes edits as a JSON object, and says when it is none', () => {
    if (prompt === undefined) throw new Error('nothing is asked')
    const wrong = type(prompt, 'e[1]\r')
    expect(wrong).toMatchObject({ kind: 'approval', stage: { kind: 'edits', wrong: expect.any(String) } })
    expect(type(prompt, 'e{"order":{"amount":9}}\rless\r')).toMatchObject({
      choice: 'edit',
      reason: 'less',
      edits: { order: { amount: 9 } },
    })
  })

  it('answers a question by the number of its choice, and by nothing else', () => {
    const question = {
      id: 'part-1',
      text: 'Which?',
      choices: [
        { id: 'a', says: 'one' },
        { id: 'b', says: 'two' },
      ],
    }
    const asked = promptFor(viewAfter({ type: 'question.asked', question, expiresAt: 9000 }), [])
    if (asked === undefined) throw new Error('nothing is asked')
    for (const other of ['0', '3', 'a', '\r']) expect(press(asked, key(other))).toBe(asked)
    expect(press(asked, key('2'))).toMatchObject({ kind: 'answer', choice: 'b' })
  })
})

describe('lines of text', () => {
  it('carry no control characters, whoever wrote them', () => {
    const text = plainly([...linesIn('a\u001b[2Jb\r\nc\u0007\u009b31md'), line(styled('bold', 'x\u202ey\nz'))])
    expect(text).toEqual(['ab', 'c d', 'x y z'])
  })

  it('are measured in columns: wide characters take two, marks none', () => {
    expect([widthOf('abc'), widthOf('日本'), widthOf('é'), widthOf('🙂')]).toEqual([3, 4, 1, 2])
    expect(plainly([fit(line('日本語'), 5)])).toEqual(['日本…'])
  })

  it('are broken between words, and keep the breaks they have', () => {
    expect(wrap('a bc  def\n\nlongestword x', 6)).toBe('a bc\ndef\n\nlongestword\nx')
  })

  it('stand in columns, and a long last cell makes no column wide', () => {
    const rows = [
      [line('a'), line('a very long end')],
      [line('bb'), line('c'), line('d')],
    ]
    expect(plainly(table(rows))).toEqual(['a   a very long end', 'bb  c  d'])
  })
})

describe('plain lines', () => {
  it('tell each event once, in words', () => {
    const view = viewAfter(planned, assigned)
    const [, , event] = numbered([declared, planned, assigned])
    expect(event && plainly(eventLines(event, view))).toEqual([
      's1 bids: * payer $0.004, 40 ms, sure 90 %, score 0.80; other $0.00, 900 ms, sure 30 %, score 0.30; lazy declined: not today',
      's1 goes to payer at local/cpu: the only place that fits',
    ])
  })
})
