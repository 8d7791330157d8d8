/**
 * Reading by descriptions: which of several things a request means, from what is said of each, with nothing learnt.
 *
 * 1. A text is the set of its telling words; a word tells the more, the fewer texts have it, and one that none has tells most.
 * 2. Likeness is Tversky's (1977): what request and text share, against that and what only one of them has; what only the request has
 *    counts for more, since a description need not be repeated to be meant.
 * 3. A request of which too little is in any text is none of the things.
 */
import { compareText } from '../order.ts'
import { keyed } from './keyed.ts'
import type { IntentReading } from './learning/intents.ts'
import { createSpeller } from './spelling.ts'
import { isFiller, stemOf, wordsOf } from './words.ts'

/** Reads requests as intents: what was learnt, or what is only described. */
export interface IntentSource {
  readonly read: (request: string) => IntentReading
}

// Words of asking: they are in every request and say nothing of what is asked for.
const asking = new Set(
  `what where when why how need want help tell know get about show give make there please like let find see any much many
  hi hello hey thanks thank am not no yes just still`.split(/\s+/),
)
const onlyRequest = 0.7
const onlyText = 0.15
// A lead counts for more than its size: of 0.6 and 0.3 the first is nearly sure, of 0.6 and 0.5 it is not.
const sharpness = 3
// With this share of what it says known, a request is as familiar as can be; with less than the least it is none of the things.
const familiarShare = 0.5
const leastShare = 0.3
const mostRanked = 10

/**
 * Reads requests by what is said of each intent: one or more texts by its name, such as its description and ways to ask for it. For
 * a few dozen intents with few examples; where there are many examples, learn them (`learnIntents`).
 */
export function describeIntents(said: Readonly<Record<string, readonly string[]>>): IntentSource {
  const texts = Object.entries(said)
    .sort(([a], [b]) => compareText(a, b))
    .flatMap(([intent, texts]) => texts.map(text => ({ intent, stems: stemsOf(text) })))
  const times = new Map<string, number>()
  for (const { stems } of texts) for (const stem of stems) times.set(stem, (times.get(stem) ?? 0) + 1)
  const speller = createSpeller(times.keys())
  const worthOf = (stem: string) => Math.log(1 + (texts.length + 0.5) / ((times.get(stem) ?? 0) + 0.5))
  const sum = (stems: Iterable<string>) => [...stems].reduce((sum, stem) => sum + worthOf(stem), 0)
  const sized = texts.map(text => ({ ...text, worth: sum(text.stems) }))

  return {
    read(request) {
      const asked = [...stemsOf(request)].map(stem => ({
        worth: worthOf(stem),
        meant: times.has(stem) ? [{ word: stem, likeness: 1 }] : speller(stem),
      }))
      const whole = asked.reduce((sum, { worth }) => sum + worth, 0)
      const best = new Map<string, { readonly likeness: number; readonly share: number }>()
      for (const { intent, stems, worth } of sized) {
        const shared = asked.reduce(
          (sum, word) =>
            sum + word.worth * Math.max(0, ...word.meant.map(({ word, likeness }) => (stems.has(word) ? likeness : 0))),
          0,
        )
        const apart = onlyRequest * (whole - shared) + onlyText * Math.max(0, worth - shared)
        const likeness = shared === 0 ? 0 : shared / (shared + apart)
        const known = keyed(best, intent, () => ({ likeness: 0, share: 0 }))
        if (likeness > known.likeness) best.set(intent, { likeness, share: shared / whole })
      }
      return readingOf(best)
    },
  }
}

function readingOf(best: ReadonlyMap<string, { readonly likeness: number; readonly share: number }>): IntentReading {
  const weights = [...best].map(([intent, { likeness, share }]) => ({ intent, share, weight: likeness ** sharpness }))
  const sum = weights.reduce((sum, { weight }) => sum + weight, 0)
  const ranking = weights
    .filter(({ weight }) => weight > 0)
    .map(({ intent, share, weight }) => ({
      intent,
      probability: (weight / sum) * Math.min(1, share / familiarShare),
      share,
    }))
    .sort((a, b) => b.probability - a.probability || compareText(a.intent, b.intent))
    .slice(0, mostRanked)
  const [first] = ranking
  return {
    intent: first !== undefined && first.share >= leastShare ? first.intent : undefined,
    ranking: ranking.map(({ intent, probability }) => ({ intent, probability })),
  }
}

function stemsOf(text: string): ReadonlySet<string> {
  const words = wordsOf(text)
  const telling = words.filter(word => !isFiller(word) && !asking.has(word))
  return new Set((telling.length > 0 ? telling : words).map(stemOf))
}
