import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { capabilityId } from '../../src/agents/index.ts'
import { check } from '../../src/core/index.ts'
import { plan, PlanDraft, type Problem, requestDraft, settleDraft, verify } from '../../src/planner/index.ts'
import { anyProblem, full } from '../planner/any-problem.ts'

/** Drafts that speak of what there is, and of what there is not, in no sensible way. */
function anyDraft(asked: Problem): fc.Arbitrary<PlanDraft> {
  const id = fc.constantFrom('a', 'b', 'c', 's1', 's2', 'read', '__proto__')
  const capability = fc.constantFrom(...asked.capabilities.map(capabilityId), 'magic@1', 'toString')
  const port = fc.constantFrom('in0', 'in1', 'list', 'out0', '__proto__')
  const source = fc.oneof(
    fc.constantFrom('given.given0', 'given.given1', 'given', '', '.', 'magic.out0'),
    fc.tuple(id, port).map(([step, output]) => `${step}.${output}`),
    fc.tuple(id, id).map(([step, other]) => `${step}.out0 | ${other}.out0`),
  )
  const rarely = <T>(one: fc.Arbitrary<T>) => fc.option(one, { nil: null, freq: 1 })
  const over = fc.array(fc.record({ name: fc.constantFrom('a', '__proto__'), from: source }), { maxLength: 2 })
  const gives = fc.array(fc.record({ output: port, list: fc.constantFrom('A', 'B', '__proto__') }), { maxLength: 2 })
  return fc.record({
    steps: fc.array(
      fc.record({
        id,
        capability,
        inputs: fc.array(fc.record({ port, from: fc.array(source, { maxLength: 3 }) }), { maxLength: 4 }),
        after: fc.array(id, { maxLength: 2 }),
        when: rarely(fc.record({ condition: fc.constantFrom('a > 1', 'a', 'false', 'a >'), over })),
        unless: fc.array(id, { maxLength: 1 }),
        each: rarely(fc.record({ port, most: fc.constantFrom(0, 3, 1.5, 9e9), gives })),
      }),
      { maxLength: 8 },
    ),
    wanted: fc.array(fc.record({ concept: fc.constantFrom('A', 'B', 'C', 'D', 'E', 'F', '__proto__'), from: source }), {
      maxLength: 4,
    }),
  })
}

const anyAsked = anyProblem(full).chain(asked => anyDraft(asked).map(written => ({ asked, written })))

describe('whatever is drafted', () => {
  test('what comes of it has no issue, or says what is wrong with it', () => {
    fc.assert(
      fc.property(anyAsked, ({ asked, written }) => {
        const settled = settleDraft(written, asked)
        expect(settled.kind === 'plan' ? verify(settled.plan, asked) : settled.issues).toHaveLength(
          settled.kind === 'plan' ? 0 : Math.max(1, settled.issues.length),
        )
      }),
      { numRuns: 400 },
    )
  })

  test('the same draft comes to the same plan', () => {
    fc.assert(
      fc.property(anyAsked, ({ asked, written }) => {
        const other = { ...asked, capabilities: asked.capabilities.toReversed() }
        expect(settleDraft(written, other)).toEqual(settleDraft(written, asked))
      }),
      { numRuns: 100 },
    )
  })

  test('a composed plan that is written down is read as it was', () => {
    fc.assert(
      fc.property(anyProblem(full), asked => {
        const composed = plan(asked)
        fc.pre(composed.kind === 'planned')
        const shown = { objective: '', time: '', part: [], previous: { draft: composed.plan, issues: [] } }
        const written = requestDraft(asked, shown).previous?.draft
        if (written === undefined) throw new Error('the draft is not shown')
        const settled = settleDraft(written, asked)
        const { steps } = composed.plan
        expect(settled).toMatchObject({
          kind: 'plan',
          issues: [],
          changes: [],
          plan: { steps: { length: steps.length } },
        })
      }),
      { numRuns: 200 },
    )
  })

  test('any JSON is a draft or is refused, and never breaks anything', async () => {
    await fc.assert(
      fc.asyncProperty(anyProblem(full), fc.jsonValue(), async (asked, value) => {
        const read = await check(PlanDraft.schema, value)
        const settled = 'issues' in read ? undefined : settleDraft(read.value, asked)
        expect([undefined, 'plan', 'unfit']).toContain(settled?.kind)
      }),
      { numRuns: 100 },
    )
  })
})
