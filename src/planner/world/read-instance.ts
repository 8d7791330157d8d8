/** Reads a PDDL problem: objects, what holds at first, what is wanted. */
import { type Atom, bindTerms, type Domain, type Instance, nameOf } from './domain.ts'
import { type Expression, headed, refuse, wordOf } from './expression.ts'
import { conjuncts, literalOf, type Scope, typedList } from './literal.ts'
import { readDefinition, sectionOf } from './read-domain.ts'

/** Reads an instance of `domain`. Throws `bad-input` that names the line and the column. */
export function readInstance(text: string, domain: Domain): Instance {
  const { name, sections, place } = readDefinition(text, 'problem')
  const [of] = sectionOf(sections, ':domain')
  const domainName = wordOf(of, 'the name of a domain', place)
  if (domainName.text !== domain.name) {
    refuse(
      domainName.place,
      `the problem is of the domain \`${domainName.text}\`, not of \`${domain.name}\``,
      'give it',
    )
  }
  const objects = [...domain.constants, ...typedList(sectionOf(sections, ':objects'), domain.types)]
  const { predicates, functions } = domain
  const scope: Scope = { predicates, functions, objects: new Set(objects.map(object => object.name)), parameters: [] }
  const goals = sections.filter(({ head }) => head === ':goal')
  const [goal] = goals
  if (!goal) refuse(place, 'there is no goal in the problem', 'add `(:goal (and …))`')
  const inits = sectionOf(sections, ':init')
  return {
    name,
    objects,
    initial: inits.filter(item => !isValue(item)).flatMap(item => initialOf(item, scope)),
    goal: goals.flatMap(({ rest }) => rest.flatMap(conjuncts)).map(item => groundLiteral(item, scope)),
    values: new Map(inits.filter(isValue).map(item => valueOf(item, scope))),
    minimizesCost: sections.some(({ head }) => head === ':metric'),
  }
}

function groundLiteral(item: Expression, scope: Scope): { readonly atom: Atom; readonly holds: boolean } {
  const { predicate, terms, holds } = literalOf(item, scope)
  return { atom: [predicate, ...bindTerms(terms, [])], holds }
}

/** What is said not to hold at first need not be said. */
function initialOf(item: Expression, scope: Scope): readonly Atom[] {
  const { atom, holds } = groundLiteral(item, scope)
  return holds ? [atom] : []
}

/** Whether it is `(= (function …) number)`. */
function isValue(item: Expression): boolean {
  const { head, rest } = headed(item, 'a fact')
  return head === '=' && rest[0]?.kind === 'list'
}

function valueOf(item: Expression, { functions, objects }: Scope): readonly [string, number] {
  const { rest, place } = headed(item, 'a value')
  const [of, amount] = rest
  const value = Number(wordOf(amount, 'a number', place).text)
  if (!of || !(value >= 0)) refuse(place, 'a value that is not negative is expected', 'write `(= (function …) 1)`')
  const { head, rest: terms } = headed(of, 'a function')
  const words = terms.map(term => wordOf(term, 'an object', place))
  const arity = functions.get(head)?.length
  if (arity === undefined) refuse(of.place, `there is no function \`${head}\``, 'declare it under `:functions`')
  if (arity !== words.length) refuse(of.place, `\`${head}\` takes ${arity} arguments and has ${words.length}`, 'see it')
  const stranger = words.find(({ text }) => !objects.has(text))
  if (stranger) refuse(stranger.place, `there is no object \`${stranger.text}\``, 'declare it under `:objects`')
  return [nameOf([head, ...words.map(({ text }) => text)]), value]
}
