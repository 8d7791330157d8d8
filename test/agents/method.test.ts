import { describe, expect, test } from 'vitest'
import { z } from 'zod'
import {
  createRegistry,
  defineCapability,
  defineMethod,
  defineTask,
  type MethodDefinition,
} from '../../src/agents/index.ts'
import { all, concept } from '../../src/core/index.ts'

const Order = concept('Order', z.object({ id: z.string() }))
const Paper = concept('Paper', z.string())
const Invoice = concept('Invoice', z.string(), { isA: Paper })
const Note = concept('Note', z.string())

const find = defineCapability({ name: 'find', takes: { order: Order }, gives: { invoice: Invoice }, effect: 'reads' })
const read = defineCapability({
  name: 'read',
  takes: { paper: Paper, others: all(Note) },
  gives: { note: Note },
  effect: 'pure',
})
const settle = defineTask({ name: 'settle', takes: { order: Order }, gives: { note: Note } })
const other = defineTask({ name: 'other', takes: { order: Order }, gives: { note: Note } })

const steps = { find: { do: find }, read: { do: read } }
const method = (parts: Partial<MethodDefinition> = {}) =>
  defineMethod({ of: settle, name: 'simply', steps, gives: { note: ['read', 'note'] }, ...parts })

describe('a method', () => {
  test('feeds what it leaves open from itself, the closest kind first, and leaves the rest to composition', () => {
    const look = defineCapability({ name: 'look', takes: { note: Note }, gives: { paper: Paper }, effect: 'reads' })
    const made = method({ steps: { ...steps, look: { do: look }, again: { do: read } } })
    expect(made.steps.map(({ name, inputs }) => [name, inputs])).toEqual([
      ['find', { order: { from: 'task', name: 'order' } }],
      ['read', { paper: { from: 'step', step: 'find', output: 'invoice' } }],
      ['look', { note: { from: 'step', step: 'read', output: 'note' } }],
      ['again', { paper: { from: 'step', step: 'look', output: 'paper' } }],
    ])
    expect(method({ steps: { read: { do: read } } }).steps[0]?.inputs).toEqual({ paper: { from: 'open' } })
  })

  test('lists its steps in an order in which they can be done', () => {
    const made = method({
      steps: { read: { do: read, inputs: { paper: ['find', 'invoice'] } }, find: { do: find } },
    })
    expect(made.steps.map(({ name }) => name)).toEqual(['find', 'read'])
  })

  test('may say what must be had, and feed a step with it', () => {
    const made = method({ steps: { proof: { have: Paper }, read: { do: read, inputs: { paper: 'proof' } } } })
    expect(made.have).toEqual({ proof: Paper })
    expect(made.steps[0]?.inputs).toEqual({ paper: { from: 'have', name: 'proof' } })
  })

  test.each<[string, Partial<MethodDefinition>]>([
    ['the name is malformed', { name: 'By Refund' }],
    ['it has no steps', { steps: {} }],
    ['`read` takes no `order`', { steps: { ...steps, read: { do: read, inputs: { order: 'order' } } } }],
    ['takes a `Paper` and is fed a `Order`', { steps: { ...steps, read: { do: read, inputs: { paper: 'order' } } } }],
    [
      'is fed `claim`, which the task does not take',
      { steps: { ...steps, read: { do: read, inputs: { paper: 'claim' } } } },
    ],
    [
      'is fed from `seek`, which is no step of it',
      { steps: { ...steps, read: { do: read, inputs: { paper: ['seek', 'x'] } } } },
    ],
    [
      'is fed `x` of `find`, which gives no such thing',
      { steps: { ...steps, read: { do: read, inputs: { paper: ['find', 'x'] } } } },
    ],
    ['`others` takes everything there is', { steps: { ...steps, read: { do: read, inputs: { others: 'order' } } } }],
    ['comes after `seek`, which is no step of it', { steps: { ...steps, find: { do: find, after: ['seek'] } } }],
    [
      'the steps `find`, `read` wait for each other',
      { steps: { find: { do: find, after: ['read'] }, read: { do: read, inputs: { paper: ['find', 'invoice'] } } } },
    ],
    ['no step takes `proof`', { steps: { ...steps, proof: { have: Order } } }],
    ['does not say where `note` comes from', { gives: {} }],
    ['the task gives no `bill`', { gives: { note: ['read', 'note'], bill: ['find', 'invoice'] } }],
    ['the output `note` takes a `Note` and is fed a `Invoice`', { gives: { note: ['find', 'invoice'] } }],
    ['speaks of `claim`', { when: 'claim.sum > 3' }],
    ['is not valid', { when: 'order.sum >' }],
    ['about `claim`, which the task does not take', { requires: [{ fact: 'known', about: ['claim'] }] }],
  ])('is refused when %s', (message, parts) => {
    expect(() => method(parts)).toThrow(
      expect.objectContaining({ code: 'bad-config', message: expect.stringContaining(message) }),
    )
  })
})

describe('methods together', () => {
  const asking = method({ name: 'asking', steps: { ask: { do: other } }, gives: { note: ['ask', 'note'] } })
  const answering = method({ of: other, name: 'answering' })

  test('are known with their tasks and the concepts of these', () => {
    const registry = createRegistry([], { methods: [asking, answering] })
    expect(registry.tasks.map(({ name }) => name)).toEqual(['other', 'settle'])
    expect(registry.task('settle')).toBe(settle)
    expect(registry.concept('Order')).toBe(Order)
  })

  test.each([
    ['no method does `other`, which step `ask` asks for', [asking]],
    ['two methods of task `settle` have the name `simply`', [method(), method()]],
    ['two different tasks have the name `settle`', [method(), method({ of: { ...settle }, name: 'else' })]],
    [
      'never comes to an end',
      [asking, method({ of: other, name: 'back', steps: { ask: { do: settle } }, gives: { note: ['ask', 'note'] } })],
    ],
    [
      'never comes to an end',
      [
        method(),
        method({
          name: 'again',
          when: 'order.id == "x"',
          steps: { ask: { do: settle } },
          gives: { note: ['ask', 'note'] },
        }),
      ],
    ],
  ])('are refused when %s', (message, methods) => {
    expect(() => createRegistry([], { methods })).toThrow(
      expect.objectContaining({ code: 'bad-config', message: expect.stringContaining(message) }),
    )
  })

  test('may ask for their own task again when another of them ends it', () => {
    const again = method({ name: 'again', steps: { ask: { do: settle } }, gives: { note: ['ask', 'note'] } })
    expect(createRegistry([], { methods: [again, method()] }).methods).toHaveLength(2)
  })
})
