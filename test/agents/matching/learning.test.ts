import { describe, expect, it } from 'vitest'
import { type IntentExample, learnIntents, learnPlans } from '../../../src/agents/index.ts'

const verbs = ['book', 'reserve', 'get me', 'I would like', 'please arrange', 'can you find'] as const
const things: Readonly<Record<string, readonly string[]>> = {
  flight: ['a flight to Rome', 'a plane ticket', 'a seat on a plane', 'a flight home'],
  hotel: ['a hotel in Rome', 'a room for two', 'a hotel room', 'a room by the sea'],
  taxi: ['a taxi', 'a cab to the station', 'a cab home', 'a taxi for two'],
}

const intents: readonly IntentExample[] = Object.entries(things).flatMap(([intent, named]) =>
  named.flatMap(thing => verbs.map(verb => ({ request: `${verb} ${thing}`, intent }))),
)
const outside: readonly IntentExample[] = [
  'who was the first king',
  'how tall is the tower',
  'why is the sky blue',
  'how do I bake bread',
  'what is nine times nine',
  'who wrote this book',
].map(request => ({ request, intent: undefined }))

describe('learnt intents', () => {
  it('read a request as the one that it is most like', () => {
    const { read } = learnIntents(intents)
    expect(read('a plane to Paris please').intent).toBe('flight')
    expect(read('is there a cab').intent).toBe('taxi')
    const { ranking } = read('I need a hotel')
    expect(ranking.map(({ intent }) => intent)).toEqual(['hotel', expect.anything(), expect.anything()])
    expect(ranking.reduce((sum, { probability }) => sum + probability, 0)).toBeCloseTo(1)
  })

  it('tell apart what is none of them, when they have seen such', () => {
    const { read } = learnIntents([...intents, ...outside])
    expect(read('why is bread blue').intent).toBeUndefined()
    expect(read('book a hotel in Rome').intent).toBe('hotel')
  })

  it('turn away more when more shall be caught', () => {
    const asked = ['how tall is the hotel', 'who was the first taxi', 'a room', 'what is a flight', 'home', 'zebra']
    const caughtBy = (caught: number) => {
      const { read } = learnIntents([...intents, ...outside], { caught })
      return asked.filter(request => read(request).intent === undefined).length
    }
    expect(caughtBy(1)).toBeGreaterThanOrEqual(caughtBy(0))
  })

  it('are learnt the same from the same examples', () => {
    const [first, second] = [learnIntents(intents).read, learnIntents(intents).read]
    for (const { request } of intents) expect(first(request)).toEqual(second(request))
  })

  it('cannot be learnt from nothing', () => {
    expect(() => learnIntents(outside)).toThrow('there is no example with an intent')
  })
})

const trips = [
  { request: 'find flights and book one', capabilities: ['flight.search', 'flight.book'] },
  { request: 'book a flight after a search for flights', capabilities: ['flight.search', 'flight.book'] },
  { request: 'find a hotel and reserve a room', capabilities: ['hotel.search', 'hotel.reserve'] },
  { request: 'reserve a room in a hotel, find one', capabilities: ['hotel.search', 'hotel.reserve'] },
  { request: 'tell the weather, then find flights', capabilities: ['weather.tell', 'flight.search'] },
  { request: 'what weather is it, then search for flights', capabilities: ['weather.tell', 'flight.search'] },
]
const examples = Array.from({ length: 8 }, () => trips).flat()

describe('learnt plans', () => {
  it('sketch what a request needs, in the order in which it is done', () => {
    const { sketch } = learnPlans(examples)
    expect(sketch('book me a flight, find some first')).toEqual({
      capabilities: ['flight.search', 'flight.book'],
      links: [{ from: 'flight.search', to: 'flight.book' }],
    })
    expect(sketch('reserve a hotel room').capabilities).toEqual(['hotel.search', 'hotel.reserve'])
  })

  it('follow only links that are known, whatever is asked', () => {
    const only = [{ from: 'flight.search', to: 'flight.book' }]
    const { sketch } = learnPlans(examples, only)
    for (const { request } of trips) for (const link of sketch(request).links) expect(only).toContainEqual(link)
  })

  it('name only what was in the examples', () => {
    const known = new Set(trips.flatMap(trip => trip.capabilities))
    const { sketch } = learnPlans(examples)
    for (const request of ['', 'zebra', 'buy a train, sell a boat', 'flights '.repeat(500)])
      for (const name of sketch(request).capabilities) expect(known).toContain(name)
  })

  it('learn from what each step does which words ask for it', () => {
    const said = { book: ['get a seat', 'ask for a meal'], move: ['lift the box', 'get a van'] } as const
    const taught = Array.from({ length: 8 }, () => [
      { request: 'sort out my trip', capabilities: ['seat.get', 'meal.ask'], steps: said.book },
      { request: 'sort out my home', capabilities: ['box.lift', 'van.get'], steps: said.move },
    ]).flat()
    const { sketch } = learnPlans(taught)
    expect(sketch('a van').capabilities).toContain('van.get')
    expect(sketch('a meal and a seat').capabilities).toEqual(['seat.get', 'meal.ask'])
  })

  it('refuse an example that does not say what every step does', () => {
    const example = { request: 'find a flight', capabilities: ['flight.search', 'flight.book'], steps: ['look'] }
    expect(() => learnPlans([example])).toThrow('there are `1` steps for `2` capabilities')
  })

  it('cannot be learnt from nothing', () => {
    expect(() => learnPlans([])).toThrow('there is no example of a plan')
  })
})
