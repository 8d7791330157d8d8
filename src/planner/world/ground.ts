/**
 * Puts objects for parameters, as far as facts can be reached when nothing is ever removed.
 * 1. A fact takes part in joins once it is taken from the queue, so every combination is met when its last fact is taken.
 * 2. Facts that no action changes are there from the start and only narrow the joins.
 * 3. A negative condition counts as reachable, unless it is about what never changes.
 */
import { type Atom, bindTerms, type Domain, fits, type Instance, type Literal, nameOf, type Schema } from './domain.ts'
import { type GroundAction, numberTask, type Wish } from './number.ts'
import type { Measure, Task } from './task.ts'

/** Grounds an instance; plans are measured by `measure`, which is else what the instance asks for. */
export function ground(domain: Domain, instance: Instance, measure?: Measure): Task {
  const changing = new Set(domain.schemas.flatMap(({ effects }) => effects.map(({ predicate }) => predicate)))
  const facts = createIndex()
  const initial = new Set(instance.initial.map(nameOf))
  for (const atom of instance.initial) if (!changing.has(atom[0])) facts.add(atom)
  const queue: Atom[] = instance.initial.filter(([predicate]) => changing.has(predicate))
  const seen = new Set(initial)
  const actions = new Map<string, GroundAction>()
  const joins = domain.schemas.map(schema => joinOf(schema, domain, instance, changing, initial, facts))
  const keep = (schema: Schema, args: readonly string[]) => {
    const action = groundAction(schema, args, instance, changing)
    if (actions.has(action.name)) return
    actions.set(action.name, action)
    for (const { predicate, terms, holds } of schema.effects) {
      const atom: Atom = [predicate, ...bindTerms(terms, args)]
      if (!holds || seen.has(nameOf(atom))) continue
      seen.add(nameOf(atom))
      queue.push(atom)
    }
  }
  for (const join of joins) for (const args of join.ofNothing()) keep(join.schema, args)
  for (let at = 0; at < queue.length; at++) {
    const atom = queue[at]
    if (!atom) break
    facts.add(atom)
    for (const join of joins) for (const args of join.ofFact(atom)) keep(join.schema, args)
  }
  return numberTask({
    actions: [...actions.values()],
    initial,
    goal: instance.goal.map(wishOf),
    measure: measure ?? (instance.minimizesCost ? 'cost' : 'length'),
  })
}

/** What is equal is settled now: it is a fact that holds or one that never will. */
function wishOf({ atom, holds }: Instance['goal'][number]): Wish {
  const [predicate, one, two] = atom
  const settled = predicate === '=' && one === two
  return { fact: nameOf(atom), holds: settled ? !holds : holds }
}

function groundAction(
  { name, needs, effects, costs }: Schema,
  args: readonly string[],
  { values }: Instance,
  changing: ReadonlySet<string>,
): GroundAction {
  const bound = (literals: readonly Literal[], wanted: boolean) =>
    literals
      .filter(({ predicate, holds }) => holds === wanted && changing.has(predicate))
      .map(({ predicate, terms }) => nameOf([predicate, ...bindTerms(terms, args)]))
  const valueOf = (function_: string, of: readonly string[]) => values.get(nameOf([function_, ...of])) ?? 0
  return {
    name: nameOf([name, ...args]),
    needs: bound(needs, true),
    bars: bound(needs, false),
    adds: bound(effects, true),
    removes: bound(effects, false),
    cost: costs.reduce(
      (sum, cost) => sum + (cost.kind === 'number' ? cost.value : valueOf(cost.name, bindTerms(cost.terms, args))),
      0,
    ),
  }
}

/** Facts by predicate, and by predicate and one of their objects. */
interface Index {
  add(atom: Atom): void
  has(atom: readonly string[]): boolean
  /** Facts of a predicate whose object at `position` is `object`; or all of the predicate. */
  of(predicate: string, position?: number, object?: string): readonly Atom[]
}

function createIndex(): Index {
  const names = new Set<string>()
  const lists = new Map<string, Atom[]>()
  const file = (key: string, atom: Atom) => {
    const list = lists.get(key)
    if (list) list.push(atom)
    else lists.set(key, [atom])
  }
  return {
    add(atom) {
      if (names.has(nameOf(atom))) return
      names.add(nameOf(atom))
      const [predicate, ...objects] = atom
      file(predicate, atom)
      for (const [position, object] of objects.entries()) file(`${predicate} ${position} ${object}`, atom)
    },
    has: atom => names.has(nameOf(atom)),
    of: (predicate, position, object) =>
      lists.get(position === undefined ? predicate : `${predicate} ${position} ${object}`) ?? [],
  }
}

type Arguments = readonly (string | undefined)[]

interface Join {
  readonly schema: Schema
  /** Every choice of arguments when the needs are about nothing that changes. */
  ofNothing(): Iterable<readonly string[]>
  /** Every choice of arguments in which `atom` is one of the needs. */
  ofFact(atom: Atom): Iterable<readonly string[]>
}

function joinOf(
  schema: Schema,
  domain: Domain,
  { objects }: Instance,
  changing: ReadonlySet<string>,
  initial: ReadonlySet<string>,
  facts: Index,
): Join {
  const allowed = schema.parameters.map(
    ({ types }) => new Set(objects.filter(object => fits(domain, object.types, types)).map(object => object.name)),
  )
  const positive = schema.needs.filter(({ predicate, holds }) => holds && predicate !== '=')
  const checks = schema.needs.filter(
    ({ predicate, holds }) => predicate === '=' || (!holds && !changing.has(predicate)),
  )
  const free: Arguments = schema.parameters.map(() => undefined)

  /** `args` extended so that `literal` speaks of `atom`. */
  const unify = ({ terms }: Literal, [, ...things]: Atom, args: Arguments): Arguments | undefined => {
    const next = [...args]
    for (const [position, term] of terms.entries()) {
      const object = things[position] ?? ''
      if (term.kind === 'object') {
        if (term.name !== object) return undefined
        continue
      }
      const before = next[term.index]
      if (before === undefined ? !allowed[term.index]?.has(object) : before !== object) return undefined
      next[term.index] = object
    }
    return next
  }
  /** The facts that `literal` may be, the fewest that one known argument leaves. */
  const candidates = ({ predicate, terms }: Literal, args: Arguments): readonly Atom[] => {
    let fewest = facts.of(predicate)
    for (const [position, term] of terms.entries()) {
      const object = term.kind === 'object' ? term.name : args[term.index]
      if (object === undefined) continue
      const list = facts.of(predicate, position, object)
      if (list.length < fewest.length) fewest = list
    }
    return fewest
  }
  const passes = ({ predicate, terms, holds }: Literal, args: Arguments): boolean => {
    const things = terms.map(term => (term.kind === 'object' ? term.name : args[term.index]))
    if (things.includes(undefined)) return true
    const bound = things.map(thing => thing ?? '')
    return (predicate === '=' ? bound[0] === bound[1] : initial.has(nameOf([predicate, ...bound]))) === holds
  }
  function* extend(literals: readonly Literal[], args: Arguments): Generator<readonly string[]> {
    if (!checks.every(check => passes(check, args))) return
    if (literals.length === 0) {
      yield* complete(args)
      return
    }
    const choices = literals.map(literal => ({ literal, atoms: candidates(literal, args) }))
    const best = choices.reduce((one, two) => (two.atoms.length < one.atoms.length ? two : one))
    const rest = literals.filter(literal => literal !== best.literal)
    // What is found here may add facts to the list; those come with their own turn.
    for (const atom of best.atoms.slice()) {
      const next = unify(best.literal, atom, args)
      if (next) yield* extend(rest, next)
    }
  }
  function* complete(args: Arguments): Generator<readonly string[]> {
    if (!checks.every(check => passes(check, args))) return
    const open = args.indexOf(undefined)
    if (open < 0) {
      yield args.map(argument => argument ?? '')
      return
    }
    for (const object of allowed[open] ?? []) yield* complete(args.with(open, object))
  }
  const moving = positive.filter(({ predicate }) => changing.has(predicate))
  return {
    schema,
    ofNothing: () => (moving.length > 0 ? [] : extend(positive, free)),
    *ofFact(atom) {
      for (const literal of moving) {
        if (literal.predicate !== atom[0]) continue
        const args = unify(literal, atom, free)
        if (args)
          yield* extend(
            positive.filter(other => other !== literal),
            args,
          )
      }
    },
  }
}
