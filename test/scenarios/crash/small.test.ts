import path from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import { broken, type Ending, runKilled } from './kill.ts'

const stage = path.join(import.meta.dirname, 'small-stage.ts')

describe('a run whose process is killed', () => {
  let whole: Ending
  beforeAll(async () => {
    whole = await runKilled(stage, 'after', 0)
  })

  it('comes out well when nobody is killed', () => {
    expect(whole.status).toBe('succeeded')
    expect(broken(whole.events)).toEqual([])
    expect(whole.trace.filter(line => line.startsWith('paid'))).toHaveLength(1)
  })

  it.for(['after', 'before'] as const)(
    '%s any event comes to the same result, with every effect under one key',
    { timeout: 600_000 },
    async when => {
      for (let seq = 1; seq <= whole.events.length; seq++) {
        // The first event is the acceptance: killed before it, nothing was promised.
        const ending = await runKilled(stage, when, seq)
        expect({
          seq,
          status: ending.status,
          reason: ending.reason,
          outputs: Object.keys(ending.outputs).sort(),
        }).toEqual({
          seq,
          status: whole.status,
          reason: whole.reason,
          outputs: Object.keys(whole.outputs).sort(),
        })
        expect({ seq, wrong: broken(ending.events), findings: ending.findings }).toEqual({
          seq,
          wrong: [],
          findings: [],
        })
        expect(new Set(ending.trace.filter(line => line.startsWith('paid'))).size).toBe(1)
      }
    },
  )
})
