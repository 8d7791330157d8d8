/** What PDDL texts say, as data: the domain (what can be done) and the instance (what is, and what is wanted). */

/** A name with the types that it may be of: any one of them. */
export interface Typed {
  readonly name: string
  readonly types: readonly string[]
}

/** What an atom speaks of: a parameter of its action, by index, or a certain object. */
export type Term =
  | { readonly kind: 'parameter'; readonly index: number }
  | { readonly kind: 'object'; readonly name: string }

/** A predicate about terms, and whether it holds; `=` is a predicate too. */
export interface Literal {
  readonly predicate: string
  readonly terms: readonly Term[]
  readonly holds: boolean
}

/** What an action costs: a number, or the value of a function of its parameters. */
export type Cost =
  | { readonly kind: 'number'; readonly value: number }
  | { readonly kind: 'function'; readonly name: string; readonly terms: readonly Term[] }

/** An action with parameters. What it removes is removed before what it adds is added. */
export interface Schema {
  readonly name: string
  readonly parameters: readonly Typed[]
  readonly needs: readonly Literal[]
  readonly effects: readonly Literal[]
  /** Added up. */
  readonly costs: readonly Cost[]
}

export interface Domain {
  readonly name: string
  /** Each type with the types that it is a kind of, directly; `object` is the root. */
  readonly types: ReadonlyMap<string, readonly string[]>
  readonly constants: readonly Typed[]
  readonly predicates: ReadonlyMap<string, readonly Typed[]>
  readonly functions: ReadonlyMap<string, readonly Typed[]>
  readonly schemas: readonly Schema[]
}

/** A fact in words: the predicate, then the objects. */
export type Atom = readonly [predicate: string, ...objects: string[]]

export interface Instance {
  readonly name: string
  /** The constants of the domain are among them. */
  readonly objects: readonly Typed[]
  readonly initial: readonly Atom[]
  readonly goal: readonly { readonly atom: Atom; readonly holds: boolean }[]
  /** Values of functions, by `(function object …)`. */
  readonly values: ReadonlyMap<string, number>
  /** Whether the instance asks for the lowest total cost; otherwise the shortest plan is the best. */
  readonly minimizesCost: boolean
}

/** Such as `(on a b)`. */
export function nameOf(parts: readonly string[]): string {
  return `(${parts.join(' ')})`
}

/** Whether an object of `types` can stand where one of `wanted` must. */
export function fits(domain: Domain, types: readonly string[], wanted: readonly string[]): boolean {
  return types.some(type => wanted.includes(type) || fits(domain, domain.types.get(type) ?? [], wanted))
}

/** The objects that `terms` speak of under a choice of arguments. */
export function bindTerms(terms: readonly Term[], argumentsOf: readonly string[]): readonly string[] {
  return terms.map(term => (term.kind === 'object' ? term.name : (argumentsOf[term.index] ?? '')))
}
