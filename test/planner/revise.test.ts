import { describe, expect, it } from 'vitest'
import { capabilityId } from '../../src/agents/index.ts'
import { all } from '../../src/core/index.ts'
import {
  type Draft,
  type Finished,
  forecast,
  type Problem,
  revise,
  sayDifference,
  type Source,
  type Step,
  verify,
} from '../../src/planner/index.ts'
import { fact, planned, problem, thing, work } from './problems.ts'

const Text = thing('Text')
const Note = thing('Note')
const Mark = thing('Mark')
const Report = thing('Report')

const given = (name: string): Source => ({ from: 'given', name })
const from = (step: string, output: string): Source => ({ from: 'step', step, output })
const step = (id: string, capability: string, inputs: Step['inputs'], after: readonly string[] = []): Step => ({
  id,
  capability,
  inputs,
  after,
})

const note = work('note', { text: Text }, { note: Note })
const mark = work('mark', { note: Note }, { mark: Mark })
const report = work('report', { note: Note, mark: Mark }, { report: Report })
const asked = problem({ capabilities: [note, mark, report], given: { text: Text }, wanted: [Report] })
const sound: Draft = {
  steps: [
    step('read', 'note@1', { text: given('text') }),
    step('rate', 'mark@1', { note: from('read', 'note') }),
    step('write', 'report@1', { note: from('read', 'note'), mark: from('rate', 'mark') }),
  ],
  wanted: { Report: from('write', 'report') },
}

/** What comes of `draft`; fails loudly when nothing can be made of it. */
function revised(draft: Draft, of: Problem = asked) {
  const answer = revise(draft, of)
  if (answer.kind !== 'revised') throw new Error(JSON.stringify(answer))
  expect(verify(answer.plan, of)).toEqual([])
  return { ...answer, words: sayDifference(answer.difference) }
}

const changed = (id: string, to: Partial<Step>): Draft => ({
  ...sound,
  steps: sound.steps.map(one => (one.id === id ? { ...one, ...to } : one)),
})

describe('a draft', () => {
  it('that can be carried out is left as it is, ids and all', () => {
    const answer = revise(sound, asked)
    expect(answer).toMatchObject({ kind: 'valid', plan: sound })
  })

  it('with a misnamed capability is set right in place', () => {
    const { plan, issues, words } = revised(changed('rate', { capability: 'mark@7' }))
    expect(plan).toMatchObject(sound)
    expect(issues.map(({ kind }) => kind)).toContain('unknown-capability')
    expect(words).toEqual(['`rate` is `mark@1` and no more `mark@7`'])
  })

  it('with a wrong source gets the datum that is there', () => {
    const { plan, words } = revised(changed('rate', { inputs: { note: given('text') } }))
    expect(plan).toMatchObject(sound)
    expect(words).toEqual(['`rate` takes `note` from `read` and no more from what is given as `text`'])
  })

  it('that lacks a step gets it, and keeps the others', () => {
    const draft = { ...sound, steps: sound.steps.filter(({ id }) => id !== 'rate') }
    const { difference, words } = revised(draft)
    expect(difference.kept).toEqual(['read', 'write'])
    expect(words).toEqual(['`s1` (`mark@1`) is added', '`write` takes `mark` from `s1` and no more from `rate`'])
  })

  it('whose steps wait for each other waits no more than it must', () => {
    const { plan, words } = revised(changed('read', { after: ['write'] }))
    expect(plan).toMatchObject(sound)
    expect(words).toEqual(['`read` runs without waiting for other steps than those whose data it takes'])
  })

  it('with steps of no use loses just these', () => {
    const draft = { ...sound, steps: [...sound.steps, step('again', 'note@1', { text: given('text') })] }
    const { plan, words } = revised(draft)
    expect(plan).toMatchObject(sound)
    expect(words).toEqual(['`again` (`note@1`) is dropped'])
  })

  it('keeps two uses of one capability on different data', () => {
    const compare = work('compare', { one: Note, other: Note }, { report: Report })
    const of = problem({ capabilities: [note, compare], given: { a: Text, b: Text }, wanted: [Report] })
    const draft: Draft = {
      steps: [
        step('one', 'note@1', { text: given('a') }),
        step('two', 'note@1', { text: given('b') }),
        step('both', 'compare@1', { one: from('one', 'note'), other: from('two', 'note') }),
      ],
      wanted: {},
    }
    const { plan, words } = revised(draft, of)
    expect(plan.steps).toEqual(draft.steps)
    expect(words).toEqual(['`Report` comes from `both`'])
  })

  it('that forgets what a fact demands gets the step that brings it about', () => {
    const check = work('check', { note: Note }, { mark: Mark }, { brings: [fact('checked', 'note')] })
    const careful = work('report', { note: Note }, { report: Report }, { requires: [fact('checked', 'note')] })
    const of = problem({ capabilities: [note, check, careful], given: { text: Text }, wanted: [Report] })
    const draft: Draft = {
      steps: [
        step('read', 'note@1', { text: given('text') }),
        step('write', 'report@1', { note: from('read', 'note') }),
      ],
      wanted: { Report: from('write', 'report') },
    }
    const { plan, difference } = revised(draft, of)
    expect(difference.kept).toEqual(['read', 'write'])
    expect(plan.steps.map(({ capability }) => capability)).toEqual(['note@1', 'check@1', 'report@1'])
  })

  it('that costs too much is made to fit, with what of it there is money for', () => {
    const cheap = work('mark.cheap', { note: Note }, { mark: Mark })
    const of = problem({
      capabilities: [note, mark, cheap, report],
      given: { text: Text },
      wanted: [Report],
      budget: 10,
      estimates: { 'mark@1': { price: 9 }, 'mark.cheap@1': { price: 1 }, 'note@1': { price: 3 } },
    })
    const { plan, issues } = revised(sound, of)
    expect(issues.map(({ kind }) => kind)).toEqual(['over-budget'])
    expect(plan.steps.map(({ id, capability }) => [id, capability])).toEqual([
      ['read', 'note@1'],
      [expect.any(String), 'mark.cheap@1'],
      ['write', 'report@1'],
    ])
  })

  it('that takes too long is made faster, and is kept from what is not fast enough', () => {
    const fast = work('mark.fast', { note: Note }, { mark: Mark })
    const of = (time: number) => ({
      ...problem({
        capabilities: [note, mark, fast, report],
        given: { text: Text },
        wanted: [Report],
        estimates: { 'mark@1': { time: 50 }, 'mark.fast@1': { time: 5, price: 9 }, 'note@1': { time: 3 } },
      }),
      time,
    })
    expect(revise(sound, of(60)).kind).toBe('valid')
    const { plan, issues } = revised(sound, of(20))
    expect(issues.map(({ kind }) => kind)).toEqual(['over-time'])
    expect(plan.steps.map(({ capability }) => capability)).toEqual(['note@1', 'mark.fast@1', 'report@1'])
    expect(revise(sound, of(4))).toMatchObject({ kind: 'unsolvable', missing: [{ what: 'time' }] })
  })

  it('of something that cannot be had says what is missing', () => {
    const of = problem({ capabilities: [mark, report], given: { text: Text }, wanted: [Report] })
    const answer = revise(sound, of)
    expect(answer.kind === 'unsolvable' && answer.missing.length > 0 && answer.issues.length > 0).toBe(true)
  })
})

describe('a plan that cannot go on as it is', () => {
  const rival = work('mark.other', { note: Note }, { mark: Mark })
  const of = { ...asked, capabilities: [note, mark, rival, report] }
  const made = planned(of).plan
  const done: readonly Finished[] = made.steps.slice(0, 1).map(one => ({ step: one, gives: note.gives }))
  const failed = made.steps[1]
  if (!failed) throw new Error('there are three steps')
  const left: Problem = { ...of, done, used: [failed.id], without: [{ capability: failed.capability }] }

  it('takes another way for the step that failed, under a new id, and keeps what is finished', () => {
    const { plan, words } = revised(made, left)
    const other = failed.capability === 'mark@1' ? 'mark.other@1' : 'mark@1'
    expect(plan.steps.map(({ id }) => id)).toEqual(['s1', 's4', 's3'])
    expect(words).toEqual([
      `\`s2\` (\`${failed.capability}\`) is dropped`,
      `\`s4\` (\`${other}\`) is added`,
      '`s3` takes `mark` from `s4` and no more from `s2`',
    ])
  })

  it('forecasts only what is left', () => {
    const { plan } = revised(made, { ...left, estimate: () => ({ price: 5, time: 7, reliability: 1 }) })
    expect(forecast(plan, { ...left, estimate: () => ({ price: 5, time: 7, reliability: 1 }) })).toMatchObject({
      cost: { likely: 10 },
      time: { likely: 14 },
      criticalPath: ['s4', 's3'],
    })
  })

  it('has no other way when nothing else gives what is lacking, and says so', () => {
    const alone = { ...asked, done, used: ['s2'], without: [{ capability: 'mark@1' }] }
    const answer = revise(planned(asked).plan, alone)
    expect(answer.kind === 'unsolvable' && answer.missing).toEqual([
      { what: 'Report', because: expect.stringContaining('`mark@1` would give it, but may not be used again') },
    ])
  })

  it('may use a barred capability on other data', () => {
    const sign = work('sign', { text: Text }, { mark: Mark }, { brings: [fact('signed', 'text')] })
    const file = work('file', { text: Text }, { report: Report }, { requires: [fact('signed', 'text')] })
    const two = problem({ capabilities: [sign, file], given: { a: Text, b: Text }, wanted: [Report] })
    const first = planned(two).plan
    const [signing] = first.steps
    if (!signing) throw new Error('there are two steps')
    const { plan } = revised(first, {
      ...two,
      used: [signing.id],
      without: [{ capability: capabilityId(sign), inputs: signing.inputs }],
    })
    const [again] = plan.steps
    expect(again?.capability).toBe('sign@1')
    expect(again?.inputs).not.toEqual(signing.inputs)
  })

  it('collects what takes the place of a collected datum', () => {
    const sum = work('sum', { reports: all(Report) }, { mark: Mark })
    const write = work('write', { text: Text }, { report: Report })
    const writeToo = work('write.too', { text: Text }, { report: Report })
    const both = problem({ capabilities: [sum, write, writeToo], given: { text: Text }, wanted: [Report, Mark] })
    const first = planned(both).plan
    const gone = first.steps.find(({ capability }) => capability.startsWith('write'))
    if (!gone) throw new Error('something writes')
    const { plan } = revised(first, { ...both, used: [gone.id], without: [{ capability: gone.capability }] })
    const added = plan.steps.find(({ capability }) => capability.startsWith('write'))
    expect(plan.steps.find(({ capability }) => capability === 'sum@1')?.inputs['reports']).toEqual([
      { from: 'step', step: added?.id, output: 'report' },
    ])
  })

  it('is wrong when it does not hold what is finished, or uses what is barred', () => {
    const { plan } = revised(made, left)
    expect(verify({ ...made, steps: made.steps.slice(1) }, left).map(({ kind }) => kind)).toContain('changed-step')
    expect(verify(made, left).map(({ kind }) => kind)).toContain('barred-step')
    expect(verify(plan, left)).toEqual([])
  })
})
