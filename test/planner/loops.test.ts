import { describe, expect, test } from 'vitest'
import { z } from 'zod'
import { concept } from '../../src/core/index.ts'
import { forecast, plan, verify } from '../../src/planner/index.ts'
import { capabilitiesOf, fact, missing, planned, problem, thing, work } from './problems.ts'

const Review = thing('Review')
const Mood = thing('Mood')
const Tone = thing('Tone', Mood)
const Word = thing('Word')
const Shop = thing('Shop')
const Summary = thing('Summary')
const list = (name: string, of: ReturnType<typeof thing>) => concept(name, z.array(z.unknown()), { listOf: of })
const Reviews = list('Reviews', Review)
const Moods = list('Moods', Mood)
const Words = list('Words', Word)

const judge = work('judge', { review: Review, shop: Shop }, { mood: Tone })
const word = work('word', { mood: Mood }, { word: Word })
const summarise = work('summarise', { words: Words }, { summary: Summary })
const capabilities = [judge, word, summarise]
const given = { reviews: Reviews, shop: Shop }

describe('a plan over a list', () => {
  test('maps what takes one item, one loop behind another', () => {
    const asked = problem({ capabilities, given, wanted: [Summary, Moods] })
    const answer = planned(asked)
    expect(verify(answer.plan, asked)).toEqual([])
    expect(answer.plan.steps).toEqual([
      {
        id: 's1',
        capability: 'judge@1',
        inputs: { review: { from: 'given', name: 'reviews' }, shop: { from: 'given', name: 'shop' } },
        after: [],
        each: { port: 'review', most: 100, gives: { mood: 'Moods' } },
      },
      {
        id: 's2',
        capability: 'word@1',
        inputs: { mood: { from: 'step', step: 's1', output: 'mood' } },
        after: [],
        each: { port: 'mood', most: 100, gives: { word: 'Words' } },
      },
      {
        id: 's3',
        capability: 'summarise@1',
        inputs: { words: { from: 'step', step: 's2', output: 'word' } },
        after: [],
      },
    ])
    expect(answer.proof.optimal).toBe(true)
  })

  test('maps nothing when one call gives the list for less', () => {
    const all = work('judge.all', { reviews: Reviews }, { moods: Moods })
    const asked = problem({ capabilities: [...capabilities, all], given, wanted: [Moods] })
    expect(capabilitiesOf(planned(asked).plan)).toEqual(['judge.all@1'])
    const dear = {
      ...asked,
      estimate: (id: string) => ({ price: id === 'judge.all@1' ? 600 : 100, time: 0, reliability: 1 }),
    }
    expect(capabilitiesOf(planned(dear).plan)).toEqual(['judge@1'])
  })

  test('is expected to cost five items, and at worst nearly as many as it may have', () => {
    const asked = problem({
      capabilities,
      given,
      wanted: [Moods],
      most: 20,
      estimates: { 'judge@1': { price: 10, time: 30 } },
    })
    const { plan: made } = planned(asked)
    const { cost } = forecast(made, asked)
    expect(cost).toMatchObject({ low: 0, likely: 50 })
    expect(cost.high).toBeGreaterThan(50)
    expect(cost.high).toBeLessThanOrEqual(200)
    expect(forecast(made, asked).time.likely).toBe(30)
    expect(forecast(made, { ...asked, budget: 60 }).cost.high).toBe(60)
    expect(plan({ ...asked, budget: 49 }).kind).toBe('unsolvable')
  })

  test('says what is missing for one item', () => {
    const asked = problem({ capabilities, given: { reviews: Reviews }, wanted: [Moods] })
    expect(missing(asked)).toEqual([{ what: 'Moods', because: expect.stringContaining('lacks `Shop`') }])
  })

  test('may rely on facts that a loop has brought about of every item', () => {
    const check = work('check', { review: Review }, { word: Word }, { brings: [fact('checked', 'review')] })
    const careful = work('careful', { review: Review }, { mood: Mood }, { requires: [fact('checked', 'review')] })
    const asked = problem({ capabilities: [check, careful], given, wanted: [Moods, Words] })
    const answer = planned(asked)
    expect(verify(answer.plan, asked)).toEqual([])
    expect(capabilitiesOf(answer.plan)).toEqual(['check@1', 'careful@1'])
  })

  test('of what has no list has no loop', () => {
    const asked = problem({ capabilities: [judge], given, wanted: [Tone] })
    expect(plan(asked).kind).toBe('unsolvable')
  })
})
