import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import { promisify } from 'node:util'
import type { Worker } from 'node:worker_threads'
import { expect, test } from 'vitest'
import { createManualClock } from '../support/manual-clock.ts'
import { failureOf, openModelNode } from './builders.ts'
import { column, fileOf, heavyModel, scalingModel, unitMatrix } from './models.ts'

const run = promisify(execFile)
const triple = scalingModel('triple', 3)
const half = scalingModel('half', 0.5)

/** Every worker that is started while `work` runs. */
async function workersDuring(work: (workers: readonly Worker[]) => Promise<void>): Promise<void> {
  const workers: Worker[] = []
  const note = (worker: Worker) => void workers.push(worker)
  process.on('worker', note)
  try {
    await work(workers)
  } finally {
    process.off('worker', note)
  }
}

test('a model is run on the device, and the caller keeps its tensors', async () => {
  const { node, infer, blocks } = await openModelNode()
  await using _ = node
  const x = column(1, 2, 3)
  expect(await infer(triple, x)).toEqual([4, 7, 10])
  expect(await infer(triple, x)).toEqual([4, 7, 10])
  expect(blocks()).toEqual(['triple ready'])
})

test('a tensor that is a view of a larger buffer arrives as itself', async () => {
  const { node, infer } = await openModelNode()
  await using _ = node
  const data = Float32Array.from([9, 9, 1, 2]).subarray(2)
  expect(await infer(triple, { type: 'float32', data, dims: [2, 1] })).toEqual([4, 7])
})

test('many that ask for a model at once share one loading', async () => {
  const { node, infer } = await openModelNode()
  await using _ = node
  await workersDuring(async workers => {
    const answers = await Promise.all([1, 2, 3, 4].map(n => infer(triple, column(n))))
    expect(answers).toEqual([[4], [7], [10], [13]])
    expect(workers).toHaveLength(1)
  })
})

test('the event loop goes on while a heavy model runs', async () => {
  const { node, infer, blocks } = await openModelNode()
  await using _ = node
  const heavy = heavyModel(60)
  await infer(heavy, unitMatrix(2))
  const done = new AbortController()
  const answer = infer(heavy, unitMatrix(512)).finally(() => done.abort())
  let turns = 0
  let sawBusy = false
  while (!done.signal.aborted) {
    await new Promise(resolve => setImmediate(resolve))
    turns += 1
    sawBusy ||= blocks().includes('heavy-60 busy')
  }
  expect((await answer)[0]).toBe(1)
  expect(sawBusy).toBe(true)
  // A thread that computes takes two or three turns meanwhile, however long that is.
  expect(turns).toBeGreaterThan(50)
})

test('when a worker crashes, who waits is told, the block is failed, and the next request loads the model anew', async () => {
  const { node, infer, blocks } = await openModelNode()
  await using _ = node
  await workersDuring(async workers => {
    const heavy = heavyModel(20)
    await infer(heavy, unitMatrix(2))
    const outcome = failureOf(infer(heavy, unitMatrix(512)))
    await workers[0]?.terminate()
    expect(await outcome).toMatchObject({ code: 'model-failed' })
    expect(blocks()).toEqual(['heavy-20 failed'])
    expect((await infer(heavy, unitMatrix(2)))[0]).toBe(1)
    expect(blocks()).toEqual(['heavy-20 ready'])
    expect(workers).toHaveLength(2)
  })
})

test('a model that is not there or is no model is named with its path and what to do', async () => {
  const { node, infer } = await openModelNode()
  await using _ = node
  const gone = infer({ name: 'gone', file: '/nowhere/gone.onnx' }, column(1))
  await expect(gone).rejects.toMatchObject({
    code: 'model-failed',
    message: expect.stringContaining('/nowhere/gone.onnx'),
  })
  const file = fileOf('broken.onnx', 'this is no model')
  const broken = await infer({ name: 'broken', file }, column(1)).catch((error: unknown) => error)
  expect(broken).toMatchObject({
    code: 'model-failed',
    message: expect.stringContaining(file),
    hint: expect.any(String),
  })
})

test('feeds that do not fit are refused, and the model still stands', async () => {
  const { node, infer, blocks } = await openModelNode()
  await using _ = node
  const wide = infer(triple, { type: 'float32', data: new Float32Array(4), dims: [2, 2] })
  await expect(wide).rejects.toMatchObject({ code: 'model-failed' })
  expect(blocks()).toEqual(['triple ready'])
  expect(await infer(triple, column(1))).toEqual([4])
})

test('a model without work is unloaded after its time, one with work stays', async () => {
  const clock = createManualClock()
  const { node, infer, blocks } = await openModelNode({ clock, idleMs: 1000 })
  await using _ = node
  await infer(triple, column(1))
  await clock.advance(600)
  await infer(half, column(1))
  await infer(triple, column(1))
  await clock.advance(600)
  expect(blocks()).toEqual(['triple ready', 'half ready'])
  await clock.advance(400)
  await expect.poll(blocks).toEqual([])
})

test('room is made by unloading the model that was idle longest, and refused when all are needed', async () => {
  const clock = createManualClock()
  const { node, infer, blocks } = await openModelNode({ clock, lend: { memory: 250 } })
  await using _ = node
  const of = (name: string, memory: number) => ({ ...scalingModel(name, 1), memory })
  await infer(of('a', 100), column(1))
  await clock.advance(1)
  await infer(of('b', 100), column(1))
  await clock.advance(1)
  await infer(of('a', 100), column(1))
  await infer(of('c', 100), column(1))
  await expect.poll(blocks).toEqual(['a ready', 'c ready'])
  await expect(infer(of('huge', 300), column(1))).rejects.toMatchObject({ code: 'over-capacity' })
  await expect.poll(blocks).toEqual(['a ready', 'c ready'])
})

test('a model that stands idle does not keep the program running', async () => {
  const script = `
    import { failureOf, openModelNode } from '${new URL('./builders.ts', import.meta.url).href}'
    const { infer } = await openModelNode()
    const y = await infer(${JSON.stringify(triple)}, { type: 'float32', data: Float32Array.of(1), dims: [1, 1] })
    console.log(y[0])`
  const { stdout } = await run(process.execPath, ['--input-type=module', '--eval', script], { timeout: 30_000 })
  expect(stdout.trim()).toBe('4')
})

const vulkan = { VK_ICD_FILENAMES: '/usr/lib/chromium/vk_swiftshader_icd.json' }
const hasVulkan = existsSync(vulkan.VK_ICD_FILENAMES) && existsSync('/usr/lib/x86_64-linux-gnu/libvulkan.so.1')

test.skipIf(!hasVulkan)(
  'an emulated GPU computes the same, is called software and lends nothing (needs a software Vulkan driver)',
  async () => {
    const script = `
    import { failureOf, openModelNode } from '${new URL('./builders.ts', import.meta.url).href}'
    const { node, infer } = await openModelNode()
    const x = { type: 'float32', data: Float32Array.of(1, 2), dims: [2, 1] }
    const y = await infer(${JSON.stringify(triple)}, x, 'gpu0')
    const { devices, capacity, blocks } = node.view()
    console.log(JSON.stringify({ y, gpu: devices[1], lends: capacity.gpu ?? 0, blocks }))
    await node[Symbol.asyncDispose]()`
    const { stdout } = await run(process.execPath, ['--input-type=module', '--eval', script], {
      timeout: 50_000,
      env: { ...process.env, ...vulkan },
    })
    expect(JSON.parse(stdout)).toMatchObject({
      y: [4, 7],
      gpu: { id: 'gpu0', provider: 'webgpu', simulated: true, name: expect.stringContaining('software') },
      lends: 0,
      blocks: [{ model: 'triple', device: 'gpu0', state: 'ready' }],
    })
  },
)
