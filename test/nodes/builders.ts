/** Agents, jobs and nodes that say only what a test is about. */
import { type Agent, type ModelSpec, type Tensor, type WorkContext } from '../../src/agents/index.ts'
import { type Clock, systemClock } from '../../src/core/index.ts'
import { type Job, type LocalNode, type LocalNodeOptions, openLocalNode } from '../../src/nodes/index.ts'

type Perform = (input: Readonly<Record<string, unknown>>, context: WorkContext) => unknown

export function agentThat(perform: Perform, id = 'worker'): Agent {
  return {
    id,
    kind: 'function',
    domain: 'home',
    description: id,
    offers: [],
    models: [],
    bid: () => ({ time: '1ms', confidence: 1 }),
    perform: async (_, input, context) => perform(input, context),
  }
}

export function job(overrides: Partial<Job> = {}): Job {
  return {
    agent: 'worker',
    capability: 'test.work',
    device: 'cpu',
    input: {},
    idempotencyKey: 'key',
    deadline: Number.MAX_SAFE_INTEGER,
    principal: { id: 'maria', kind: 'person', roles: [], tenant: 'home' },
    missing: [],
    inputs: {},
    call: () => Promise.reject(new Error('nobody to call')),
    ...overrides,
  }
}

export function openNode(agent: Agent, options: Partial<LocalNodeOptions> = {}): Promise<LocalNode> {
  const clock: Clock = options.clock ?? systemClock
  return openLocalNode({ ...options, agents: [agent], clock })
}

/** What `work` fails with. It may be asked before the failure is waited for. */
export async function failureOf(work: Promise<unknown>): Promise<unknown> {
  return work.then(
    value => ({ unexpected: value }),
    (error: unknown) => error,
  )
}

export const never = new AbortController().signal

/** A node whose one agent runs the model that its job names, and the way to make it do so. */
export async function openModelNode(options: Partial<LocalNodeOptions> = {}) {
  const node = await openNode(
    agentThat((input, context) => {
      const { model, feeds } = input as { model: ModelSpec; feeds: Readonly<Record<string, Tensor>> }
      return context.infer(model, feeds)
    }),
    options,
  )
  return {
    node,
    blocks: () => node.view().blocks.map(block => `${block.model} ${block.state}`),
    infer: async (model: ModelSpec, x: Tensor, device = 'cpu'): Promise<readonly number[]> => {
      const outputs = await node.work(job({ device, input: { model, feeds: { x } } }), never)
      const { y } = outputs as { y: Tensor }
      return [...y.data].map(Number)
    },
  }
}
