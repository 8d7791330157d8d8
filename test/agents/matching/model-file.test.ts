import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type IntentExample, learnIntents, learnPlans, loadIntents, loadPlans } from '../../../src/agents/index.ts'
import { MusterError } from '../../../src/core/index.ts'

const said: Readonly<Record<string, readonly string[]>> = {
  refund: ['where is my refund', 'I want my money back', 'refund the payment', 'when do I get my money'],
  parcel: ['where is my parcel', 'track the delivery', 'my parcel has not come', 'when is it delivered'],
}
const examples: readonly IntentExample[] = [
  ...Object.entries(said).flatMap(([intent, texts]) => texts.map(request => ({ request, intent }))),
  ...['how tall is the tower', 'sing a song', 'what is the time'].map(request => ({ request, intent: undefined })),
]
const requests = ['where is the money', 'parcel', 'how tall is the money', '', 'zebra 12 ✓']

const intents = learnIntents(examples)
const plans = learnPlans([
  { request: 'find a flight and book it', capabilities: ['flight.find', 'flight.book'] },
  { request: 'find a room and book it', capabilities: ['room.find', 'room.book'] },
])
const file = intents.save()

function refusal(load: () => unknown): MusterError {
  try {
    load()
  } catch (thrown) {
    if (thrown instanceof MusterError) return thrown
    throw thrown
  }
  throw new Error('it was not refused')
}

describe('a learnt model', () => {
  it('reads the same after it was saved and loaded', () => {
    const loaded = loadIntents(file)
    expect(loaded.intents).toEqual(['parcel', 'refund'])
    for (const request of requests) expect(loaded.read(request)).toEqual(intents.read(request))
    const sketches = loadPlans(plans.save())
    for (const request of requests) expect(sketches.sketch(request)).toEqual(plans.sketch(request))
  })

  it('is the same bytes whenever it is learnt or saved', () => {
    expect(learnIntents(examples).save()).toEqual(file)
    expect(loadIntents(file).save()).toEqual(file)
    expect(loadPlans(plans.save()).save()).toEqual(plans.save())
  })

  it('is not loaded when a byte was changed', () => {
    fc.assert(
      fc.property(fc.nat(file.length - 1), fc.integer({ min: 1, max: 255 }), (at, change) => {
        const changed = Uint8Array.from(file)
        changed[at] = (changed[at] ?? 0) ^ change
        expect(refusal(() => loadIntents(changed)).code).toBe('bad-input')
      }),
    )
  })

  it('is not loaded when it was cut short or something was added', () => {
    fc.assert(
      fc.property(fc.nat(file.length - 1), length => {
        expect(refusal(() => loadIntents(file.subarray(0, length))).code).toBe('bad-input')
      }),
    )
    expect(refusal(() => loadIntents(Buffer.concat([file, Buffer.from('x')]))).message).toBe('the model is damaged')
  })

  it('is not taken for one of another kind or format, nor is anything else taken for a model', () => {
    expect(refusal(() => loadIntents(plans.save())).message).toBe('the model is one of `plans`, not of `intents`')
    const later = Buffer.from(file.toString().replace('muster-model 1', 'muster-model 2'))
    expect(refusal(() => loadIntents(later)).message).toBe('the model has format `2` and format `1` is read here')
    fc.assert(
      fc.property(fc.uint8Array(), bytes => {
        expect(refusal(() => loadIntents(bytes)).message).toBe('this is not a learnt model')
      }),
    )
  })
})
