import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { Answer, CustomerId, Question } from '../../examples/support-desk/concepts.ts'
import * as capabilities from '../../examples/support-desk/capabilities.ts'
import { intents } from '../../examples/support-desk/intents.ts'
import { capabilityId } from '../../src/agents/index.ts'
import { Reading } from '../../src/intent/index.ts'
import { plan, predecessors } from '../../src/planner/index.ts'

const names = Object.keys(intents)
const banking77 = join(import.meta.dirname, '../../../shared/bench/matching/banking77.json.gz')

function planFor(...asked: readonly string[]) {
  const wanted = new Set([Answer, ...asked.flatMap(name => intents[name]?.wants ?? [])])
  return plan({
    capabilities: Object.values(capabilities),
    given: { question: Question, customerId: CustomerId, reading: Reading },
    wanted: [...wanted],
    estimate: () => ({ price: 1000, time: 20, reliability: 0.95 }),
  })
}

function stepsFor(...asked: readonly string[]) {
  const planned = planFor(...asked)
  return planned.kind === 'planned' ? planned.plan.steps : []
}

describe('plans of the desk', () => {
  it.each(names)('are found for %s, with every finding told to the writer', name => {
    const steps = stepsFor(name)
    const writer = steps.find(step => step.capability === 'answer.write@1')
    expect(writer?.inputs['findings']).toHaveLength(intents[name]?.wants.length ?? -1)
  })

  it('are found for any two intents at once', () => {
    for (const one of names)
      for (const other of names.filter((_, at) => at % 7 === 0))
        expect(planFor(one, other).kind, `${one} and ${other}`).toBe('planned')
  })

  it('never send money back without a fraud check and a claim before it', () => {
    const acting = names.map(name => stepsFor(name)).filter(steps => steps.some(is('refund.issue')))
    expect(acting.length).toBeGreaterThan(5)
    for (const steps of acting) {
      const refund = steps.find(is('refund.issue'))
      const before = steps.filter(step => refund && predecessors(refund).includes(step.id)).map(step => step.capability)
      expect(before.sort()).toEqual(['fraud.check@1', 'refund.claim@1'])
    }
  })

  it('touch nothing when only something is to be told', () => {
    for (const name of ['Refund_not_showing_up', 'declined_card_payment', 'card_arrival', 'age_limit']) {
      const effects = stepsFor(name).map(
        step => Object.values(capabilities).find(capability => capabilityId(capability) === step.capability)?.effect,
      )
      expect(effects).not.toContain('acts')
      expect(effects).not.toContain('writes')
    }
  })

  it('use every capability for some question', () => {
    const used = new Set(names.flatMap(name => stepsFor(name).map(step => step.capability)))
    expect(
      Object.values(capabilities)
        .map(capabilityId)
        .filter(id => !used.has(id)),
    ).toEqual([])
  })

  it.skipIf(!existsSync(banking77))('know every intent of BANKING77 by its name (skipped without ../shared)', () => {
    const data: { train: [string, string][] } = JSON.parse(gunzipSync(readFileSync(banking77)).toString('utf8'))
    const labels = new Set(data.train.map(([, label]) => label))
    expect(names.filter(name => !labels.has(name))).toEqual([])
    expect([...labels].filter(label => !names.includes(label))).toEqual([])
  })
})

function is(name: string) {
  return (step: { readonly capability: string }) => step.capability === `${name}@1`
}
