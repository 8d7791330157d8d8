/** Suppositions in words for people. */
import { formatUsd } from '../../core/index.ts'
import type { Supposed } from './idea.ts'
import type { Supposition, Totals } from './suppose.ts'

/** What would be otherwise, such as ``if `Statement` were given, `s1` and `s3` would fall away: $0.002 less``. */
export function saySupposition({ supposed, without, instead, saves }: Supposition): string {
  const fall = without.length === 0 ? [] : [`${list(without.map(quote))} would fall away`]
  const come = instead.length === 0 ? [] : [`${list(instead.map(quote))} would come in`]
  const saved = saves === undefined ? '' : `: ${saySaved(saves)}`
  return `if ${supposed.map(say).join(' and ')}, ${[...fall, ...come].join(' and ') || 'the order would be another'}${saved}`
}

/** How a goal without a plan would have one. */
export function sayUnlocked(all: readonly Supposition[]): string | undefined {
  if (all.length === 0) return undefined
  return `there would be a plan if ${all.map(({ supposed }) => supposed.map(say).join(' and ')).join('; or if ')}`
}

function say(supposed: Supposed): string {
  switch (supposed.kind) {
    case 'given':
      return `\`${supposed.concept}\` were given`
    case 'fact':
      return `\`${supposed.fact}(${supposed.about.join(', ')})\` held from the start`
    case 'offered': {
      const like = supposed.like === undefined ? '' : `, for what \`${supposed.like}\` asks`
      return `somebody offered to make \`${supposed.gives}\` of ${list(supposed.takes.map(quote)) || 'nothing'}${like}`
    }
    case 'budget':
      return `the budget were at least ${formatUsd(supposed.atLeast)}`
    case 'best':
      return supposed.best === 'size' ? 'the fewest steps mattered most' : 'being fast mattered most'
  }
}

function saySaved({ price, time, steps }: Totals): string {
  const parts = [
    { by: price, words: (by: number) => formatUsd(Math.round(by)) },
    { by: Math.round(time), words: (by: number) => `${by} ms` },
    { by: steps, words: (by: number) => `${by} ${by === 1 ? 'step' : 'steps'}` },
  ]
  const lessOf = parts.filter(({ by }) => by > 0).map(({ by, words }) => words(by))
  const moreOf = parts.filter(({ by }) => by < 0).map(({ by, words }) => words(-by))
  return [
    ...(lessOf.length > 0 ? [`${list(lessOf)} less`] : []),
    ...(moreOf.length > 0 ? [`${list(moreOf)} more`] : []),
  ].join(', but ')
}

function quote(text: string): string {
  return `\`${text}\``
}

function list(texts: readonly string[]): string {
  return texts.length < 2 ? texts.join('') : `${texts.slice(0, -1).join(', ')} and ${texts.at(-1)}`
}
