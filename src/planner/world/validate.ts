/** Says whether a plan works and, if not, at which step and why. It reads the texts' own terms and needs no grounding. */
import { bindTerms, type Domain, fits, type Instance, type Literal, nameOf, type Schema } from './domain.ts'

/** What is wrong with a plan. */
export interface Flaw {
  readonly kind:
    | 'unreadable-action'
    | 'unknown-action'
    | 'wrong-arity'
    | 'unknown-object'
    | 'wrong-type'
    | 'unmet-need'
    | 'unmet-goal'
  /** The step, counted from 1, when it is about one. */
  readonly step?: number
  readonly reason: string
}

/** Whether a plan works; the first step that cannot be done ends the reading, several goals may be missed. */
export type Verdict = { readonly valid: true } | { readonly valid: false; readonly flaws: readonly Flaw[] }

/** An action as everybody writes it: `(stack a b)`, lower case, single spaces. */
export function canonical(action: string): string {
  const words = action.toLowerCase().match(/[^\s()]+/g) ?? []
  return nameOf(words)
}

interface Call {
  readonly schema: Schema
  readonly args: readonly string[]
}

/** Tries a plan, step by step. */
export function validate(domain: Domain, instance: Instance, plan: readonly string[]): Verdict {
  const held = new Set(instance.initial.map(nameOf))
  /** The step that removed a fact last. */
  const removers = new Map<string, number>()
  const why = (fact: string): string => {
    const remover = removers.get(fact)
    return remover === undefined
      ? 'it has never held'
      : `step ${remover}, \`${canonical(plan[remover - 1] ?? '')}\`, removed it`
  }
  for (const [at, text] of plan.entries()) {
    const step = at + 1
    const call = callOf(domain, instance, text)
    if ('kind' in call) return { valid: false, flaws: [{ ...call, step }] }
    const { schema, args } = call
    for (const need of schema.needs) {
      const fact = nameOf([need.predicate, ...bindTerms(need.terms, args)])
      if (isMet(need, args, held)) continue
      const because = need.predicate === '=' ? 'of what they are' : need.holds ? why(fact) : 'it holds'
      const wanted = need.holds ? fact : `(not ${fact})`
      const reason = `step ${step}, \`${canonical(text)}\`, needs \`${wanted}\`: ${because}`
      return { valid: false, flaws: [{ kind: 'unmet-need', step, reason }] }
    }
    const effects = schema.effects.map(({ predicate, terms, holds }) => ({
      fact: nameOf([predicate, ...bindTerms(terms, args)]),
      holds,
    }))
    for (const { fact, holds } of effects) if (!holds && held.delete(fact)) removers.set(fact, step)
    for (const { fact, holds } of effects) if (holds) held.add(fact)
  }
  const missed = instance.goal.filter(({ atom, holds }) => {
    const [predicate, one, two] = atom
    return (predicate === '=' ? one === two : held.has(nameOf(atom))) !== holds
  })
  if (missed.length === 0) return { valid: true }
  const flaws = missed.map(({ atom, holds }): Flaw => {
    const fact = nameOf(atom)
    const reason = holds
      ? `the goal \`${fact}\` is not met: ${why(fact)}`
      : `the goal \`(not ${fact})\` is not met: it holds`
    return { kind: 'unmet-goal', reason }
  })
  return { valid: false, flaws }
}

function isMet({ predicate, terms, holds }: Literal, args: readonly string[], held: ReadonlySet<string>): boolean {
  const objects = bindTerms(terms, args)
  return (predicate === '=' ? objects[0] === objects[1] : held.has(nameOf([predicate, ...objects]))) === holds
}

/** What an action calls, or why it calls nothing. */
function callOf(domain: Domain, instance: Instance, text: string): Call | Omit<Flaw, 'step'> {
  const [name, ...args] = text.toLowerCase().match(/[^\s()]+/g) ?? []
  if (name === undefined) return { kind: 'unreadable-action', reason: `\`${text}\` is not an action` }
  const schema = domain.schemas.find(one => one.name === name)
  if (!schema) return { kind: 'unknown-action', reason: `there is no action \`${name}\`` }
  if (schema.parameters.length !== args.length) {
    const reason = `\`${name}\` takes ${schema.parameters.length} objects and is given ${args.length}`
    return { kind: 'wrong-arity', reason }
  }
  for (const [at, argument] of args.entries()) {
    const object = instance.objects.find(one => one.name === argument)
    if (!object) return { kind: 'unknown-object', reason: `there is no object \`${argument}\`` }
    const wanted = schema.parameters[at]?.types ?? []
    if (fits(domain, object.types, wanted)) continue
    return {
      kind: 'wrong-type',
      reason: `\`${argument}\` is \`${object.types.join('` or `')}\`, not \`${wanted.join('` or `')}\``,
    }
  }
  return { schema, args }
}
