import { describe, expect, expectTypeOf, it } from 'vitest'
import { z } from 'zod'
import { type Capability, capabilityId, defineCapability } from '../../src/agents/index.ts'
import { concept } from '../../src/core/index.ts'

const Order = concept('Order', z.object({ id: z.string() }))
const Receipt = concept('Receipt', z.string())
const ports = { takes: { order: Order }, gives: { receipt: Receipt } }

describe('a capability', () => {
  it('fills in what was left out, on the careful side', () => {
    const refund = defineCapability({ name: 'refund.issue', ...ports, effect: 'acts' })
    expect(refund).toMatchObject({ version: 1, idempotent: false, sees: 'restricted', description: 'refund issue' })
    expect(refund.needs).toEqual({ cpu: 0.1, work: 'control' })
    expect(capabilityId(refund)).toBe('refund.issue@1')
  })

  it('may always be repeated when it changes nothing', () => {
    for (const effect of ['pure', 'reads'] as const)
      expect(defineCapability({ name: 'look', ...ports, effect }).idempotent).toBe(true)
    expect(defineCapability({ name: 'write', ...ports, effect: 'writes' }).idempotent).toBe(false)
  })

  it('carries its name and ports in its type', () => {
    const refund = defineCapability({ name: 'refund.issue', ...ports, effect: 'acts' })
    expectTypeOf(refund.name).toEqualTypeOf<'refund.issue'>()
    expectTypeOf(refund).toExtend<Capability>()
  })

  it.each<[string, Partial<Parameters<typeof defineCapability>[0]>, RegExp]>([
    ['a name that is no dotted lower-case word', { name: 'Refund Issue' }, /the name is malformed/],
    ['a version that is no whole number', { version: 1.5 }, /version `1.5` is malformed/],
    ['nothing to give', { gives: {} }, /it gives nothing/],
    ['a port name that cannot be written in code', { takes: { 'the order': Order } }, /port name `the order`/],
    ['less than nothing of a resource', { needs: { cpu: -1 } }, /needs `-1` of `cpu`/],
    ['an amount that is no number', { needs: { memory: Number.NaN } }, /needs `NaN` of `memory`/],
    ['a fact about no port of it', { brings: [{ fact: 'sent', about: ['parcel'] }] }, /`parcel`, which is no port/],
    [
      'a fact about an inherited name',
      { brings: [{ fact: 'sent', about: ['toString'] }] },
      /`toString`, which is no port/,
    ],
    [
      'a required fact about an output',
      { requires: [{ fact: 'sent', about: ['receipt'] }] },
      /`receipt`, which is no input/,
    ],
    [
      'a removed fact about an output',
      { removes: [{ fact: 'sent', about: ['receipt'] }] },
      /`receipt`, which is no input/,
    ],
  ])('is refused with %s', (_, wrong, message) => {
    const define = () => defineCapability({ name: 'refund.issue', ...ports, effect: 'acts', ...wrong })
    expect(define).toThrow(expect.objectContaining({ code: 'bad-config', message: expect.stringMatching(message) }))
  })
})
