import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { z } from 'zod'
import { defineCapability } from '../../src/agents/index.ts'
import { all, concept, type Principal } from '../../src/core/index.ts'
import { defineInterpreter, type Interpretation, interpret, Reading } from '../../src/intent/index.ts'

const Question = concept('Question', z.string().min(1))
const Answer = concept('Answer', z.string())
const RefundStatus = concept('RefundStatus', z.string())
const DeclineReason = concept('DeclineReason', z.string())
const maria: Principal = { id: 'maria', kind: 'person', roles: [], tenant: 'home' }

const read = defineCapability({
  name: 'question.read',
  takes: { question: Question },
  gives: { reading: Reading },
  effect: 'pure',
})
const definition = {
  capability: read,
  intents: {
    refund: { wants: [RefundStatus], says: 'a refund' },
    declined: { wants: [DeclineReason], says: 'a payment that was declined' },
    hello: { wants: [], says: 'a greeting' },
  },
  always: [Answer],
  covers: 'your cards and payments',
  sure: 0.7,
  possible: 0.3,
  given: (principal: Principal) => ({ customerId: principal.id }),
  limits: { deadline: '30s' },
} as const
const desk = defineInterpreter(definition)

const part = (text: string, ...candidates: [string, number][]) => ({
  text,
  candidates: candidates.map(([intent, confidence]) => ({ intent, confidence })),
})

function interpreted(parts: Reading['parts'], answers: Record<string, string> = {}): Interpretation {
  return interpret(desk, { text: 'the whole text', reading: { parts }, answers, principal: maria })
}

describe('interpretation', () => {
  test('takes what the reader is sure of and wants what that intent wants, and what is always wanted', () => {
    const result = interpreted([part('Where is my refund?', ['refund', 0.9], ['declined', 0.05])])
    expect(result).toMatchObject({
      kind: 'goal',
      understood: [{ text: 'Where is my refund?', intent: 'refund', confidence: 0.9 }],
      outside: [],
      goal: {
        objective: 'the whole text',
        wanted: ['Answer', 'RefundStatus'],
        limits: { deadline: '30s', budget: { usd: 1 } },
        given: { question: 'the whole text', customerId: 'maria' },
      },
    })
  })

  test('two questions at once make one goal that wants both, each concept once', () => {
    const result = interpreted([
      part('Where is my refund', ['refund', 0.9]),
      part('why was my payment declined', ['declined', 0.8]),
      part('and the other refund', ['refund', 0.75]),
    ])
    expect(result).toMatchObject({ kind: 'goal', goal: { wanted: ['Answer', 'RefundStatus', 'DeclineReason'] } })
  })

  test('asks back when an intent is only possible, likeliest choice first, with a way out', () => {
    expect(interpreted([part('my money', ['declined', 0.4], ['refund', 0.5], ['gibberish', 0.1])])).toEqual({
      kind: 'unclear',
      question: {
        id: 'part-1',
        text: 'What is “my money” about?',
        choices: [
          { id: 'refund', says: 'a refund' },
          { id: 'declined', says: 'a payment that was declined' },
          { id: 'none', says: 'none of these' },
        ],
      },
    })
  })

  test('takes the answer for certain, and hands on a reading in which nothing is open', () => {
    const parts = [part('my money', ['refund', 0.5], ['declined', 0.4]), part('sing to me', ['refund', 0.1])]
    expect(interpreted(parts, { 'part-1': 'declined' })).toMatchObject({
      kind: 'goal',
      understood: [{ intent: 'declined', confidence: 1 }],
      outside: ['sing to me'],
      goal: {
        wanted: ['Answer', 'DeclineReason'],
        given: { reading: { parts: [part('my money', ['declined', 1]), part('sing to me')] } },
      },
    })
  })

  test('asks about one part at a time, in the order of the text', () => {
    const parts = [part('a', ['refund', 0.5]), part('b', ['declined', 0.5])]
    expect(interpreted(parts)).toMatchObject({ question: { id: 'part-1' } })
    expect(interpreted(parts, { 'part-1': 'refund' })).toMatchObject({ question: { id: 'part-2' } })
    expect(interpreted(parts, { 'part-1': 'refund', 'part-2': 'none' })).toMatchObject({ kind: 'goal', outside: ['b'] })
  })

  test('asks again when the answer was no choice', () => {
    const parts = [part('my money', ['refund', 0.5])]
    for (const answer of ['hello', 'constructor', '']) {
      expect(interpreted(parts, { 'part-1': answer })).toMatchObject({ kind: 'unclear' })
    }
  })

  test.each([
    ['nothing was read', []],
    ['nothing is likely', [part('sing', ['refund', 0.29])]],
    ['the reader knows that it is nothing', [part('sing', ['', 0.9], ['refund', 0.1])]],
    ['the intent is not covered', [part('sing', ['constructor', 0.99])]],
    ['there is no candidate', [part('sing')]],
  ])('is outside, and says what is inside, when %s', (_, parts) => {
    expect(interpreted(parts)).toEqual({
      kind: 'outside',
      text: 'That is outside of what I can do. I can help with your cards and payments.',
    })
  })

  test('is outside when the person says none of these', () => {
    expect(interpreted([part('my money', ['refund', 0.5])], { 'part-1': 'none' }).kind).toBe('outside')
  })
})

describe('for any reading and any answers, interpretation', () => {
  const intent = fc.oneof(fc.constantFrom('refund', 'declined', 'hello', '', 'toString'), fc.string())
  const candidate = fc.record({ intent, confidence: fc.double({ min: 0, max: 1, noNaN: true }) })
  const reading = fc.record({
    parts: fc.array(fc.record({ text: fc.string(), candidates: fc.array(candidate, { maxLength: 5 }) }), {
      maxLength: 8,
    }),
  })
  const answers = fc.dictionary(fc.constantFrom('part-1', 'part-2', 'part-3'), fc.oneof(intent, fc.constant('none')))
  const each = (law: (result: Interpretation, reading: Reading, answers: Record<string, string>) => void) =>
    fc.assert(
      fc.property(fc.string(), reading, answers, (text, reading, answers) => {
        law(interpret(desk, { text, reading, answers, principal: maria }), reading, answers)
      }),
    )

  test('wants only what a sure or an answered part asks for', () => {
    each((result, reading, answers) => {
      const goal = result.kind === 'goal' ? result.goal : undefined
      const allowed = new Set(['Answer'])
      for (const [index, part] of reading.parts.entries()) {
        const sure = part.candidates.filter(candidate => candidate.confidence >= 0.7).map(candidate => candidate.intent)
        for (const intent of [...sure, answers[`part-${index + 1}`]]) {
          if (intent === 'refund') allowed.add('RefundStatus')
          if (intent === 'declined') allowed.add('DeclineReason')
        }
      }
      expect((goal?.wanted ?? []).filter(name => !allowed.has(name))).toEqual([])
    })
  })

  test('loses no part: each is understood or outside', () => {
    each((result, reading) => {
      const kept = result.kind === 'goal' ? [...result.understood.map(part => part.text), ...result.outside] : []
      const expected = result.kind === 'goal' ? reading.parts.map(part => part.text) : []
      expect(kept.sort()).toEqual(expected.sort())
    })
  })

  test('comes to an end when every question is answered, whatever the answers', () => {
    fc.assert(
      fc.property(reading, fc.nat(), (reading, pick) => {
        const given: Record<string, string> = {}
        for (let asked = 0; asked <= reading.parts.length; asked++) {
          const result = interpret(desk, { text: 'x', reading, answers: given, principal: maria })
          if (result.kind !== 'unclear') return
          const { id, choices } = result.question
          expect(given).not.toHaveProperty(id)
          given[id] = choices[pick % choices.length]?.id ?? ''
        }
        throw new Error('more questions than parts')
      }),
    )
  })
})

describe('an interpreter is refused', () => {
  const takes = (takes: Parameters<typeof defineCapability>[0]['takes']) =>
    defineCapability({ name: 'question.read', takes, gives: { reading: Reading }, effect: 'pure' })

  test.each([
    ['when its capability takes two things', { capability: takes({ a: Question, b: Answer }) }],
    ['when its capability takes a list', { capability: takes({ a: all(Question) }) }],
    ['when its capability takes no text', { capability: takes({ a: concept('Amount', z.number()) }) }],
    [
      'when its capability gives no reading',
      {
        capability: defineCapability({
          name: 'q.answer',
          takes: { q: Question },
          gives: { a: Answer },
          effect: 'pure',
        }),
      },
    ],
    ['when it may ask about more than it may take', { sure: 0.2, possible: 0.3 }],
    ['when confidence can be zero', { possible: 0 }],
    ['when it has no intents', { intents: {} }],
    ['when an intent is called as the way out is', { intents: { none: { wants: [Answer], says: 'x' } } }],
    ['when an intent wants nothing', { always: [] }],
    ['when its limits make no sense', { limits: { deadline: 'soon' } }],
  ])('%s', (_, change) => {
    expect(() => defineInterpreter({ ...definition, ...change })).toThrow(
      expect.objectContaining({ code: 'bad-config', hint: expect.any(String) }),
    )
  })
})
