import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import type { NodeView } from '../../src/nodes/index.ts'
import { freeOf, holdAmounts, place, type PlacementRequest } from '../../src/placement/index.ts'
import type { Amounts } from '../../src/store/index.ts'
import { cpu, emulated, gpu, nodeView, request } from '../placement/builders.ts'

const share = fc.integer({ min: 0, max: 3000 }).map(thousandths => thousandths / 1000)
const bytes = fc.integer({ min: 0, max: 5000 })

const views: fc.Arbitrary<readonly NodeView[]> = fc.uniqueArray(
  fc
    .record({
      id: fc.integer({ min: 0, max: 30 }).map(String),
      state: fc.constantFrom('ready' as const, 'ready' as const, 'ready' as const, 'draining' as const),
      devices: fc.constantFrom([cpu], [cpu, gpu], [cpu, emulated], [gpu, cpu]),
      // Often the same, so that equals meet.
      capacity: fc.oneof(
        fc.constant({ cpu: 3, memory: 5000, gpu: 1, vram: 5000 }),
        fc.record({ cpu: share, memory: bytes, gpu: share, vram: bytes }),
      ),
      cpuLoad: fc.constantFrom(0, 0.5, 1),
      jobs: fc.constantFrom(0, 1, 7),
      memoryFree: fc.constantFrom(1000, 100_000),
    })
    .map(({ id, ...view }) => nodeView(id, view)),
  { selector: view => view.id, maxLength: 8 },
)

const requests: fc.Arbitrary<PlacementRequest> = fc.record({
  agent: fc.constant('desk'),
  work: fc.constantFrom('control' as const, 'inference' as const),
  needs: fc.record({ cpu: share, memory: bytes, gpu: share, vram: bytes }, { requiredKeys: [] }),
  models: fc.array(fc.record({ name: fc.constantFrom('a', 'b'), file: fc.constant('f'), memory: bytes }), {
    maxLength: 2,
  }),
})

function sum(reserved: Amounts, amounts: Amounts): Amounts {
  const total: Record<string, number> = { ...reserved }
  for (const [kind, amount] of Object.entries(amounts)) total[kind] = (total[kind] ?? 0) + amount
  return total
}

/** The kinds in which more is reserved than there is: what a pool refuses. */
function overflows(capacity: Amounts, reserved: Amounts): readonly string[] {
  return Object.keys(reserved).filter(kind => (reserved[kind] ?? 0) > (capacity[kind] ?? 0))
}

test('whatever is placed, its hold fits into the pool of its node, until nothing fits any more', () => {
  fc.assert(
    fc.property(views, fc.array(requests, { maxLength: 40 }), (views, wanted) => {
      const pools = new Map(views.map(view => [view.id, { capacity: holdAmounts(view.capacity), reserved: {} }]))
      for (const request of wanted) {
        const nodes = views.map(view => ({ view, free: freeOf(view, pools.get(view.id)) }))
        const placement = place(request, { nodes })
        if (placement.kind === 'unplaced') continue
        const { capacity = {}, reserved = {} } = pools.get(placement.node) ?? {}
        const after = sum(reserved, holdAmounts(placement.hold))
        expect(overflows(capacity, after)).toEqual([])
        pools.set(placement.node, { capacity, reserved: after })
      }
    }),
  )
})

test('the order in which a fleet lists its nodes does not matter', () => {
  const shuffled = views.chain(views =>
    fc.tuple(fc.constant(views), fc.shuffledSubarray([...views], { minLength: views.length, maxLength: views.length })),
  )
  fc.assert(
    fc.property(shuffled, requests, ([views, others], request) => {
      const fleet = (views: readonly NodeView[]) => ({ nodes: views.map(view => ({ view, free: view.capacity })) })
      expect(place(request, fleet(others))).toEqual(place(request, fleet(views)))
    }),
  )
})

test('room that only one node has is found, to the last thousandth', () => {
  fc.assert(
    fc.property(views, fc.integer({ min: 1, max: 4000 }), (views, thousandths) => {
      const full = views.map(view => ({ view, free: {} }))
      const roomy = { view: nodeView('roomy'), free: { cpu: thousandths / 1000 } }
      const asking = (amount: number) => place(request({ needs: { cpu: amount / 1000 } }), { nodes: [...full, roomy] })
      expect(asking(thousandths)).toMatchObject({ kind: 'placed', node: 'roomy' })
      expect(asking(thousandths + 1)).toMatchObject({ kind: 'unplaced' })
    }),
  )
})
