/** Reads the brackets of PDDL: expressions that know where they stand, so that every complaint names a line and a column. */
import { MusterError } from '../../core/index.ts'

/** Where something stands in a text; both count from 1. */
export interface Place {
  readonly line: number
  readonly column: number
}

/** A word, in lower case since PDDL knows no other. */
export interface Word {
  readonly kind: 'word'
  readonly text: string
  readonly place: Place
}

/** A bracket with what stands in it. */
export interface List {
  readonly kind: 'list'
  readonly items: readonly Expression[]
  readonly place: Place
}

export type Expression = Word | List

/** Refuses a text with `bad-input`, saying where. */
export function refuse(place: Place, message: string, hint: string): never {
  throw new MusterError('bad-input', `${message} at line ${place.line}, column ${place.column}`, { hint })
}

/** Reads the one expression that `text` holds; comments start with a semicolon. Throws `bad-input`. */
export function readExpression(text: string): List {
  const open: { readonly items: Expression[]; readonly place: Place }[] = []
  let whole: List | undefined
  for (const { text: token, place } of tokensOf(text)) {
    if (whole) refuse(place, `\`${token}\` stands after the last closing bracket`, 'remove it, or a bracket too many')
    if (token === '(') {
      open.push({ items: [], place })
      continue
    }
    const current = open.at(-1)
    if (!current) refuse(place, `\`${token}\` stands outside of any bracket`, 'start with `(define`')
    if (token === ')') {
      open.pop()
      const list: List = { kind: 'list', items: current.items, place: current.place }
      const outer = open.at(-1)
      if (outer) outer.items.push(list)
      else whole = list
    } else current.items.push({ kind: 'word', text: token, place })
  }
  const unclosed = open.at(-1)
  if (unclosed) refuse(unclosed.place, 'a bracket is never closed: it opens', 'add the `)` that is missing')
  return whole ?? refuse({ line: 1, column: 1 }, 'there is no expression', 'start with `(define`')
}

function* tokensOf(text: string): Generator<{ readonly text: string; readonly place: Place }> {
  let line = 1
  let lineStart = 0
  for (const match of text.matchAll(/\n|;[^\n]*|[()]|[^\s();]+/g)) {
    const [token] = match
    if (token === '\n') {
      line += 1
      lineStart = match.index + 1
    } else if (!token.startsWith(';')) {
      yield { text: token.toLowerCase(), place: { line, column: match.index - lineStart + 1 } }
    }
  }
}

/** `expression` as a list that starts with a word, with that word and the rest; `what` names it in the complaint. */
export function headed(
  expression: Expression,
  what: string,
): { readonly head: string; readonly rest: readonly Expression[]; readonly place: Place } {
  const [head, ...rest] = expression.kind === 'list' ? expression.items : []
  if (head?.kind === 'word') return { head: head.text, rest, place: expression.place }
  return refuse(expression.place, `${what} is expected`, 'write it as `(word …)`')
}

/** `expression` as a word; `what` names it in the complaint. */
export function wordOf(expression: Expression | undefined, what: string, place: Place): Word {
  if (expression?.kind === 'word') return expression
  return refuse(expression?.place ?? place, `${what} is expected`, 'write a single word')
}
