/** Reads a PDDL domain: STRIPS with types, constants, negative preconditions, equality and action costs. */
import type { Cost, Domain, Literal, Schema, Typed } from './domain.ts'
import { type Expression, headed, type Place, readExpression, refuse, wordOf } from './expression.ts'
import { conjuncts, literalOf, type Scope, termsOf, typedList } from './literal.ts'

const supported = new Set([':strips', ':typing', ':negative-preconditions', ':equality', ':action-costs'])

/** Reads a domain. Throws `bad-input` that names the line and the column. */
export function readDomain(text: string): Domain {
  const { sections, name } = readDefinition(text, 'domain')
  for (const item of sectionOf(sections, ':requirements')) {
    const { text: requirement, place } = wordOf(item, 'a requirement', item.place)
    if (!supported.has(requirement)) {
      const hint = `write it with ${[...supported].join(', ')}`
      refuse(place, `the requirement \`${requirement}\` is not supported`, hint)
    }
  }
  const typeList = typedList(sectionOf(sections, ':types'))
  const types = new Map(typeList.map(({ name: type, types: parents }) => [type, type === 'object' ? [] : parents]))
  for (const { types: parents } of typeList) for (const parent of parents) if (!types.has(parent)) types.set(parent, [])
  types.set('object', [])
  const constants = typedList(sectionOf(sections, ':constants'), types)
  const declared = (section: string) =>
    new Map(
      sectionOf(sections, section).flatMap(item => {
        if (item.kind === 'word') return []
        const { head, rest } = headed(item, `a declaration of ${section}`)
        return [[head, typedList(rest, types)] as const]
      }),
    )
  const predicates = declared(':predicates')
  const functions = declared(':functions')
  const frame = { types, predicates, functions, objects: new Set(constants.map(constant => constant.name)) }
  const schemas = sections.filter(({ head }) => head === ':action').map(section => readSchema(section, frame))
  return { name, types, constants, predicates, functions, schemas }
}

/** A section of a definition: `(:init …)`. */
export interface Section {
  readonly head: string
  readonly rest: readonly Expression[]
  readonly place: Place
}

/** The sections of a `(define (kind name) …)`. */
export function readDefinition(
  text: string,
  kind: 'domain' | 'problem',
): { readonly name: string; readonly sections: readonly Section[]; readonly place: Place } {
  const { head, rest, place } = headed(readExpression(text), '`(define …)`')
  const [title, ...parts] = rest
  if (head !== 'define' || !title) refuse(place, '`define` is expected', `write \`(define (${kind} name) …)\``)
  const named = headed(title, `\`(${kind} name)\``)
  if (named.head !== kind) refuse(named.place, `a ${kind} is expected, not a \`${named.head}\``, 'give the other text')
  const name = wordOf(named.rest[0], 'a name', named.place).text
  return { name, sections: parts.map(part => headed(part, 'a section such as `(:init …)`')), place }
}

/** What stands in all sections of a name. */
export function sectionOf(sections: readonly Section[], head: string): readonly Expression[] {
  return sections.filter(section => section.head === head).flatMap(({ rest }) => rest)
}

type Frame = Pick<Domain, 'types' | 'predicates' | 'functions'> & { readonly objects: ReadonlySet<string> }

function readSchema({ rest, place }: Section, frame: Frame): Schema {
  const name = wordOf(rest[0], 'the name of an action', place).text
  const part = (key: string): Expression | undefined => {
    const at = rest.findIndex(item => item.kind === 'word' && item.text === key)
    return at < 0 ? undefined : rest[at + 1]
  }
  const listed = part(':parameters')
  const parameters: readonly Typed[] = listed?.kind === 'list' ? typedList(listed.items, frame.types) : []
  for (const { name: parameter } of parameters) {
    if (!parameter.startsWith('?'))
      refuse(place, `the parameter \`${parameter}\` of \`${name}\` has no \`?\``, 'add it')
  }
  const scope: Scope = { ...frame, parameters: parameters.map(parameter => parameter.name) }
  const effects = conjuncts(part(':effect'))
  return {
    name,
    parameters,
    needs: conjuncts(part(':precondition')).map(item => literalOf(item, scope)),
    effects: effects.filter(item => !isIncrease(item)).map(item => effectOf(item, scope)),
    costs: effects.filter(isIncrease).map(item => costOf(item, scope)),
  }
}

function isIncrease(item: Expression): boolean {
  return headed(item, 'an effect').head === 'increase'
}

function effectOf(item: Expression, scope: Scope): Literal {
  const literal = literalOf(item, scope)
  if (literal.predicate === '=') refuse(item.place, 'an effect cannot change what is equal', 'remove it')
  return literal
}

function costOf(item: Expression, scope: Scope): Cost {
  const { rest, place } = headed(item, 'an increase')
  const [target, amount] = rest
  if (!target || !amount || headed(target, '`(total-cost)`').head !== 'total-cost') {
    refuse(place, 'only `(total-cost)` can be increased', 'write `(increase (total-cost) 1)`')
  }
  if (amount.kind === 'word') {
    const value = Number(amount.text)
    if (value >= 0) return { kind: 'number', value }
    return refuse(amount.place, `\`${amount.text}\` is not a cost`, 'give a number that is not negative')
  }
  const { head, rest: terms } = headed(amount, 'a function')
  const parameters = scope.functions.get(head)
  if (!parameters) refuse(amount.place, `there is no function \`${head}\``, 'declare it under `:functions`')
  return { kind: 'function', name: head, terms: termsOf(terms, parameters.length, head, amount.place, scope) }
}
