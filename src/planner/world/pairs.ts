/** Which facts may hold together: the pairs that h² reaches (Haslum and Geffner 2000). Other pairs never hold together. */
import { type State, stateOf, type Task, factsOf, holds, include } from './task.ts'

/** For each fact, those that may hold together with it. */
export type Pairs = readonly State[]

// The rows of bits make a square; past so many facts it is too large.
const mostFacts = 8000

/** Computes the pairs of a task; undefined when it is too large for that. */
export function pairsOf(task: Task): Pairs | undefined {
  if (task.facts.length > mostFacts) return undefined
  const rows = task.facts.map(() => stateOf(task, []))
  const initial = stateOf(task, task.initial)
  for (const fact of task.initial) rows[fact]?.set(initial)
  for (let grown = true; grown; ) {
    grown = false
    for (const { needs, adds, removes } of task.actions) {
      if (clashIn(needs, rows)) continue
      // What may hold before the action, stays; what it adds, comes.
      const along = alongside(task, needs, rows)
      for (const fact of removes) along[fact >> 5] = (along[fact >> 5] ?? 0) & ~(1 << (fact & 31))
      for (const fact of adds) include(along, fact)
      for (const fact of adds) grown = join(rows, fact, along) || grown
    }
  }
  return rows
}

function alongside(task: Task, needs: readonly number[], rows: Pairs): State {
  const [first, ...others] = needs.map(need => rows[need] ?? stateOf(task, []))
  const along =
    first?.slice() ?? rows.reduce((all, row) => all.map((word, at) => word | (row[at] ?? 0)), stateOf(task, []))
  for (const row of others) for (const [at, word] of row.entries()) along[at] = (along[at] ?? 0) & word
  return along
}

/** Joins `fact` with each of `along`, both ways; says whether any is new. */
function join(rows: Pairs, fact: number, along: State): boolean {
  const row = rows[fact]
  if (!row) return false
  const fresh = along.map((word, at) => word & ~(row[at] ?? 0))
  if (fresh.every(word => word === 0)) return false
  for (const other of factsOf(fresh)) {
    include(row, other)
    const back = rows[other]
    if (back) include(back, fact)
  }
  return true
}

/** Two of `facts` that never hold together, or one that never holds, given twice. */
export function clashIn(facts: readonly number[], pairs: Pairs): readonly [number, number] | undefined {
  for (const one of facts) {
    const row = pairs[one]
    for (const two of facts) if (!row || !holds(row, two)) return [one, two]
  }
  return undefined
}
