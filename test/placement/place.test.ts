import { expect, test } from 'vitest'
import type { NodeView } from '../../src/nodes/index.ts'
import { place } from '../../src/placement/index.ts'
import { cpu, emulated, fleetOf, gpu, gpuNode, nodeView, request } from './builders.ts'

const model = { name: 'intents', file: 'intents.onnx', memory: 2 ** 30 }
const inference = request({ work: 'inference', models: [model] })
const loaded = (device: string): NodeView['blocks'] => [
  { model: model.name, device, state: 'ready', memory: model.memory },
]

/** Where it was placed, such as `a/cpu`, or why not. */
function where(...[wanted, fleet]: Parameters<typeof place>): string {
  const placement = place(wanted, fleet)
  return placement.kind === 'placed' ? `${placement.node}/${placement.device}` : placement.reason
}

test('control work runs on the CPU, also where there is a GPU', () => {
  expect(where(request(), fleetOf([gpuNode('a', { devices: [gpu, cpu] })]))).toBe('a/cpu')
})

test('inference runs on a real GPU where there is one, however busy or cold', () => {
  const busy = gpuNode('z', { cpuLoad: 1, jobs: 100 })
  const warm = nodeView('a', { blocks: loaded('cpu') })
  expect(where(inference, fleetOf([warm, busy]))).toBe('z/gpu0')
})

test('inference runs on the CPU when the GPU has no room', () => {
  const fleet = fleetOf([gpuNode('a')], { a: { cpu: 4, memory: 2 ** 33, gpu: 1, vram: 1000 } })
  expect(where(inference, fleet)).toBe('a/cpu')
})

test('an emulated GPU is never preferred over a CPU, not even idle and warm', () => {
  const soft = nodeView('a', { devices: [emulated], blocks: loaded('gpu0') })
  const busy = nodeView('b', { cpuLoad: 1, jobs: 100 })
  expect(where(inference, fleetOf([soft, busy]))).toBe('b/cpu')
})

test('work that asks for a GPU by amount is not put on anything less', () => {
  const wanted = request({ work: 'inference', needs: { gpu: 0.5 } })
  const soft = nodeView('soft', { devices: [cpu, emulated] })
  expect(where(wanted, fleetOf([soft, nodeView('plain')]))).toBe('no node fits: 2 have no GPU to spare')
  expect(where(wanted, fleetOf([soft, gpuNode('g')]))).toBe('g/gpu0')
})

test('among equal devices the one where the model stands loaded is taken', () => {
  const fleet = fleetOf([nodeView('a'), nodeView('b', { blocks: loaded('cpu'), cpuLoad: 0.5 })])
  expect(where(inference, fleet)).toBe('b/cpu')
})

test('a block that failed or is unloading is not warm', () => {
  const gone = loaded('cpu').map(block => ({ ...block, state: 'failed' as const }))
  expect(where(inference, fleetOf([nodeView('a'), nodeView('b', { blocks: gone })]))).toBe('a/cpu')
})

test('among equals the less busy node is taken, and jobs count before the load that they cause is measured', () => {
  expect(where(request(), fleetOf([nodeView('a', { cpuLoad: 0.9 }), nodeView('b')]))).toBe('b/cpu')
  expect(where(request(), fleetOf([nodeView('a', { jobs: 8 }), nodeView('b')]))).toBe('b/cpu')
})

test('among equally busy nodes the fuller one is taken, so that large room stays whole', () => {
  const fleet = fleetOf([nodeView('a'), nodeView('b')], { b: { cpu: 1, memory: 2 ** 33 } })
  expect(where(request(), fleet)).toBe('b/cpu')
})

test('equals are decided by the id of the node, then by the order of its devices', () => {
  expect(where(request(), fleetOf([nodeView('b'), nodeView('a'), nodeView('c')]))).toBe('a/cpu')
  const twins = gpuNode('g', { devices: [cpu, gpu, { ...gpu, id: 'gpu1' }] })
  expect(where(inference, fleetOf([twins]))).toBe('g/gpu0')
})

test('nothing fits: the reason counts the nodes by what stood against them', () => {
  const wanted = request({ needs: { cpu: 3 } })
  const small = ['a', 'b', 'c', 'd'].map(id => nodeView(id))
  const full = { a: { cpu: 1 }, b: { cpu: 1 }, c: { cpu: 2.9 }, d: {} }
  const others = [
    nodeView('e', { state: 'draining' }),
    nodeView('f', { state: 'draining' }),
    nodeView('g', { agents: [] }),
  ]
  const placement = place(wanted, fleetOf([...others, ...small], full))
  expect(placement).toMatchObject({
    kind: 'unplaced',
    reason: 'no node fits: 4 lack `cpu`, 2 are draining, 1 does not run `desk`',
    trace: [
      { node: 'a', fits: false, reason: 'lacks `cpu`' },
      { node: 'e', fits: false, reason: 'is draining' },
      { node: 'g', fits: false, reason: 'does not run `desk`' },
    ],
  })
})

test('memory that others have taken is not there, whatever was promised; a loaded model needs no more', () => {
  const tight = { memoryFree: 2 ** 20 }
  expect(where(inference, fleetOf([nodeView('a', tight)]))).toBe('no node fits: 1 is short of real memory')
  expect(where(inference, fleetOf([nodeView('a', { ...tight, blocks: loaded('cpu') })]))).toBe('a/cpu')
})

test('an empty fleet has no place', () => {
  expect(where(request(), fleetOf([]))).toBe('no node fits: there is none')
})

test('on a GPU a share and the memory of the models is held there; on a CPU cores and main memory', () => {
  const wanted = request({ work: 'inference', needs: { cpu: 2, memory: 1000 }, models: [model] })
  expect(place(wanted, fleetOf([gpuNode('a')]))).toMatchObject({
    provider: 'cuda',
    hold: { gpu: 0.1, vram: model.memory, memory: 1000 },
  })
  expect(place(wanted, fleetOf([nodeView('a')]))).toMatchObject({
    provider: 'cpu',
    hold: { cpu: 2, memory: 1000 + model.memory },
  })
})

test('a placement explains itself: the best few places, each with its scores and reasons', () => {
  const views = Array.from({ length: 20 }, (_, i) => nodeView(`n${i}`, { cpuLoad: i / 20 }))
  const placement = place(inference, fleetOf(views))
  expect(placement.trace.map(candidate => candidate.node)).toEqual(['n0', 'n1', 'n2', 'n3', 'n4'])
  expect(placement.reason).toMatch(/^best of 20 places: inference can run on the CPU, to be loaded: `intents`/)
  const [first] = placement.trace
  expect(first).toMatchObject({
    fits: true,
    parts: [{ scorer: 'device' }, { scorer: 'warm' }, { scorer: 'idle' }, { scorer: 'packing' }],
  })
})

test('where few places fit, the trace also shows why others did not', () => {
  const fleet = fleetOf([nodeView('a'), nodeView('b', { state: 'cordoned' })])
  expect(place(request(), fleet).trace).toMatchObject([
    { node: 'a', fits: true },
    { node: 'b', fits: false, reason: 'is cordoned' },
  ])
})
