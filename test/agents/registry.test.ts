import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { type Agent, type Capability, createRegistry, defineCapability } from '../../src/agents/index.ts'
import { all, type Concept, concept } from '../../src/core/index.ts'
import { bidder } from '../support/auction.ts'

const Document = concept('Document', z.string())
const Policy = concept('Policy', z.string(), { isA: Document })
const Summary = concept('Summary', z.string())

function summarise(change: Partial<Parameters<typeof defineCapability>[0]> = {}): Capability {
  const takes = { documents: all(Policy) }
  return defineCapability({ name: 'text.summarise', takes, gives: { summary: Summary }, effect: 'pure', ...change })
}

function agent(id: string, ...offers: readonly Capability[]): Agent {
  return { ...bidder(id, () => ({ decline: 'not today' })), offers }
}

describe('the registry', () => {
  it('knows agents by id, capabilities by name and version, and who offers them', () => {
    const registry = createRegistry([
      agent('second', summarise()),
      agent('first', summarise(), summarise({ version: 2 })),
    ])
    expect(registry.agents.map(({ id }) => id)).toEqual(['first', 'second'])
    expect(registry.agent('second')?.id).toBe('second')
    expect(registry.capability('text.summarise@2')?.version).toBe(2)
    expect(registry.offering('text.summarise@1').map(({ id }) => id)).toEqual(['first', 'second'])
    expect(registry.offering('text.summarise@2').map(({ id }) => id)).toEqual(['first'])
    expect(registry.offering('text.write@1')).toEqual([])
    expect(registry.agent('third')).toBeUndefined()
  })

  it('lists every capability once, by name and then by version as a number, always as the same array', () => {
    const versions = [10, 2, 1].map(version => summarise({ version }))
    const registry = createRegistry(versions.map((offered, at) => agent(`a${at}`, offered)))
    expect(registry.capabilities.map(({ version }) => version)).toEqual([1, 2, 10])
    expect(registry.capabilities).toBe(registry.capabilities)
    expect(Object.isFrozen(registry.capabilities)).toBe(true)
  })

  it('finds every concept that is taken, given, or stands behind one', () => {
    const registry = createRegistry([agent('only', summarise())])
    expect(registry.concepts.map(({ name }) => name)).toEqual(['Document', 'Policy', 'Summary'])
    expect(registry.concept('Document')).toBe(Document)
  })

  it('takes two declarations of one contract for the same, whatever their descriptions', () => {
    const registry = createRegistry([agent('a', summarise()), agent('b', summarise({ description: 'make it short' }))])
    expect(registry.capabilities).toHaveLength(1)
  })

  it('refuses two agents with one id', () => {
    expect(() => createRegistry([agent('twin', summarise()), agent('twin', summarise())])).toThrow(
      expect.objectContaining({ code: 'bad-config', message: 'two agents have the id `twin`' }),
    )
  })

  it.each<[string, Partial<Parameters<typeof defineCapability>[0]>]>([
    ['effect', { effect: 'reads' }],
    ['when', { when: 'size(documents) > 0' }],
    ['takes', { takes: { documents: Policy } }],
    ['gives', { gives: { summary: Document } }],
    ['sees', { sees: 'public' }],
    ['needs', { needs: { cpu: 2 } }],
    ['brings', { brings: [{ fact: 'read', about: ['documents'] }] }],
  ])('refuses one name and version with another `%s`', (field, change) => {
    expect(() => createRegistry([agent('a', summarise()), agent('b', summarise(change))])).toThrow(
      expect.objectContaining({ code: 'bad-config', message: expect.stringContaining(`differ in \`${field}\``) }),
    )
  })

  it.each<[string, Concept]>([
    ['schema', concept('Summary', z.string())],
    ['parent', { ...Summary, isA: Document }],
    ['sensitivity', { ...Summary, sensitivity: 'restricted' }],
  ])('refuses two concepts of one name with another %s', (_, other) => {
    const write = defineCapability({ name: 'text.write', takes: {}, gives: { summary: other }, effect: 'pure' })
    expect(() => createRegistry([agent('a', summarise(), write)])).toThrow(
      expect.objectContaining({ code: 'bad-config', message: 'two different concepts have the name `Summary`' }),
    )
  })
})
