import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { type Capability, createMatcher, type Effect } from '../../src/agents/index.ts'
import { all, concept } from '../../src/core/index.ts'
import {
  matchingPart,
  plan,
  PlanDraft,
  type Problem,
  requestDraft,
  settleDraft,
  verify,
} from '../../src/planner/index.ts'
import { fact, problem, thing, work } from './problems.ts'

type Inputs = Readonly<Record<string, readonly string[]>>

const Text = thing('Text')
const Note = thing('Note')
const LongNote = thing('LongNote', Note)
const Report = thing('Report')
const Stamp = thing('Stamp')

const note = work('note', { text: Text }, { note: Note })
const long = work('long', { text: Text }, { note: LongNote })
const stamp = work('stamp', { text: Text }, { stamp: Stamp })
const sign = work('sign', { text: Text }, { stamp: Stamp }, { brings: [fact('signed', 'text')] })
const report = work('report', { note: Note, stamp: Stamp }, { report: Report })
const sum = work('sum', { text: Text, notes: all(Note) }, { report: Report })
const changes = (capability: Capability, effect: Effect): Capability => ({ ...capability, effect })

const small = problem({ capabilities: [note, stamp, report], given: { text: Text }, wanted: [Report] })

/** A draft as it is written: steps by id, then what is wanted. */
function written(
  steps: readonly (readonly [id: string, capability: string, inputs: Inputs, after?: readonly string[]])[],
  wanted: Readonly<Record<string, string>>,
): PlanDraft {
  return {
    steps: steps.map(([id, capability, inputs, after = []]) => ({
      id,
      capability,
      inputs: Object.entries(inputs).map(([port, from]) => ({ port, from: [...from] })),
      after: [...after],
      when: null,
      unless: [],
      each: null,
    })),
    wanted: Object.entries(wanted).map(([concept, from]) => ({ concept, from })),
  }
}

const text = ['given.text']
const noted = ['n', 'note@1', { text }] as const
const stamped = ['t', 'stamp@1', { text }] as const
const reported = ['r', 'report@1', { note: ['n.note'], stamp: ['t.stamp'] }] as const

/** The plan that comes of a draft; fails loudly when none does. */
function settled(draft: PlanDraft, of: Problem = small) {
  const answer = settleDraft(draft, of)
  if (answer.kind === 'unfit') throw new Error(JSON.stringify(answer.issues))
  expect(verify(answer.plan, of)).toEqual([])
  return {
    ...answer,
    kinds: answer.issues.map(({ kind }) => kind),
    steps: answer.plan.steps.map(({ id, capability }) => `${id} ${capability}`),
  }
}

describe('a draft', () => {
  it('without a flaw is a plan as it stands, its steps named in an order in which they can run', () => {
    const {
      steps,
      issues,
      changes: changed,
      plan: made,
    } = settled(written([reported, stamped, noted], { Report: 'r.report' }))
    expect(steps).toEqual(['s1 stamp@1', 's2 note@1', 's3 report@1'])
    expect([issues, changed]).toEqual([[], []])
    expect(made.wanted).toEqual({ Report: { from: 'step', step: 's3', output: 'report' } })
  })

  it('cannot choose ids that mean something elsewhere', () => {
    const odd = written(
      [
        ['read', 'note@1', { text }],
        ['draft-1', 'stamp@1', { text }],
        ['s1/abc', 'report@1', { note: ['read.note'], stamp: ['draft-1.stamp'] }],
      ],
      { Report: 's1/abc.report' },
    )
    expect(settled(odd).steps).toEqual(['s1 note@1', 's2 stamp@1', 's3 report@1'])
  })

  it.each<[string, PlanDraft, string, readonly string[]]>([
    [
      'an unknown capability',
      written([noted, ['t', 'stamp.pad@1', { text }], reported], { Report: 'r.report' }),
      'unknown-capability',
      ['`s2` is `stamp@1` and no more `stamp.pad@1`'],
    ],
    [
      'an unbound input',
      written([noted, stamped, ['r', 'report@1', { note: ['n.note'] }]], { Report: 'r.report' }),
      'unbound-input',
      ['`s3` takes `stamp` from `s2`'],
    ],
    [
      'an input that there is not',
      written([['n', 'note@1', { text, more: text }], stamped, reported], { Report: 'r.report' }),
      'superfluous-input',
      ['`s1` takes no `more` any more'],
    ],
    [
      'a type that does not fit',
      written([noted, stamped, ['r', 'report@1', { note: text, stamp: ['t.stamp'] }]], { Report: 'r.report' }),
      'type-mismatch',
      ['`s3` takes `note` from `s1` and no more from what is given as `text`'],
    ],
    [
      'several sources for one input',
      written([['n', 'note@1', { text: ['given.text', 'given.text'] }], stamped, reported], { Report: 'r.report' }),
      'type-mismatch',
      [
        '`s1` takes `text` from what is given as `text` and no more from what is given as `text`, what is given as `text`',
      ],
    ],
    [
      'a step that waits for itself',
      written([['n', 'note@1', { text }, ['r']], stamped, reported], { Report: 'r.report' }),
      'cycle',
      ['`s2` runs without waiting for other steps than those whose data it takes'],
    ],
    [
      'a source that is no step',
      written([noted, stamped, ['r', 'report@1', { note: ['n.note'], stamp: ['s2.stamp'] }]], { Report: 'r.report' }),
      'unknown-source',
      ['`s3` takes `stamp` from `s2` and no more from `s2?`'],
    ],
    [
      'a want that nothing delivers',
      written([noted, stamped, reported], {}),
      'uncovered-want',
      ['`Report` comes from `s3`'],
    ],
    [
      'a want that nobody has',
      written([noted, stamped, reported], { Report: 'r.report', Note: 'n.note' }),
      'superfluous-want',
      ['`Note` is not delivered any more'],
    ],
    [
      'a step that nothing needs',
      written([noted, stamped, reported, ['m', 'note@1', { text }]], { Report: 'r.report' }),
      'useless-step',
      ['`s4` (`note@1`) is dropped'],
    ],
    [
      'two steps of one id',
      written([noted, ['n', 'stamp@1', { text }], ['r', 'report@1', { note: ['n.note'], stamp: ['n.stamp'] }]], {
        Report: 'r.report',
      }),
      'unknown-source',
      ['`s3` takes `stamp` from `s2` and no more from `s1`'],
    ],
  ])('with %s is repaired there and nowhere else', (_, draft, kind, said) => {
    const { kinds, changes: changed } = settled(draft)
    expect(kinds).toContain(kind)
    expect(changed).toEqual(said)
  })

  it('with a fact that nothing brings about gets the step that does', () => {
    const file = work('file', { text: Text }, { report: Report }, { requires: [fact('signed', 'text')] })
    const asked = problem({ capabilities: [sign, file], given: { text: Text }, wanted: [Report] })
    const {
      kinds,
      plan: made,
      changes: changed,
    } = settled(written([['f', 'file@1', { text }]], { Report: 'f.report' }), asked)
    expect(kinds).toEqual(['unmet-fact'])
    expect(changed).toEqual(['`s2` (`sign@1`) is added', '`s1` runs after `s2`'])
    expect(made.steps.find(({ id }) => id === 's1')?.after).toEqual(['s2'])
  })

  it('that costs more than there is takes what is cheaper', () => {
    const asked = problem({
      capabilities: [note, long, stamp, report],
      given: { text: Text },
      wanted: [Report],
      estimates: { 'long@1': { price: 100 } },
      budget: 50,
    })
    const dear = written([['n', 'long@1', { text }], stamped, reported], { Report: 'r.report' })
    const { kinds, steps } = settled(dear, asked)
    expect(kinds).toEqual(['over-budget'])
    expect(steps.map(step => step.split(' ')[1]).toSorted((a = '', b = '') => a.localeCompare(b))).toEqual([
      'note@1',
      'report@1',
      'stamp@1',
    ])
  })

  it('may look at more than is needed, and may not change more', () => {
    const both = written([noted, ['l', 'long@1', { text }], ['u', 'sum@1', { text, notes: ['n.note', 'l.note'] }]], {
      Report: 'u.report',
    })
    const asked = (effect: Effect) =>
      problem({ capabilities: [note, changes(long, effect), sum], given: { text: Text }, wanted: [Report] })
    expect(settled(both, asked('reads'))).toMatchObject({ steps: ['s1 note@1', 's2 long@1', 's3 sum@1'], changes: [] })
    for (const effect of ['writes', 'acts'] as const)
      expect(settled(both, asked(effect))).toMatchObject({
        steps: ['s1 note@1', 's3 sum@1'],
        changes: [`\`s2\` (\`long@1\`) is dropped: it ${effect}, and nothing needs it`],
      })
  })

  it('may change what is needed', () => {
    const asked = problem({
      capabilities: [changes(note, 'acts'), stamp, report],
      given: { text: Text },
      wanted: [Report],
    })
    expect(settled(written([noted, stamped, reported], { Report: 'r.report' }), asked).changes).toEqual([])
  })

  it('may say when a step runs, what stands in for it, and what is done for every item', () => {
    const Notes = concept('Notes', z.unknown(), { listOf: Note })
    const Texts = concept('Texts', z.unknown(), { listOf: Text })
    const tell = work('tell', { notes: Notes, stamp: Stamp }, { report: Report })
    const capabilities = [note, stamp, sign, tell]
    const asked = problem({ capabilities, given: { text: Text, texts: Texts }, wanted: [Report] })
    const draft = written(
      [
        ['n', 'note@1', { text: ['given.texts'] }],
        ['t', 'stamp@1', { text }],
        ['f', 'sign@1', { text }],
        ['r', 'tell@1', { notes: ['n.note'], stamp: ['t.stamp | f.stamp'] }],
      ],
      { Report: 'r.report' },
    )
    const [loop, first, other, last] = draft.steps
    if (!loop || !first || !other || !last) throw new Error('there are four')
    const over = [{ name: 'text', from: 'given.text' }]
    const steps = [
      { ...loop, each: { port: 'text', most: 20, gives: [{ output: 'note', list: 'Notes' }] } },
      { ...first, when: { condition: 'text.size() > 3', over } },
      { ...other, unless: ['t'] },
      last,
    ]
    const { plan: made, changes: changed } = settled({ ...draft, steps }, asked)
    expect(changed).toEqual([])
    expect(made.steps).toMatchObject([
      { id: 's1', each: { port: 'text', most: 20, gives: { note: 'Notes' } } },
      { id: 's2', when: { condition: 'text.size() > 3', over: { text: { from: 'given', name: 'text' } } } },
      { id: 's3', unless: ['s2'] },
      { id: 's4', inputs: { stamp: { from: 'first', of: [{ step: 's2' }, { step: 's3' }] } } },
    ])
    const [shown] =
      requestDraft(asked, { objective: '', time: '', part: [], previous: { draft: made, issues: [] } }).previous?.draft
        .steps ?? []
    expect(shown).toMatchObject({ id: 's1', each: { gives: [{ output: 'note', list: 'Notes' }] } })
  })

  it('of which nothing can stand is unfit, with every issue and its place', () => {
    const none = written([['x', 'magic@1', { wand: ['given.wand'] }]], { Report: 'x.rabbit' })
    expect(settleDraft(none, small)).toMatchObject({
      kind: 'unfit',
      draft: { steps: [{ id: 's1', capability: 'magic@1' }] },
      issues: [
        { kind: 'unknown-capability', step: 's1', reason: 'there is no capability `magic@1`' },
        { kind: 'uncovered-want', reason: 'nothing delivers `Report`: nobody knows what `magic@1` gives' },
      ],
    })
  })

  it('that is empty is unfit, unless there is nothing to do', () => {
    expect(settleDraft(written([], {}), small).kind).toBe('unfit')
    const idle = problem({ capabilities: [note], given: { text: Text }, wanted: [Text] })
    expect(settled(written([], {}), idle)).toMatchObject({
      steps: [],
      changes: ['`Text` comes from what is given as `text`'],
    })
  })

  it('of more than 64 steps is not read', async () => {
    const many = written(
      Array.from({ length: 65 }, (_, at) => [`n${at}`, 'note@1', { text }] as const),
      {},
    )
    expect(await PlanDraft.schema['~standard'].validate(many)).toMatchObject({
      issues: [{ message: 'a draft has at most 64 steps' }],
    })
  })

  it('of more than 1,000 sources is not read, however they are written', async () => {
    const many = written([['u', 'sum@1', { notes: Array.from({ length: 1000 }, () => 'n.note | l.note') }]], {})
    expect(await PlanDraft.schema['~standard'].validate(many)).toMatchObject({
      issues: [{ message: 'a draft names at most 1000 sources' }],
    })
  })

  it('cannot reach the prototypes of what it is read into', () => {
    const sly = written([['__proto__', 'constructor', { __proto__: ['__proto__.__proto__'], toString: text }]], {
      ['__proto__']: 'given.__proto__',
      constructor: 'constructor.constructor',
    })
    expect(settleDraft(sly, small).kind).toBe('unfit')
  })
})

describe('the matching part', () => {
  const drafter = work('plan.draft', {}, { report: Report })
  const part = (of: Problem, objective = 'a report') => {
    const composed = plan(of)
    return matchingPart(of, {
      objective,
      matcher: createMatcher(of.capabilities),
      composed: composed.kind === 'planned' ? composed.plan : undefined,
      drafter,
    }).map(({ name }) => name)
  }

  it('has what leads to what is wanted, what is spoken of, and what lists could take', () => {
    const weather = work('weather.forecast', { text: Text }, { weather: thing('Weather') })
    const tax = work('tax.return', { income: thing('Income') }, { tax: thing('Tax') })
    const capabilities = [sum, note, changes(long, 'acts'), weather, tax, stamp]
    const of = problem({ capabilities, given: { text: Text }, wanted: [Report] })
    expect(part(of, 'add up')).toEqual(['note', 'sum'])
    expect(part(of, 'add up the weather forecast and the tax return')).toEqual(['note', 'sum', 'weather.forecast'])
  })

  it('has what its members need, whatever the order, and is bounded', () => {
    const chains = Array.from({ length: 30 }, (_, n) => {
      const middle = thing(`Middle${n}`)
      return [work(`find.part-${n}`, { text: Text }, { middle }), work(`use.part-${n}`, { middle }, { report: Report })]
    }).flat()
    const asked = (capabilities: readonly Capability[]) =>
      problem({ capabilities, given: { text: Text }, wanted: [Report] })
    const shown = part(asked(chains), 'use part 7')
    expect(shown).toContain('use.part-7')
    expect(shown.length).toBeLessThanOrEqual(40)
    expect(shown.length).toBeGreaterThan(30)
    const used = shown.filter(name => name.startsWith('use.'))
    expect(shown).toEqual(expect.arrayContaining(used.map(name => name.replace('use.', 'find.'))))
    expect(part(asked(chains.toReversed()), 'use part 7')).toEqual(shown)
  })

  it('never has the capability that drafts', () => {
    expect(
      part(problem({ capabilities: [drafter, note], given: { text: Text }, wanted: [Report] }), 'plan draft'),
    ).toEqual([])
  })
})

describe('a request for a draft', () => {
  const request = (objective: string) =>
    requestDraft(small, { objective, time: '60s', part: [note, sum], previous: undefined })

  it('says what there is, by names', () => {
    expect(request('report on it')).toMatchObject({
      objective: 'report on it',
      given: [{ name: 'text', concept: 'Text' }],
      wanted: ['Report'],
      concepts: [{ name: 'Note' }, { name: 'Report' }, { name: 'Text' }],
      capabilities: [
        { id: 'note@1', takes: [{ name: 'text', concept: 'Text', list: false }] },
        {
          id: 'sum@1',
          takes: [
            { name: 'text', list: false },
            { name: 'notes', concept: 'Note', list: true },
          ],
        },
      ],
      previous: null,
    })
  })

  it.each([
    ['sk-proj-abcdefghij0123456789'],
    ['ghp_abcdefghij0123456789abcd'],
    ['AKIAABCDEFGHIJKLMNOP'],
    ['eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0In0.c2lnbmF0dXJl'],
    ['-----BEGIN RSA PRIVATE KEY-----\nMIIE\n-----END RSA PRIVATE KEY-----'],
  ])('does not show what looks like a key: %s', key => {
    expect(request(`use ${key} for it`).objective).toBe('use [secret] for it')
  })

  it('does not show what is called a secret, and leaves plain words alone', () => {
    expect(request('log in with password: hunter2hunter2 and go').objective).toBe(
      'log in with password: [secret] and go',
    )
    expect(request('Authorization: Bearer abc123def456').objective).toBe('Authorization: Bearer [secret]')
    const plain = 'tell the bearer that the password of order 4711 expired, task-by-task'
    expect(request(plain).objective).toBe(plain)
  })
})
