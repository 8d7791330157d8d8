import { expect, test } from 'vitest'
import type { Capability } from '../../src/agents/index.ts'
import { plan } from '../../src/planner/index.ts'
import { capabilitiesOf, planned, problem, thing, work } from './problems.ts'

const links = Array.from({ length: 6 }, (_, at) => thing(`Link${at}`))
const [start] = links

function chain(): readonly Capability[] {
  return links.flatMap((link, at) => {
    const before = links[at - 1]
    return before ? [work(`step${at}`, { from: before }, { to: link })] : []
  })
}

function unrelated(count: number): readonly Capability[] {
  return Array.from({ length: count }, (_, at) =>
    work(`other${at}`, { one: thing(`One${at % 500}`) }, { two: thing(`One${(at * 7 + 1) % 500}`) }),
  )
}

/** The number of properties of capabilities that are read while a goal of five steps is planned once more. */
function reads(others: number): number {
  let count = 0
  const watched = [...chain(), ...unrelated(others)].map(
    capability =>
      new Proxy(capability, {
        get(target, key) {
          count++
          return Reflect.get(target, key)
        },
      }),
  )
  const asked = problem({ capabilities: watched, given: start ? { start } : {}, wanted: links.slice(-1) })
  expect(capabilitiesOf(planned(asked).plan)).toHaveLength(5)
  count = 0
  plan(asked)
  return count
}

test('planning a goal touches no more of 10,000 capabilities than of the five that it needs', () => {
  const alone = reads(0)
  expect(alone).toBeGreaterThan(0)
  expect(reads(10_000)).toBe(alone)
})
