/**
 * Conditions as data, in the Common Expression Language (CEL): the one adapter of the evaluator.
 *
 * 1. A condition comes from outside and is evaluated between other work, so what could run long is refused: long or
 *    deep expressions, loops within loops within loops, and the functions that multiply data or backtrack.
 * 2. Numbers of JSON have no integer kind, so integers and decimals mix freely in arithmetic and comparison.
 * 3. An error is never `false`: a condition holds, does not hold, or throws.
 */
import { type ASTNode, Environment } from '@marcbachmann/cel-js'
import { MusterError } from './error.ts'

/** A condition that was checked and can be asked again and again. */
export interface Condition {
  readonly text: string
  /** The variables that it speaks of, sorted, each once. */
  readonly names: readonly string[]
  /**
   * Whether it holds for these JSON values. Throws `bad-input` when a variable or a field that decides is absent or of
   * another type, or the result is not true or false; `too-large` when the lists in them are too long to loop over.
   */
  holds(variables: Readonly<Record<string, unknown>>): boolean
  /** Its text with other names for some of its variables. */
  renamed(names: ReadonlyMap<string, string>): string
}

const longestText = 2000
const deepestLoop = 2
const mostTurns = 1_000_000
const mostKept = 1000

const loops = new Set(['all', 'exists', 'exists_one', 'filter'])
const refused = new Map([
  ['matches', 'use `startsWith`, `endsWith`, `contains` or `in`'],
  ['map', 'test the items with `all`, `exists` or `filter`'],
  ['bind', 'write the value where it is used'],
])

const environment = new Environment({
  unlistedVariablesAreDyn: true,
  homogeneousAggregateLiterals: false,
  limits: { maxDepth: 50, maxAstNodes: 1000 },
})
for (const [left, right] of [
  ['int', 'double'],
  ['double', 'int'],
] as const) {
  environment.registerOperator(`${left} + ${right}: double`, (a, b) => Number(a) + Number(b))
  environment.registerOperator(`${left} - ${right}: double`, (a, b) => Number(a) - Number(b))
  environment.registerOperator(`${left} * ${right}: double`, (a, b) => Number(a) * Number(b))
  environment.registerOperator(`${left} / ${right}: double`, (a, b) => Number(a) / Number(b))
  environment.registerOperator(`${left} % ${right}: double`, (a, b) => Number(a) % Number(b))
}
environment.registerOperator('double % double: double', (a, b) => Number(a) % Number(b))

/** The names that the language itself gives a meaning, such as `int` in `type(x) == int`. */
const language = new Environment()

// The same few conditions of capabilities and goals are asked all day; the oldest goes when the table is full.
const kept = new Map<string, Condition>()

/** Reads a condition. Throws `bad-input` saying what is wrong with it and where. */
export function compileCondition(text: string): Condition {
  const known = kept.get(text)
  if (known) return known
  const condition = compile(text)
  if (kept.size >= mostKept) kept.delete(kept.keys().next().value ?? text)
  kept.set(text, condition)
  return condition
}

function compile(text: string): Condition {
  if (text.length > longestText)
    throw new MusterError('bad-input', `a condition of ${text.length} characters is too long`, {
      hint: `write at most ${longestText} characters`,
    })
  const program = read(text)
  const places: Places = new Map()
  const depth = loopsIn(program.ast, places, new Set())
  if (depth > deepestLoop)
    throw malformed(
      text,
      `it has loops ${depth} deep`,
      `nest \`all\`, \`exists\` and \`filter\` at most ${deepestLoop} deep`,
    )
  const type = program.check()
  if (!type.valid) throw malformed(text, firstLine(type.error?.summary), 'compare values of the same type')
  if (type.type !== 'bool' && type.type !== 'dyn')
    throw malformed(
      text,
      `it gives a \`${type.type}\``,
      'write something that is true or false, such as `claim.amount > 0`',
    )
  return {
    text,
    names: [...places.keys()].sort(),
    holds(variables) {
      // Without a prototype, so that `constructor` and its kind are unknown variables like any other.
      const own: Record<string, unknown> = { __proto__: null, ...variables }
      if (depth > 0) refuseLongLoops(text, depth, countItems([...places.keys()].map(name => own[name])))
      return evaluate(text, () => program(own))
    },
    renamed(names) {
      const changes = [...places].flatMap(([name, at]) =>
        at.map(start => ({ start, name, to: names.get(name) ?? name })),
      )
      return changes
        .sort((a, b) => b.start - a.start)
        .reduce((all, { start, name, to }) => all.slice(0, start) + to + all.slice(start + name.length), text)
    },
  }
}

function read(text: string) {
  try {
    return environment.parse(text)
  } catch (error) {
    throw malformed(text, firstLine(error), 'write it in the Common Expression Language, such as `claim.amount > 0`')
  }
}

function refuseLongLoops(text: string, depth: number, items: number): void {
  if (items ** depth <= mostTurns) return
  throw new MusterError('too-large', `the condition \`${text}\` loops over ${items} items, ${depth} deep`, {
    hint: 'give it shorter lists, or count in a capability',
  })
}

function evaluate(text: string, run: () => unknown): boolean {
  let result: unknown
  try {
    result = run()
  } catch (error) {
    throw new MusterError('bad-input', `the condition \`${text}\` cannot be decided: ${firstLine(error)}`, {
      hint: 'test an optional field with `has(…)` first',
      cause: error,
    })
  }
  if (typeof result === 'boolean') return result
  throw new MusterError('bad-input', `the condition \`${text}\` gives neither true nor false`, {
    hint: 'compare the value with something, such as `claim.amount > 0`',
  })
}

/** Where a condition speaks of each of its variables. */
type Places = Map<string, number[]>

/** How deep loops are nested in `node`; adds the variables it speaks of to `places`. Throws for what is refused. */
function loopsIn(node: ASTNode, places: Places, bound: ReadonlySet<string>): number {
  const deepest = (nodes: readonly ASTNode[], inner = bound) =>
    nodes.reduce((depth, child) => Math.max(depth, loopsIn(child, places, inner)), 0)
  if (node.op === 'value') return 0
  if (node.op === 'id') {
    if (!bound.has(node.args) && !language.hasVariable(node.args))
      places.set(node.args, [...(places.get(node.args) ?? []), node.range.start])
    return 0
  }
  if (node.op === '.' || node.op === '.?') return deepest([node.args[0]])
  if (node.op === '!_' || node.op === '-_') return deepest([node.args])
  if (node.op === 'call') return deepest(node.args[1])
  if (node.op === 'map') return deepest(node.args.flat())
  if (node.op !== 'rcall') return deepest(node.args)
  const [name, receiver, rest] = node.args
  const hint = refused.get(name)
  if (hint !== undefined) throw malformed(node.input, `it uses \`${name}\``, hint)
  const [item, ...body] = rest
  if (!loops.has(name) || item?.op !== 'id') return deepest([receiver, ...rest])
  return Math.max(deepest([receiver]), 1 + deepest(body, new Set(bound).add(item.args)))
}

/** How many list items and map entries there are in `values`, at any depth. */
function countItems(values: readonly unknown[]): number {
  let count = 0
  const rest = [...values]
  for (let value = rest.pop(); value !== undefined || rest.length > 0; value = rest.pop()) {
    if (typeof value !== 'object' || value === null) continue
    const inner: unknown[] = Object.values(value)
    count += inner.length
    for (const item of inner) rest.push(item)
  }
  return count
}

function malformed(text: string, why: string, hint: string): MusterError {
  return new MusterError('bad-input', `the condition \`${text}\` is not valid: ${why}`, { hint })
}

/** The evaluator's words without its drawing of the source below them, in the style of the house. */
function firstLine(error: unknown): string {
  const line = (error instanceof Error ? error.message : String(error)).split('\n', 1)[0] ?? ''
  return line.charAt(0).toLowerCase() + line.slice(1)
}
