import { type Agent, concept, defineCapability, defineGoal } from 'muster'
import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { eventsOf, worker, world } from '../support/world.ts'

const Parcel = concept('Parcel', z.string())
const Forklift = concept('Forklift', z.string())
const Slip = concept('Slip', z.string())
const about = (name: string, ...ports: string[]) => ({ fact: name, about: ports })

const charge = defineCapability({
  name: 'charge',
  takes: { forklift: Forklift },
  gives: { slip: Slip },
  effect: 'acts',
  idempotent: true,
  brings: [about('charged', 'forklift')],
})
const move = (name: string, before: string, after: string) =>
  defineCapability({
    name,
    takes: { parcel: Parcel, forklift: Forklift },
    gives: { slip: Slip },
    effect: 'acts',
    idempotent: true,
    requires: [about('charged', 'forklift'), about(before, 'parcel')],
    brings: [about(after, 'parcel')],
    removes: [about('charged', 'forklift'), about(before, 'parcel')],
  })
const store = move('store', 'arrived', 'stored')
const load = move('load', 'stored', 'loaded')

const shipment = defineGoal({
  objective: 'get the parcel onto the truck',
  given: { parcel: 'P1', forklift: 'F1' },
  wanted: [],
  facts: [about('arrived', 'parcel')],
  achieve: [about('loaded', 'parcel')],
})

function crew(broken?: string): { readonly agents: readonly Agent[]; readonly done: string[] } {
  const done: string[] = []
  const agents = [charge, store, load].map(capability =>
    worker(`the-${capability.name}r`, capability, () => {
      if (capability.name === broken) throw new Error('it is out of order')
      done.push(capability.name)
      return { slip: capability.name }
    }),
  )
  return { agents, done }
}

describe('a goal that wants facts', () => {
  it('is pursued in the order that the facts demand, the same work again where it must be', async () => {
    const { agents, done } = crew()
    const muster = await world({ agents })
    const run = await muster.declare(shipment)
    expect(await run.result).toMatchObject({ status: 'succeeded', outputs: {} })
    expect(done).toEqual(['charge', 'store', 'charge', 'load'])
  })

  it('is previewed as any other', async () => {
    const muster = await world({ agents: crew().agents })
    const { steps } = await muster.plan(shipment)
    expect(steps.map(({ capability }) => capability)).toEqual(['charge@1', 'store@1', 'charge@1', 'load@1'])
  })

  it('fails where a fact is not brought about, and nothing that requires it is done', async () => {
    const { agents, done } = crew('store')
    const muster = await world({ agents })
    const run = await muster.declare(shipment)
    const result = await run.result
    expect(result.status).toBe('failed')
    expect(result.reason).toContain('`loaded(parcel)` does not hold')
    expect(done).not.toContain('load')
    const events = await eventsOf(run)
    expect(events.filter(({ type }) => type === 'step.dropped').map(event => event)).toMatchObject([
      { step: 's2', cause: 'failed' },
      { cause: 'unreachable' },
    ])
  })

  it('is refused where its facts are about nothing that is given, or where nothing at all is wanted', async () => {
    const muster = await world({ agents: crew().agents })
    const { goal } = shipment
    await expect(muster.declare({ goal: { ...goal, achieve: [about('loaded', 'parcle')] } })).rejects.toThrow(
      'fact `loaded`: no `parcle` is given, perhaps `parcel`',
    )
    await expect(muster.declare({ goal: { ...goal, achieve: [] } })).rejects.toThrow('must be wanted')
  })

  it('that nothing can bring about says what is missing', async () => {
    const muster = await world({ agents: crew().agents.slice(0, 2) })
    const run = await muster.declare(shipment)
    expect(await run.result).toMatchObject({
      status: 'failed',
      reason: '`loaded(parcel)` cannot be had: no capability brings it about',
    })
  })
})
