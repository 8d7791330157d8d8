import { availableParallelism } from 'node:os'
import { expect, test } from 'vitest'
import { MusterError } from '../../src/core/index.ts'
import { createManualClock } from '../support/manual-clock.ts'
import { agentThat, failureOf, job, never, openNode } from './builders.ts'

test('a node gives what its agent gives, and tells the agent what the job says', async () => {
  await using node = await openNode(
    agentThat((input, { idempotencyKey, principal, missing }) => ({ input, idempotencyKey, principal, missing })),
  )
  const missing = [{ concept: 'Report', reason: 'skipped' }]
  expect(await node.work(job({ input: { a: 1 }, idempotencyKey: 'k1', missing }), never)).toEqual({
    input: { a: 1 },
    idempotencyKey: 'k1',
    principal: job().principal,
    missing,
  })
})

test('a node shows its processors, its agents and what it lends', async () => {
  await using node = await openNode(
    agentThat(() => 1),
    { id: 'n1', domain: 'lab', lend: { memory: 1000 } },
  )
  const view = node.view()
  expect(view).toMatchObject({ id: 'n1', domain: 'lab', state: 'ready', agents: ['worker'], blocks: [], jobs: 0 })
  expect(view.devices[0]).toMatchObject({ id: 'cpu', kind: 'cpu', provider: 'cpu', simulated: false })
  expect(view.capacity.memory).toBe(1000)
  expect(view.capacity.cpu).toBeGreaterThan(0)
  expect(view.capacity.cpu).toBeLessThanOrEqual(availableParallelism())
  expect(view.memoryFree).toBeGreaterThan(0)
})

test('a node measures again only when its last measurement is half a second old', async () => {
  const clock = createManualClock()
  await using node = await openNode(
    agentThat(() => 1),
    { clock },
  )
  const { at } = node.view()
  await clock.advance(499)
  expect(node.view().at).toBe(at)
  await clock.advance(1)
  expect(node.view().at).toBe(at + 500)
})

test('an agent that never ends is cut off at its deadline and gives its slot back', async () => {
  const clock = createManualClock()
  const told = Promise.withResolvers<unknown>()
  const agent = agentThat((_, { signal }) => {
    signal.addEventListener('abort', () => told.resolve(signal.reason))
    return new Promise(() => {})
  })
  await using node = await openNode(agent, { clock })
  const work = node.work(job({ deadline: clock.now() + 1000 }), never)
  const outcome = failureOf(work)
  expect(node.view().jobs).toBe(1)
  await clock.advance(1000)
  expect(await outcome).toMatchObject({ code: 'deadline-passed' })
  expect(await told.promise).toMatchObject({ code: 'deadline-passed' })
  expect(node.view().jobs).toBe(0)
})

test('an agent that was cut off cannot start another inference', async () => {
  const clock = createManualClock()
  const tried = Promise.withResolvers<unknown>()
  const agent = agentThat(
    (_, context) =>
      new Promise(() => {
        context.signal.addEventListener('abort', () => {
          tried.resolve(failureOf(context.infer({ name: 'm', file: 'm.onnx' }, {})))
        })
      }),
  )
  await using node = await openNode(agent, { clock })
  const outcome = failureOf(node.work(job({ deadline: clock.now() + 10 }), never))
  await clock.advance(10)
  expect(await outcome).toMatchObject({ code: 'deadline-passed' })
  expect(await tried.promise).toMatchObject({ code: 'deadline-passed' })
})

test('work that is called off ends at once, with the reason of whoever called it off', async () => {
  await using node = await openNode(agentThat(() => new Promise(() => {})))
  const caller = new AbortController()
  const outcome = failureOf(node.work(job(), caller.signal))
  caller.abort(new MusterError('cancelled', 'enough'))
  expect(await outcome).toMatchObject({ code: 'cancelled', message: 'enough' })
  await expect(node.work(job(), AbortSignal.abort())).rejects.toMatchObject({ code: 'cancelled' })
})

test('what an agent throws is its failure with the cause, an error of ours passes as it is', async () => {
  const cause = new TypeError('oh')
  await using clumsy = await openNode(agentThat(() => Promise.reject(cause)))
  await expect(clumsy.work(job(), never)).rejects.toMatchObject({ code: 'agent-failed', cause })
  const refusal = new MusterError('forbidden', 'not this one')
  await using strict = await openNode(agentThat(() => Promise.reject(refusal)))
  await expect(strict.work(job(), never)).rejects.toBe(refusal)
})

test('a node that is full says no, and yes again when a job has ended', async () => {
  const done = Promise.withResolvers<string>()
  await using node = await openNode(
    agentThat(() => done.promise),
    { maxJobs: 1 },
  )
  const first = node.work(job(), never)
  await expect(node.work(job(), never)).rejects.toMatchObject({ code: 'over-capacity', retry: 'later' })
  done.resolve('done')
  expect(await first).toBe('done')
  expect(await node.work(job(), never)).toBe('done')
})

test('a node does not take work for an agent or a device that it does not have', async () => {
  await using node = await openNode(agentThat(() => 1))
  await expect(node.work(job({ agent: 'stranger' }), never)).rejects.toMatchObject({ code: 'not-found' })
  await expect(node.work(job({ device: 'gpu9' }), never)).rejects.toMatchObject({ code: 'not-found' })
})

test('a node that is closed ends its jobs and takes no more', async () => {
  const node = await openNode(agentThat(() => new Promise(() => {})))
  const outcome = failureOf(node.work(job(), never))
  await node[Symbol.asyncDispose]()
  expect(await outcome).toMatchObject({ code: 'closed' })
  await expect(node.work(job(), never)).rejects.toMatchObject({ code: 'closed' })
  expect(node.view().state).toBe('draining')
})

test('a limit of jobs that is no whole number from 1 up is refused', async () => {
  await expect(
    openNode(
      agentThat(() => 1),
      { maxJobs: 0 },
    ),
  ).rejects.toMatchObject({ code: 'bad-config' })
})
