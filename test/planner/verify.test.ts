import { describe, expect, test } from 'vitest'
import { all } from '../../src/core/index.ts'
import { type Plan, sealPlan, type Source, type Step, verify } from '../../src/planner/index.ts'
import { fact, planned, problem, thing, work } from './problems.ts'

const Question = thing('Question')
const Topics = thing('Topics')
const Answer = thing('Answer')
const classify = work('classify', { question: Question }, { topics: Topics }, { brings: [fact('read', 'question')] })
const write = work(
  'write',
  { question: Question, topics: Topics, notes: all(Topics) },
  { answer: Answer },
  { requires: [fact('read', 'question')] },
)
const asked = problem({
  capabilities: [classify, write],
  given: { question: Question },
  wanted: [Answer],
  estimates: { 'classify@1': { price: 30 }, 'write@1': { price: 40 } },
})
const { plan: good } = planned(asked)

const given = (name: string): Source => ({ from: 'given', name })
const from = (step: string, output: string): Source => ({ from: 'step', step, output })

function withStep(id: string, change: Partial<Step>): Plan {
  return sealPlan(
    good.steps.map(step => (step.id === id ? { ...step, ...change } : step)),
    good.wanted,
  )
}

function withInput(port: string, input: Source | readonly Source[]): Plan {
  const inputs = good.steps.find(step => step.id === 's2')?.inputs
  return withStep('s2', { inputs: { ...inputs, [port]: input } })
}

const issues = (plan: Plan, of = asked) => verify(plan, of).map(({ kind, step, reason }) => [kind, step, reason])

describe('a plan given as data', () => {
  test('that is in order has no issue', () => {
    expect(issues(good)).toEqual([])
  })

  test('that was changed under its digest is found out', () => {
    const tampered = { ...withStep('s2', { after: ['s1'] }), digest: good.digest }
    expect(issues(tampered)).toEqual([['wrong-digest', undefined, 'the plan is not the one that its digest names']])
  })

  test('must name capabilities that exist', () => {
    expect(issues(withStep('s1', { capability: 'classify@2' }))).toContainEqual([
      'unknown-capability',
      's1',
      'there is no capability `classify@2`',
    ])
  })

  test('must bind every input, and no other', () => {
    expect(issues(withStep('s1', { inputs: { constructor: given('question') } }))).toEqual([
      ['unbound-input', 's1', 'nothing is bound to `question`'],
      ['superfluous-input', 's1', '`classify@1` takes no `constructor`'],
      ['unmet-fact', 's2', 'no step before it brings about `read(question)`'],
    ])
  })

  test.each([
    [given('toString'), 'no `toString` was given'],
    [from('s9', 'topics'), 'there is no step `s9`'],
    [from('s1', 'toString'), '`classify@1` gives no `toString`'],
  ])('must take data that exist: %o', (source, why) => {
    expect(issues(withInput('topics', source))).toContainEqual([
      'unknown-source',
      's2',
      `\`topics\` has no source: ${why}`,
    ])
  })

  test('must wait for steps that exist', () => {
    expect(issues(withStep('s2', { after: ['s7'] }))).toEqual([
      ['unknown-source', 's2', 'it runs after `s7`, which is no step of the plan'],
    ])
  })

  test('must keep to the concepts', () => {
    expect(issues(withInput('question', from('s1', 'topics')))).toContainEqual([
      'type-mismatch',
      's2',
      '`question` takes a `Question` and gets a `Topics`',
    ])
    expect(issues(withInput('notes', [given('question')]))).toEqual([
      ['type-mismatch', 's2', '`notes` takes a `Topics` and gets a `Question`'],
    ])
  })

  test('must give a list where a list is taken, and only there', () => {
    expect(issues(withInput('notes', from('s1', 'topics')))).toEqual([
      ['type-mismatch', 's2', '`notes` takes a list of `Topics` and no single one'],
    ])
    expect(issues(withInput('topics', [from('s1', 'topics')]))).toEqual([
      ['type-mismatch', 's2', '`topics` takes one `Topics` and no list'],
    ])
  })

  test('must not make steps wait for each other', () => {
    expect(issues(withStep('s1', { after: ['s2'] }))).toEqual([
      ['cycle', 's1', '`s1` waits for itself'],
      ['cycle', 's2', '`s2` waits for itself'],
    ])
  })

  test('must deliver what is wanted, and nothing else', () => {
    expect(issues(sealPlan(good.steps, {}))).toContainEqual(['uncovered-want', undefined, 'nothing delivers `Answer`'])
    expect(issues(sealPlan(good.steps, { Answer: from('s1', 'topics') }))).toContainEqual([
      'uncovered-want',
      undefined,
      'what is delivered as `Answer` is a `Topics`',
    ])
    expect(issues(sealPlan(good.steps, { Answer: given('answer') }))).toContainEqual([
      'uncovered-want',
      undefined,
      'nothing delivers `Answer`: no `answer` was given',
    ])
    expect(issues(sealPlan(good.steps, { ...good.wanted, Topics: from('s1', 'topics') }))).toEqual([
      ['superfluous-want', undefined, 'nobody asked for `Topics`'],
    ])
  })

  test('must not have two steps of one name', () => {
    expect(issues(sealPlan([...good.steps, ...good.steps.slice(0, 1)], good.wanted))).toContainEqual([
      'duplicate-step',
      's1',
      'more than one step is called `s1`',
    ])
  })

  test('must stay within the budget', () => {
    expect(issues(good, { ...asked, budget: 70 })).toEqual([])
    expect(issues(good, { ...asked, budget: 69 })).toEqual([
      ['over-budget', undefined, 'it is expected to cost $0.00007 and the budget is $0.000069'],
    ])
  })

  test('must have no step that is of no use, nor one that only such a step uses', () => {
    const idle: Step[] = [
      { id: 'x1', capability: 'classify@1', inputs: { question: given('question') }, after: [] },
      {
        id: 'x2',
        capability: 'write@1',
        inputs: { question: given('question'), topics: from('x1', 'topics'), notes: [] },
        after: [],
      },
    ]
    expect(issues(sealPlan([...good.steps, ...idle], good.wanted))).toEqual(
      ['x1', 'x2'].map(id => ['useless-step', id, 'neither its data nor the facts it brings about are needed']),
    )
  })

  test('may feed an input that collects from a step that serves nothing else', () => {
    const extra: Step = { id: 'x', capability: 'classify@1', inputs: { question: given('question') }, after: [] }
    const plan = withInput('notes', [from('x', 'topics')])
    expect(issues(sealPlan([extra, ...plan.steps], plan.wanted))).toEqual([])
  })
})

describe('facts of a plan given as data', () => {
  const Key = thing('Key')
  const Letter = thing('Letter')
  const Receipt = thing('Receipt')
  const Check = thing('Check')
  const keys = problem({
    capabilities: [
      work('read', { key: Key }, { letter: Letter }, { requires: [fact('valid', 'key')] }),
      work('burn', { key: Key }, { receipt: Receipt }, { removes: [fact('valid', 'key')] }),
      work('renew', { key: Key }, { check: Check }, { brings: [fact('valid', 'key')] }),
    ],
    given: { key: Key },
    wanted: [Letter, Receipt],
    facts: [fact('valid', 'key')],
  })
  const step = (id: string, capability: string, after: readonly string[] = []): Step => ({
    id,
    capability: `${capability}@1`,
    inputs: { key: given('key') },
    after,
  })
  const wanted = { Letter: from('read', 'letter'), Receipt: from('burn', 'receipt') }
  const factIssues = (...steps: Step[]) => issues(sealPlan(steps, wanted), keys)
  const removed = ['unmet-fact', 'read', 'step `burn` may remove `valid(key)` before it runs']

  test('must hold in every order that the plan allows', () => {
    expect(factIssues(step('read', 'read'), step('burn', 'burn'))).toEqual([removed])
    expect(factIssues(step('read', 'read', ['burn']), step('burn', 'burn'))).toEqual([removed])
    expect(factIssues(step('read', 'read'), step('burn', 'burn', ['read']))).toEqual([])
  })

  test('may be brought about again between', () => {
    const steps = [step('burn', 'burn'), step('renew', 'renew', ['burn']), step('read', 'read', ['renew'])]
    expect(factIssues(...steps)).toEqual([])
    expect(
      factIssues(step('burn', 'burn'), step('renew', 'renew'), step('read', 'read', ['renew', 'burn'])),
    ).toContainEqual(removed)
  })

  test('need no step when they hold anyway', () => {
    const steps = [step('renew', 'renew'), step('read', 'read', ['renew']), step('burn', 'burn', ['read'])]
    expect(factIssues(...steps)).toEqual([
      ['useless-step', 'renew', 'neither its data nor the facts it brings about are needed'],
    ])
  })
})
