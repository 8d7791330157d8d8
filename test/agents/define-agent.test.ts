import { describe, expect, expectTypeOf, it } from 'vitest'
import { z } from 'zod'
import { defineAgent, defineCapability, type WorkContext } from '../../src/agents/index.ts'
import { all, concept } from '../../src/core/index.ts'
import { workContext } from '../../src/testing/index.ts'
import { offerOf } from '../support/auction.ts'

const Question = concept('Question', z.string().min(1))
const Topics = concept('Topics', z.array(z.enum(['refund', 'delivery'])))
const Answer = concept('Answer', z.object({ text: z.string(), sources: z.number() }))
const classify = defineCapability({
  name: 'ticket.classify',
  takes: { question: Question },
  gives: { topics: Topics },
  effect: 'pure',
})
const answer = defineCapability({
  name: 'ticket.answer',
  takes: { question: Question, hints: all(Topics) },
  gives: { answer: Answer },
  effect: 'reads',
})

describe('an agent of functions', () => {
  it('types inputs and outputs by the capabilities, with no type argument written', () => {
    defineAgent({
      id: 'desk',
      offers: [classify, answer],
      perform: {
        'ticket.classify': (input, context) => {
          expectTypeOf(input).toEqualTypeOf<{ readonly question: string }>()
          expectTypeOf(context).toEqualTypeOf<WorkContext>()
          return { topics: ['refund'] }
        },
        'ticket.answer': async input => {
          expectTypeOf(input.hints).toEqualTypeOf<('refund' | 'delivery')[][]>()
          return { answer: { text: input.question, sources: input.hints.length } }
        },
      },
    })
  })

  it('does not compile with a wrong output, a missing function, or one too many', () => {
    const right = () => ({ topics: [] })
    const wrong = () => ({ topics: ['weather'] })
    const id = 'desk'
    const attempts = [
      // @ts-expect-error the output is not of the concept
      () => defineAgent({ id, offers: [classify], perform: { 'ticket.classify': wrong } }),
      // @ts-expect-error there is no function for `ticket.answer`
      () => defineAgent({ id, offers: [classify, answer], perform: { 'ticket.classify': right } }),
      // @ts-expect-error there is a function for what it does not offer
      () => defineAgent({ id, offers: [classify], perform: { 'ticket.classify': right, 'ticket.close': right } }),
    ]
    expect(attempts).toHaveLength(3)
  })

  it('does the work of the capability that is asked for', async () => {
    const desk = defineAgent({
      id: 'desk',
      offers: [classify, answer],
      perform: {
        'ticket.classify': ({ question }) => ({ topics: question.startsWith('where') ? ['delivery'] : [] }),
        'ticket.answer': ({ question }) => ({ answer: { text: question, sources: 0 } }),
      },
    })
    expect(await desk.perform('ticket.classify', { question: 'where?' }, workContext())).toEqual({
      topics: ['delivery'],
    })
    expect(await desk.perform('ticket.answer', { question: 'why?', hints: [] }, workContext())).toEqual({
      answer: { text: 'why?', sources: 0 },
    })
    await expect(desk.perform('toString', {}, workContext())).rejects.toMatchObject({ code: 'bad-config' })
  })

  it('bids for nothing, in 50 ms, sure to 0.9, unless it says otherwise', async () => {
    const perform = { 'ticket.classify': () => ({ topics: [] }) }
    expect(offerOf(defineAgent({ id: 'plain', offers: [classify], perform }))).toEqual({
      time: '50ms',
      confidence: 0.9,
    })
    const busy = defineAgent({
      id: 'busy',
      offers: [classify],
      perform,
      bid: ({ load }) => (load > 2 ? { decline: 'too much to do' } : { time: '1s', confidence: 1 }),
    })
    expect(await offerOf(busy)).toEqual({ decline: 'too much to do' })
  })

  it.each([
    ['an id that is no name', { id: 'The Desk' }, /not an agent id/],
    ['nothing to offer', { offers: [] }, /offers nothing/],
    [
      'two versions of one capability',
      { offers: [classify, { ...classify, version: 2 }] },
      /offers `ticket.classify` twice/,
    ],
    ['no function for an offer', { perform: {} }, /no function for `ticket.classify`/],
  ])('is refused with %s', (_, wrong, message) => {
    const right = { id: 'desk', offers: [classify], perform: { 'ticket.classify': () => ({ topics: [] }) } }
    const define = () => Reflect.apply(defineAgent, undefined, [{ ...right, ...wrong }])
    expect(define).toThrow(expect.objectContaining({ code: 'bad-config', message: expect.stringMatching(message) }))
  })
})
