/** Plans of trivial steps, as a person would declare them: capabilities that fit together, three agents that all want to do every step. */
import { type Capability, concept, defineAgent, defineCapability, type Goal } from 'muster'
import { z } from 'zod'

/** How the steps of a plan hang together: one after another, or side by side and then collected. */
export type Shape = 'chain' | 'fan'

/** A goal, and what there is to reach it with. */
export interface Workload {
  readonly capabilities: readonly Capability[]
  readonly goal: Goal
  /** Steps of the plan. */
  readonly steps: number
}

const limits = { deadline: '10m', budget: { usd: 10 } }
// So little that every node has room for all of them: waiting for room is another thing than what a step costs.
const trivial = { effect: 'pure', needs: { cpu: 0.001 } } as const
const tradeoff = { cost: 1, latency: 1, quality: 1 }

/** `n` steps that each take what the one before gave. */
export function chain(n: number): Workload {
  const links = Array.from({ length: n + 1 }, (_, index) => concept(`Link${index}`, z.int()))
  const capabilities = links.slice(1).map((next, index) => {
    const before = links[index] ?? next
    return defineCapability({ name: `link.n${index}`, takes: { before }, gives: { next }, ...trivial })
  })
  const goal = { objective: 'forge a chain', given: { link0: 0 }, wanted: [`Link${n}`], limits, tradeoff }
  return { capabilities, goal, steps: n }
}

/** `n` steps that all take what was given, and one that takes what they all gave. */
export function fan(n: number): Workload {
  const Seed = concept('Seed', z.int())
  const Tree = concept('Tree', z.int())
  const leaves = Array.from({ length: n }, (_, index) => concept(`Leaf${index}`, z.int()))
  const growing = leaves.map((next, index) =>
    defineCapability({ name: `leaf.n${index}`, takes: { before: Seed }, gives: { next }, ...trivial }),
  )
  const collect = defineCapability({
    name: 'tree.collect',
    takes: Object.fromEntries(leaves.map((leaf, index) => [`leaf${index}`, leaf])),
    gives: { next: Tree },
    ...trivial,
  })
  const goal = { objective: 'grow a tree', given: { seed: 0 }, wanted: ['Tree'], limits, tradeoff }
  return { capabilities: [...growing, collect], goal, steps: n + 1 }
}

/** Three agents that offer everything; the second is the best. */
export function biddersFor(capabilities: readonly Capability[]) {
  const perform = Object.fromEntries(capabilities.map(({ name }) => [name, () => ({ next: 1 })]))
  return [20, 10, 30].map((time, index) =>
    defineAgent({
      id: `worker-${index}`,
      offers: capabilities,
      perform,
      bid: () => ({ price: { usd: 0.0001 }, time: `${time}ms`, confidence: 0.9 }),
    }),
  )
}

/** A permit and two forbids that both look at every step. */
export const policies = [
  {
    file: 'bench.cedar',
    text: `
@id("work") permit (principal, action, resource);
@id("dear") @reason("more than a dollar needs finance") @escalate("finance") @within("1h")
forbid (principal, action, resource) when { context.price > 1000000 };
@id("untrusted-acts") @reason("untrusted data does not act")
forbid (principal, action in Muster::Action::"acts", resource) unless { context.labels.trusted };
`,
  },
]
