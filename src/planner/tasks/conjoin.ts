/** One condition from several. */
import { isDeepStrictEqual } from 'node:util'
import { compileCondition } from '../../core/index.ts'
import type { Source, Step } from '../plan.ts'

/** A condition that must hold, or must not. */
export interface Term {
  readonly condition: string
  readonly holds: boolean
  readonly over: Readonly<Record<string, Source>>
}

/** The condition that all of `terms` come to; undefined for none. A name that stands for different data gets a number. */
export function conjoin(terms: readonly Term[]): Step['when'] {
  const over: Record<string, Source> = {}
  const texts = terms.map(term => {
    const condition = compileCondition(term.condition)
    const names = new Map<string, string>()
    for (const name of condition.names) {
      const source = term.over[name]
      if (!source) continue
      let own = name
      for (let at = 2; Object.hasOwn(over, own) && !isDeepStrictEqual(over[own], source); at++) own = `${name}${at}`
      over[own] = source
      names.set(name, own)
    }
    return { text: condition.renamed(names), holds: term.holds }
  })
  const [only, second] = texts
  if (!only) return undefined
  const condition =
    !second && only.holds ? only.text : texts.map(({ text, holds }) => `${holds ? '' : '!'}(${text})`).join(' && ')
  return { condition, over }
}
