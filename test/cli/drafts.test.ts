import { describe, expect, it } from 'vitest'
import { scratch } from '../support/world.ts'
import { fixture, muster } from './command.ts'

const answer = fixture('desk/answer.json')
const flags = () => ['--config', fixture('drafting/muster.config.ts'), '--data', scratch()]

describe('where plans are drafted', () => {
  it('`muster plan` shows the composed plan, asks no model, and says who would be asked', async () => {
    const { code, stdout } = await muster(['plan', answer, ...flags()])
    expect(code).toBe(0)
    expect(stdout).toContain('composed; in a run plan.draft is asked for a plan first, 2 times at most, at its price')
  })

  it('`muster run` and `muster why` say how the plan came about', async () => {
    const words = flags()
    const run = await muster(['run', answer, ...words])
    expect(run.code).toBe(0)
    expect(run.stdout).toContain('composed, and not drafted: step `draft-1` gave no draft: model `silent` says nothing')
    const id = /run-\w{26}/.exec(run.stdout)?.[0] ?? ''
    const why = await muster(['why', id, ...words])
    expect(why.stdout).toContain('composed, and not drafted: step draft-1 gave no draft: model silent says nothing')
  })
})
