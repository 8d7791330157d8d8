/** The small parts of PDDL: typed lists, terms and literals, checked against what is declared. */
import type { Domain, Literal, Term, Typed } from './domain.ts'
import { type Expression, headed, type Place, refuse, wordOf } from './expression.ts'

/** What is known where a literal stands. */
export interface Scope {
  readonly predicates: Domain['predicates']
  readonly functions: Domain['functions']
  readonly objects: ReadonlySet<string>
  readonly parameters: readonly string[]
}

/** Reads `a b - type c - (either t u) d`; what has no type is an `object`. Checks the types where `known` is given. */
export function typedList(items: readonly Expression[], known?: ReadonlyMap<string, unknown>): readonly Typed[] {
  const typed: Typed[] = []
  let untyped: string[] = []
  const give = (types: readonly string[]) => {
    typed.push(...untyped.map(name => ({ name, types })))
    untyped = []
  }
  for (let at = 0; at < items.length; at++) {
    const item = items[at]
    if (!item) break
    const { text, place } = wordOf(item, 'a name', item.place)
    if (text !== '-') {
      untyped.push(text)
      continue
    }
    at += 1
    give(typesOf(items[at], place, known))
  }
  give(['object'])
  return typed
}

function typesOf(item: Expression | undefined, place: Place, known?: ReadonlyMap<string, unknown>): readonly string[] {
  const either = item?.kind === 'list' ? headed(item, '`(either …)`') : undefined
  if (either && either.head !== 'either')
    refuse(either.place, '`(either …)` is expected', 'name one type, or several so')
  const words = either ? either.rest : item ? [item] : []
  if (words.length === 0) refuse(place, 'a type is expected after `-`', 'name one, such as `object`')
  return words.map(word => {
    const { text, place: at } = wordOf(word, 'a type', place)
    if (known && !known.has(text)) refuse(at, `there is no type \`${text}\``, 'declare it under `:types`')
    return text
  })
}

/** The parts of `(and …)`, of a single condition, or of nothing. */
export function conjuncts(item: Expression | undefined): readonly Expression[] {
  if (!item || (item.kind === 'list' && item.items.length === 0)) return []
  const { head, rest } = headed(item, 'a condition')
  return head === 'and' ? rest.flatMap(conjuncts) : [item]
}

const unsupported = new Set([
  'or',
  'imply',
  'forall',
  'exists',
  'when',
  'assign',
  'decrease',
  'preference',
  'at-most-once',
])

/** Reads `(predicate term …)` or its negation. */
export function literalOf(item: Expression, scope: Scope): Literal {
  const { head, rest, place } = headed(item, 'a fact')
  if (head === 'not') {
    const [inner] = rest
    if (!inner || rest.length > 1) refuse(place, '`not` takes one fact', 'write `(not (fact …))`')
    const literal = literalOf(inner, scope)
    return { ...literal, holds: !literal.holds }
  }
  const arity = head === '=' ? 2 : scope.predicates.get(head)?.length
  if (arity === undefined) {
    if (unsupported.has(head)) refuse(place, `\`${head}\` is not supported`, 'write out its cases as facts and actions')
    refuse(place, `there is no predicate \`${head}\``, 'declare it under `:predicates`')
  }
  return { predicate: head, terms: termsOf(rest, arity, head, place, scope), holds: true }
}

/** Reads the arguments of `name`, which takes `arity` of them. */
export function termsOf(
  items: readonly Expression[],
  arity: number,
  name: string,
  place: Place,
  { parameters, objects }: Pick<Scope, 'parameters' | 'objects'>,
): readonly Term[] {
  if (items.length !== arity) {
    refuse(place, `\`${name}\` takes ${arity} arguments and has ${items.length}`, 'see its declaration')
  }
  return items.map((item): Term => {
    const { text, place: at } = wordOf(item, 'an argument', place)
    if (!text.startsWith('?')) {
      if (objects.has(text)) return { kind: 'object', name: text }
      return refuse(at, `there is no object \`${text}\``, 'declare it under `:objects` or `:constants`')
    }
    const index = parameters.indexOf(text)
    if (index < 0) refuse(at, `there is no parameter \`${text}\``, 'declare it under `:parameters`')
    return { kind: 'parameter', index }
  })
}
