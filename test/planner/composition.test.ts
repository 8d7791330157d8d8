/** Plans over the Web Service Challenge's sets, where they lie beside the repository. */
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import { describe, expect, test } from 'vitest'
import { z } from 'zod'
import type { Concept } from '../../src/core/index.ts'
import { plan, type Problem, verify } from '../../src/planner/index.ts'
import { problem, thing, work } from './problems.ts'

const folder = join(import.meta.dirname, '../../../shared/bench/composition')
const indices = z.array(z.int())
const setSchema = z.object({
  conceptParent: indices,
  services: z.array(z.tuple([z.string(), indices, indices])),
  provided: indices,
  wanted: indices,
})

function load(name: string): Problem {
  const set = setSchema.parse(JSON.parse(gunzipSync(readFileSync(join(folder, `${name}.json.gz`))).toString('utf8')))
  const concepts = new Map<number, Concept>()
  const at = (index: number): Concept => {
    const parent = set.conceptParent[index] ?? -1
    const known = concepts.get(index) ?? thing(`C${index}`, parent < 0 ? undefined : at(parent))
    concepts.set(index, known)
    return known
  }
  const ports = (of: readonly number[]) => Object.fromEntries(of.map(index => [`c${index}`, at(index)]))
  return problem({
    capabilities: set.services.map(([service, takes, gives]) => work(service, ports(takes), ports(gives))),
    given: ports(set.provided),
    wanted: set.wanted.map(at),
  })
}

describe.skipIf(!existsSync(folder))('public composition sets (skipped when they are not there)', () => {
  test.each([
    ['wsc08-01', 10, 10],
    ['wsc08-02', 5, 5],
    ['wsc08-03', 40, 40],
    ['wsc08-04', 10, 10],
    ['wsc08-05', 20, 20],
    ['wsc09-01', 5, 5],
    ['generated-test_300_100_15', 50, 50],
    ['generated-test_200_150_70', 141, 141],
  ])('%s has a plan of %i services, %i on the shortest path, both proved to be the fewest', (name, size, short) => {
    const asked = load(name)
    for (const [objective, value] of [
      [{ best: 'size' }, size],
      [{ best: 'size', within: 'shortest-path' }, short],
    ] as const) {
      const answer = plan({ ...asked, objective })
      expect(answer.kind === 'planned' ? answer.proof : answer.missing).toEqual({ optimal: true, value, bound: value })
      expect(answer.kind === 'planned' ? verify(answer.plan, asked) : answer.missing).toEqual([])
    }
  })

  test.each(['wsc08-09', 'generated-test_100_50_30'])('%s is said to have no plan, with what is missing', name => {
    const answer = plan(load(name))
    expect(answer.kind === 'unsolvable' ? answer.missing[0]?.because : '').toContain('would give it, but lacks')
  })
})
