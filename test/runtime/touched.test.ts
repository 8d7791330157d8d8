import { expect, it } from 'vitest'
import { z } from 'zod'
import { createRegistry, defineCapability } from '../../src/agents/index.ts'
import { all, concept } from '../../src/core/index.ts'
import { plan } from '../../src/planner/index.ts'
import { touchedBy } from '../../src/runtime/touched.ts'
import { worker } from '../support/world.ts'

const Name = concept('Name', z.string(), { sensitivity: 'public' })
const Secret = concept('Secret', z.string(), { sensitivity: 'restricted' })
const Letter = concept('Letter', z.string(), { sensitivity: 'internal' })
const Sent = concept('Sent', z.string(), { sensitivity: 'public' })
const write = defineCapability({
  name: 'write',
  takes: { name: Name, secret: Secret },
  gives: { letter: Letter },
  effect: 'pure',
})
const send = defineCapability({
  name: 'send',
  takes: { letter: Letter, names: all(Name) },
  gives: { sent: Sent },
  effect: 'acts',
  sees: 'confidential',
})
const registry = createRegistry([worker('writer', write, () => ({})), worker('sender', send, () => ({}))])
const given = { name: Name, secret: Secret }

it('data is as sensitive as what it is made from, goes where its steps may be done, and is kept from who may not see it', () => {
  const estimate = () => ({ price: 0, time: 0, reliability: 1 })
  const planned = plan({ capabilities: registry.capabilities, given, wanted: [Sent], estimate })
  if (planned.kind === 'unsolvable') throw new Error('no plan')
  const domains = (step: string) => (step === 's1' ? ['home'] : ['post', 'courier'])
  expect(touchedBy(planned.plan, given, registry, domains)).toEqual([
    { concept: 'Name', sensitivity: 'public', steps: ['s1', 's2'], domains: ['courier', 'home', 'post'], denied: [] },
    { concept: 'Secret', sensitivity: 'restricted', steps: ['s1'], domains: ['home'], denied: [] },
    { concept: 'Letter', sensitivity: 'restricted', steps: ['s2'], domains: ['courier', 'post'], denied: ['s2'] },
  ])
})
