import { existsSync, readFileSync } from 'node:fs'
import { gunzipSync } from 'node:zlib'
import { array, assert, constantFrom, nat, property, tuple } from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type Capability, createMatcher } from '../../../src/agents/index.ts'
import { capability } from './builders.ts'

const travel: readonly Capability[] = [
  capability('flight.search', 'Find flights between two airports', { takes: ['Route'], gives: ['FlightOffer'] }),
  capability('flight.book', 'Book a seat on a chosen aircraft', { takes: ['FlightOffer'], gives: ['Booking'] }),
  capability('hotel.reserve', 'Reserve a room in a hotel', { takes: ['Stay'], gives: ['Reservation'] }),
  capability('refund.issue', 'Pay money back to a customer', { takes: ['Order'], gives: ['Receipt'] }),
  capability('weather.forecast', 'Tell tomorrow’s weather of a city', { takes: ['City'], gives: ['Forecast'] }),
]

const namesOf = (capabilities: readonly Capability[], request: string, limit = 10) =>
  createMatcher(capabilities)
    .match(request, { limit })
    .map(match => match.capability.name)

describe('the matcher', () => {
  it('finds a capability by its name, its description, its ports and its concepts', () => {
    for (const request of ['issue it', 'pay the customer', 'here is an order', 'I want a receipt'])
      expect(namesOf(travel, request)[0]).toBe('refund.issue')
  })

  it('takes words with other endings for the same word', () => {
    expect(namesOf(travel, 'reserving rooms')[0]).toBe('hotel.reserve')
  })

  it('forgives a slip of the finger in a word that nobody knows', () => {
    expect(namesOf(travel, 'the wether forcast')[0]).toBe('weather.forecast')
  })

  it('finds everything that a request asks for, each by its own clause', () => {
    const request = 'Find flights for my whole family to see the airports, then tell the weather. Lastly, a hotel room'
    expect(namesOf(travel, request, 3).toSorted()).toEqual(['flight.search', 'hotel.reserve', 'weather.forecast'])
  })

  it('brings in what feeds the one that was found, and says so', () => {
    const matches = createMatcher(travel).match('a seat on an aircraft')
    expect(matches.map(match => match.capability.name)).toEqual(['flight.book', 'flight.search'])
    expect(matches[1]?.because).toMatchObject([
      { kind: 'neighbour', capability: 'flight.book@1', concept: 'FlightOffer' },
    ])
  })

  it('says which words of the request spoke for a capability, the most telling first', () => {
    const [match] = createMatcher(travel).match('refunds for an order')
    expect(match?.because).toMatchObject([
      { kind: 'word', word: 'refunds', known: 'refund' },
      { kind: 'word', word: 'order' },
    ])
  })

  it('lists nothing that has nothing in common with the request', () => {
    expect(namesOf(travel, 'zzz qqq')).toEqual([])
    expect(namesOf(travel, '')).toEqual([])
    expect(namesOf([], 'book a flight')).toEqual([])
  })

  it('lists at most as many as it is asked for', () => {
    expect(namesOf(travel, 'a flight, a hotel, a refund, the weather', 2)).toHaveLength(2)
    expect(namesOf(travel, 'a flight', 0)).toEqual([])
  })

  it('reads a capability when it is made and never again', () => {
    let reads = 0
    const watched = travel.map(({ name, version, takes, gives, description }) => ({
      name,
      version,
      takes,
      gives,
      get description() {
        reads++
        return description
      },
    }))
    const matcher = createMatcher(watched)
    expect(reads).toBe(travel.length)
    for (const request of ['a flight', 'a hotel', 'a refund']) matcher.match(request)
    expect(reads).toBe(travel.length)
  })

  it('lets the smaller id go first among equals', () => {
    const twins = [capability('b.twin', 'A twin'), capability('a.twin', 'A twin'), capability('c.other', 'Another')]
    expect(namesOf(twins, 'twin')).toEqual(['a.twin', 'b.twin'])
  })
})

const word = constantFrom('book', 'search', 'cancel', 'flight', 'hotel', 'train', 'ticket', 'room', 'seat', 'refund')
const catalogue = array(tuple(array(word, { minLength: 1, maxLength: 2 }), array(word, { maxLength: 5 }), word, word), {
  maxLength: 12,
}).map(rows =>
  rows.map(([name, description, takes, gives], at) =>
    capability(`${name.join('.')}.n${at}`, description.join(' '), { takes: [nameOf(takes)], gives: [nameOf(gives)] }),
  ),
)
const nameOf = (text: string) => text.slice(0, 1).toUpperCase() + text.slice(1)
const request = array(word, { maxLength: 8 }).map(words => words.join(' '))

describe('laws of the matcher', () => {
  it('answers alike whatever order the capabilities come in', () => {
    assert(
      property(catalogue, request, (capabilities, asked) => {
        const answer = createMatcher(capabilities).match(asked)
        expect(createMatcher(capabilities.toReversed()).match(asked)).toEqual(answer)
      }),
      { numRuns: 60 },
    )
  })

  it('gives the first of a longer list as the shorter list', () => {
    assert(
      property(catalogue, request, nat(6), (capabilities, asked, limit) => {
        const matcher = createMatcher(capabilities)
        expect(matcher.match(asked, { limit })).toEqual(matcher.match(asked, { limit: 12 }).slice(0, limit))
      }),
      { numRuns: 60 },
    )
  })

  it('finds the same as before when a capability comes that shares no word and feeds nobody', () => {
    assert(
      property(catalogue, request, (capabilities, asked) => {
        const stranger = capability('zebra.comb', 'Comb zebras', { takes: ['Zebra'], gives: ['Mane'] })
        expect(namesOf([...capabilities, stranger], asked, 20).toSorted()).toEqual(
          namesOf(capabilities, asked, 20).toSorted(),
        )
      }),
      { numRuns: 60 },
    )
  })
})

const folder = `${import.meta.dirname}/../../../../shared/bench/matching`

describe.skipIf(!existsSync(folder))('the matcher on Seal-Tools', () => {
  it('has nine tenths of the wanted tools among the first ten of four thousand', () => {
    const read = (file: string) => JSON.parse(gunzipSync(readFileSync(`${folder}/${file}`)).toString())
    const tools: readonly { api_name: string; api_description: string }[] = read('tools.json.gz')
    const requests: readonly { query: string; calling: readonly { api: string }[] }[] = read('dev.json.gz')
    const matcher = createMatcher(
      tools.map(tool => ({ name: tool.api_name, version: 1, description: tool.api_description, takes: {}, gives: {} })),
    )
    const found = requests.slice(0, 200).flatMap(({ query, calling }) => {
      const names = new Set(matcher.match(query).map(match => match.capability.name))
      return calling.map(({ api }) => names.has(api))
    })
    expect(found.filter(Boolean).length / found.length).toBeGreaterThan(0.92)
  })
})
