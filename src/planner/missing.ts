/** Why there is no plan: what cannot be had, and which capability comes nearest to it. */
import type { Entry, Kind } from './catalogue.ts'
import type { Had, Relevance } from './relevance.ts'

/** One thing that is missing. */
export interface Missing {
  readonly what: string
  readonly because: string
}

// How far back an explanation goes: further back it helps nobody.
const mostDepth = 2

/** What there is to explain it with: the capabilities, and what can be had. */
export type Known = Pick<Relevance, 'catalogue'> & Had

/** A want: how it is shown, and the name of its concept or of its fact. */
export interface Want {
  readonly what: string
  readonly kind: Kind
  readonly name: string
}

/** Explains wants, which cannot be had from what can. */
export function explainMissing(wants: readonly Want[], known: Known): readonly Missing[] {
  return wants.map(({ what, kind, name }) => ({ what, because: becauseOf(kind, name, known, []) }))
}

type Lack = readonly [Kind, string]

function becauseOf(kind: Kind, name: string, known: Known, behind: readonly string[]): string {
  const { catalogue } = known
  const makers = catalogue.giversOf(catalogue.key(kind, name))
  const verb = kind === 'concept' ? 'give it' : 'bring it about'
  const lackOf = (entry: Entry) => lacks(entry, known)
  const [nearest] = makers.toSorted((a, b) => lackOf(a).length - lackOf(b).length)
  if (!nearest)
    return kind === 'concept' ? 'it is not given and no capability gives it' : 'no capability brings it about'
  const lacking = lackOf(nearest)
  if (lacking.length === 0 && known.barred.has(nearest.id)) {
    return `\`${nearest.id}\` would ${verb}, but may not be used again`
  }
  if (lacking.length === 0) {
    const facts = nearest.capability.requires.map(({ fact, about }) => `\`${fact}(${about.join(', ')})\``)
    return `\`${nearest.id}\` would ${verb}, but ${facts.join(' and ')} cannot be had about the data that it could take`
  }
  const parts = lacking.map(([lackKind, lack]) => {
    const what = lackKind === 'concept' ? `\`${lack}\`` : `the fact \`${lack}\``
    if (lack === name || behind.includes(lack)) return `${what}, which is made from it in turn`
    return behind.length + 1 >= mostDepth ? what : `${what} (${becauseOf(lackKind, lack, known, [...behind, name])})`
  })
  return `\`${nearest.id}\` would ${verb}, but lacks ${parts.join(' and ')}`
}

function lacks({ takes, requires }: Entry, { concepts, facts }: Had): readonly Lack[] {
  const of = (kind: Kind, names: readonly string[], had: ReadonlySet<string>) =>
    [...new Set(names).difference(had)].map((name): Lack => [kind, name])
  return [...of('concept', takes, concepts), ...of('fact', requires, facts)]
}
