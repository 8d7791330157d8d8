import { describe, expect, it } from 'vitest'
import type { Generation } from '../../src/core/index.ts'
import {
  createManualClock,
  recordModel,
  replayModel,
  scriptedModel,
  seededIds,
  workContext,
} from '../../src/testing/index.ts'

const signal = new AbortController().signal
const ask = (content: string): Generation => ({ messages: [{ role: 'user', content }] })

describe('the manual clock', () => {
  it('fires timers in the order of their time, and stands at that time while they fire', async () => {
    const clock = createManualClock(1000)
    const fired: unknown[] = []
    for (const ms of [30, 10, 20, 10]) clock.after(ms, () => fired.push([ms, clock.now()]))
    await clock.advance(20)
    expect(fired).toEqual([
      [10, 1010],
      [10, 1010],
      [20, 1020],
    ])
    expect(clock.now()).toBe(1020)
  })

  it('fires what was set on the way, and not what was called off', async () => {
    const clock = createManualClock(0)
    const fired: number[] = []
    const cancel = clock.after(5, () => fired.push(-1))
    const later = async () => {
      await Promise.resolve()
      cancel()
      clock.after(2, () => fired.push(clock.now()))
    }
    clock.after(1, () => void later())
    await clock.advance(10)
    expect(fired).toEqual([3])
  })
})

describe('a scripted model', () => {
  it('says what was written down, and keeps what it was asked', async () => {
    const model = scriptedModel(['a', { json: { b: 1 } }, ({ messages }) => `echo ${messages[0]?.content}`])
    expect((await model.generate(ask('1'), signal)).content).toBe('a')
    expect((await model.generate(ask('2'), signal)).content).toBe('{"b":1}')
    expect((await model.generate(ask('3'), signal)).content).toBe('echo 3')
    expect(model.asked).toHaveLength(3)
  })

  it('misses loudly', async () => {
    const missed = scriptedModel([]).generate(ask('who are you?'), signal)
    await expect(missed).rejects.toThrow('the script has no answer 1, to `who are you?`')
  })
})

describe('a recorded model', () => {
  it('plays back what was recorded, in any order, and misses loudly', async () => {
    const recording = recordModel(scriptedModel(['one', 'two']))
    for (const question of ['1', '2']) await recording.generate(ask(question), signal)
    const replay = replayModel('small', JSON.parse(JSON.stringify(recording.tape())))
    expect((await replay.generate(ask('2'), signal)).content).toBe('two')
    expect((await replay.generate(ask('1'), signal)).content).toBe('one')
    await expect(replay.generate(ask('3'), signal)).rejects.toThrow('the tape of `small` has no answer to `3`')
  })
})

describe('seeded ids', () => {
  it('repeat with the seed, differ without, and sort as they were made', () => {
    const made = (seed: number) => {
      const ids = seededIds(seed)
      return Array.from({ length: 40 }, () => ids.next('run'))
    }
    expect(made(1)).toEqual(made(1))
    expect(made(1)).not.toEqual(made(2))
    expect(made(1).toSorted()).toEqual(made(1))
    expect(made(1)[0]).toMatch(/^run-[0-9a-z]{26}$/)
  })
})

describe('a work context for tests', () => {
  it('says what is missing when an agent reaches further than the test thought of', async () => {
    await expect(workContext().call('order.find', {})).rejects.toThrow(
      'the test does not say what `order.find` answers',
    )
    await expect(workContext().infer({ name: 'm', file: 'm.onnx' }, {})).rejects.toThrow('what model `m` answers')
  })
})
