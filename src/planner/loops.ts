/** Capabilities as loops: what takes one item and gives one, taking a list of items and giving a list. */
import type { Capability } from '../agents/index.ts'
import { ancestry, type Concept } from '../core/index.ts'
import type { Each } from './plan.ts'

/** A capability as a loop: as a whole it is like `capability`, with lists at the port and at its outputs. */
export interface Loop {
  readonly id: string
  readonly requests: string
  readonly loop: Omit<Each, 'most'>
  readonly capability: Capability
}

// Lists of the same items between which an output leaves a choice: one is the rule.
const mostChoices = 4

/** Every loop of `capabilities`, by id, over lists among `concepts`, whose order makes no difference. */
export function* loopsOf(
  capabilities: Iterable<{ readonly id: string; readonly capability: Capability }>,
  concepts: Iterable<Concept>,
): Generator<Loop> {
  const lists = [...concepts].filter(({ listOf }) => listOf).sort((a, b) => (a.name < b.name ? -1 : 1))
  if (lists.length === 0) return
  // By what their items are, and by what these are kinds of.
  const taken = new Map<string, Concept[]>()
  const given = new Map<string, Concept[]>()
  for (const list of lists) {
    const names = list.listOf ? ancestry(list.listOf) : []
    for (const name of names) add(taken, name, list)
    add(given, list.listOf?.name ?? '', list)
  }
  for (const { id, capability } of capabilities) {
    const choices = sorted(capability.gives).map(([port, concept]) => ({
      port,
      lists: ancestry(concept)
        .flatMap(name => given.get(name) ?? [])
        .slice(0, mostChoices),
    }))
    const gives = waysToGive(choices.filter(({ lists }) => lists.length > 0))
    for (const [port, of] of sorted(capability.takes)) {
      if (of.kind === 'all') continue
      for (const list of taken.get(of.name) ?? [])
        for (const outputs of gives) yield asLoop(id, capability, port, list, outputs)
    }
  }
}

type Outputs = Readonly<Record<string, Concept>>

function asLoop(id: string, capability: Capability, port: string, list: Concept, outputs: Outputs): Loop {
  const names = Object.fromEntries(Object.entries(outputs).map(([output, { name }]) => [output, name]))
  return {
    id: `${id} for each ${port} of ${list.name} to ${Object.values(names).join(' and ')}`,
    requests: id,
    loop: { port, gives: names },
    // Items of which its own condition does not hold are left out: the loop itself always delivers.
    capability: { ...capability, takes: { ...capability.takes, [port]: list }, gives: outputs, when: undefined },
  }
}

/** Every choice of a list for each output; none when no output has one. */
function waysToGive(
  choices: readonly { readonly port: string; readonly lists: readonly Concept[] }[],
): readonly Outputs[] {
  if (choices.length === 0) return []
  let ways: readonly Outputs[] = [{}]
  for (const { port, lists } of choices)
    ways = ways.flatMap(way => lists.map(list => ({ ...way, [port]: list }))).slice(0, mostChoices)
  return ways
}

function sorted<T>(ports: Readonly<Record<string, T>>): readonly (readonly [string, T])[] {
  return Object.entries(ports).sort(([a], [b]) => (a < b ? -1 : 1))
}

function add(index: Map<string, Concept[]>, name: string, list: Concept): void {
  const known = index.get(name)
  if (known) known.push(list)
  else index.set(name, [list])
}
