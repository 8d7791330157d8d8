import { expect, test } from 'vitest'
import { freeOf, holdAmounts, nodePool } from '../../src/placement/index.ts'
import { nodeView } from './builders.ts'

test('amounts are whole numbers, rounded up, without kinds of which there is nothing', () => {
  expect(holdAmounts({ cpu: 0.1, memory: 1000.5, gpu: 0 })).toEqual({ cpu: 100, memory: 1001 })
  expect(holdAmounts({ cpu: 0.0001 })).toEqual({ cpu: 1 })
  expect(holdAmounts({ cpu: 0.1 + 0.2 })).toEqual({ cpu: 300 })
})

test('what is free is what the pool holds less what is reserved', () => {
  const view = nodeView('a')
  expect(freeOf(view, undefined)).toEqual(view.capacity)
  const pool = { capacity: holdAmounts({ cpu: 4, memory: 100 }), reserved: holdAmounts({ cpu: 0.3, memory: 100 }) }
  expect(freeOf(view, pool)).toEqual({ cpu: 3.7, memory: 0 })
})

test('every node has a pool of its own', () => {
  expect(nodePool('a')).not.toBe(nodePool('b'))
})
